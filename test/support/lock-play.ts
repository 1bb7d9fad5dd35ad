/** Plays random commands against the model, which writes down a scenario with the verdicts that must come. */
import {
  deriveCodeKey,
  issueClockCode,
  type LockRules,
  type StaffSecret,
  type UnitKey,
} from '@staycode/core';
import { type ReadyKey, readyLock } from '../../core/src/lock/keyring.ts';
import { oneTimePassword } from '../../core/src/lock/staff.ts';
import type { Step } from '../vectors/scenarios/parts.ts';
import type { Command, CommandOf, KnownCode } from './lock-commands.ts';
import { type CodeContent, LockModel, type Reading, type StaffContent } from './lock-model.ts';

type Timeless<T> = T extends unknown ? Omit<T, 'at'> : never;

/** What happened, for judging safety afterwards. Times by the lock's clock, or L. */
export interface Happening {
  readonly atMs: number;
  readonly isLost: boolean;
  readonly poweredMs: number;
  readonly verdict?: string;
  readonly readings?: readonly Reading[];
  readonly pin?: string;
  readonly staff?: StaffContent;
}

export interface Keyring {
  readonly units: readonly UnitKey[];
  readonly keys: readonly ReadyKey[];
}

const MINUTE = 60_000;
const SLOT = 30 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BORN_MS = Date.UTC(2026, 11, 3, 12);
const TOTP: StaffSecret = staff('cleaner', 'totp', 6);
const HOTP: StaffSecret = staff('glass', 'hotp', 8);

export class Play {
  readonly steps: Step[] = [];
  readonly staff: readonly StaffSecret[] = [TOTP, HOTP];
  readonly happenings: Happening[] = [];
  readonly #keyring: Keyring;
  readonly #rules: LockRules;
  readonly #model: LockModel;
  readonly #typed: CodeContent[];
  #lastClockMs = BORN_MS;
  #lastHotp = -1;

  /** @param met codes that count as typed before, for the commands that type something again */
  constructor(keyring: Keyring, rules: LockRules, met: readonly CodeContent[]) {
    this.#keyring = keyring;
    this.#rules = rules;
    this.#typed = [...met];
    this.#model = new LockModel(rules, BORN_MS, (code) => this.pinOf(code));
    // A lock is born at the first step of its scenario.
    this.#step({ do: 'set-clock-off', seconds: 0 });
  }

  run(command: Command): void {
    switch (command.type) {
      case 'wait':
        this.#pass(command.seconds * 1000);
        break;
      case 'edge':
        this.#goToEdge(command);
        break;
      case 'booking':
      case 'errand':
        this.#enterNew(command);
        break;
      case 'again':
      case 'pin':
      case 'revoke':
        this.#enterKnown(command);
        break;
      case 'digits':
        if (command.digits.length === 12) this.#enterLong(command.digits);
        else this.#enterShort(command.digits);
        break;
      case 'totp':
        this.#enterTotp(command.steps);
        break;
      case 'hotp':
        this.#enterHotp(this.#lastHotp + command.ahead);
        break;
      case 'clock':
        this.#enterClock(command);
        break;
      case 'cut':
        this.#cutPower(command);
        break;
      case 'jump':
        this.#setClockOff(command.seconds);
        break;
    }
  }

  pinOf(code: CodeContent): string {
    return this.#digitsOf(code).slice(0, this.#rules.pinDigits);
  }

  /** All of it in the spec's form. */
  scenario(name: string): string {
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    return JSON.stringify({
      name,
      units: this.#keyring.units.map((key) => ({ ...key, unitKey: hex(key.unitKey) })),
      rules: this.#rules,
      staff: this.staff.map((one) => ({ ...one, secret: hex(one.secret) })),
      steps: this.steps,
    });
  }

  #pass(ms: number): void {
    this.#model.pass(ms);
    this.#note({});
  }

  #cutPower({ minutes, clock }: CommandOf<'cut'>): void {
    this.#step({ do: 'power-cut', minutes, clock });
    this.#model.cutPower(minutes * MINUTE, clock);
    this.#note({});
  }

  #setClockOff(seconds: number): void {
    this.#step({ do: 'set-clock-off', seconds });
    this.#model.setClockOff(seconds * 1000);
    this.#note({});
  }

  /** Only where the edge lies ahead, and not too far: a run is a few weeks. */
  #goToEdge({ back, edge, seconds }: CommandOf<'edge'>): void {
    const code = this.#typed.at(-1 - back);
    if (!code) return;
    const skewMs = this.#rules.skewMinutes * MINUTE;
    const { startsAtMs, endsAtMs } = code;
    const edges = { start: startsAtMs, end: endsAtMs, open: startsAtMs - skewMs, close: endsAtMs + skewMs };
    const aheadMs = edges[edge] + seconds * 1000 - this.#model.nowMs;
    if (aheadMs > 0 && aheadMs < 40 * DAY) this.#pass(aheadMs);
  }

  #enterNew(command: CommandOf<'booking' | 'errand'>): void {
    const { kind, revision } = command;
    const { nowMs } = this.#model;
    const slotMs = (Math.floor(nowMs / SLOT) + (command.type === 'errand' ? command.slot : 0)) * SLOT;
    const midnightMs = Math.floor(nowMs / DAY) * DAY;
    const [startsAtMs, endsAtMs] =
      command.type === 'errand'
        ? [slotMs, slotMs + command.slots * SLOT]
        : [
            midnightMs + command.day * DAY + command.hour * HOUR,
            midnightMs + (command.day + command.nights) * DAY + command.until * HOUR,
          ];
    this.#enterCode({ unit: labelOf(this.#keyOf(command.unit)), kind, revision, startsAtMs, endsAtMs });
  }

  #enterKnown({ type, back }: KnownCode): void {
    const code = this.#typed.at(-1 - back);
    if (!code) return;
    if (type === 'pin') this.#enterShort(this.#digitsOf(code).slice(0, this.#rules.pinDigits || 6));
    else this.#enterCode(type === 'revoke' ? { ...code, kind: 'revocation' } : code);
  }

  #enterTotp(steps: number): void {
    const counter = Math.floor(this.#model.nowMs / 30_000) + steps;
    this.#enterShort(oneTimePassword(TOTP, counter), { name: TOTP.name, type: 'totp', counter });
  }

  #enterHotp(counter: number): void {
    if (counter < 0) return;
    const code = { name: HOTP.name, type: 'hotp', counter } as const;
    if (this.#enterShort(oneTimePassword(HOTP, counter), code) === 'opened staff') this.#lastHotp = counter;
  }

  #enterClock({ unit, from, minutes }: CommandOf<'clock'>): void {
    const bases = { now: this.#model.nowMs, stored: this.#model.storedMs, last: this.#lastClockMs };
    this.#lastClockMs = (Math.floor(bases[from] / MINUTE) + minutes) * MINUTE;
    const { unitKey, alphabet } = this.#keyring.units[unit] ?? fail();
    this.#enterLong(issueClockCode(deriveCodeKey(unitKey), { atMs: this.#lastClockMs, alphabet }));
  }

  #enterCode(code: CodeContent): void {
    this.#typed.push(code);
    this.#enterLong(this.#digitsOf(code));
  }

  #enterLong(digits: string): void {
    const readings = this.#keyring.keys.flatMap((key) => {
      const content = key.read(digits);
      return content === null ? [] : content.kind === 'clock' ? content : { ...content, unit: labelOf(key) };
    });
    this.#enter(digits, { readings }, this.#model.enterLong(readings));
  }

  #enterShort(digits: string, code?: StaffContent): string {
    const verdict = this.#model.enterShort(digits, code);
    return this.#enter(digits, { pin: digits, ...(code && { staff: code }) }, verdict);
  }

  #enter(digits: string, typed: Partial<Happening>, verdict: string): string {
    const [expect = '', reason = ''] = verdict.split(' ');
    this.#step({ enter: digits, expect, reason });
    this.#note({ ...typed, verdict });
    return verdict;
  }

  #step(step: Timeless<Step>): void {
    this.steps.push({ at: new Date(this.#model.trueMs).toISOString(), ...step });
  }

  #note(happening: Partial<Happening>): void {
    const { nowMs: atMs, isLost, poweredMs } = this.#model;
    this.happenings.push({ atMs, isLost, poweredMs, ...happening });
  }

  #keyOf(unit: number): ReadyKey {
    return this.#keyring.keys[unit] ?? fail();
  }

  #digitsOf(code: CodeContent): string {
    return (this.#keyring.keys.find((key) => labelOf(key) === code.unit) ?? fail()).write(code);
  }
}

/** A keyring whose ciphers remember what they did: the same codes come again and again. */
export function rememberingKeyring(units: readonly UnitKey[], rules: LockRules): Keyring {
  const keys = readyLock({ units, rules, staff: [] }).keys.map((key): ReadyKey => {
    const [read, written] = [new Map<string, ReturnType<ReadyKey['read']>>(), new Map<string, string>()];
    return {
      ...key,
      read: (digits) => remembered(read, digits, () => key.read(digits)),
      write: (content) =>
        remembered(
          written,
          `${content.kind} ${content.revision} ${content.startsAtMs} ${content.endsAtMs}`,
          () => key.write(content),
        ),
    };
  });
  return { units, keys };
}

export function labelOf(key: Pick<ReadyKey, 'unitId' | 'keyVersion'>): string {
  return `${key.unitId} ${key.keyVersion}`;
}

function remembered<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}

function staff(name: string, type: 'totp' | 'hotp', digits: 6 | 8): StaffSecret {
  return { name, type, secret: new Uint8Array(20).fill(digits), digits, hash: 'sha1' };
}

function fail(): never {
  throw new Error('no such key');
}
