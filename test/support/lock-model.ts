/**
 * What a lock must do, told a second time from the spec and in another way than the product: it knows what codes say and not
 * their digits (PINs are handed to it), changes in place, and buries codes where the product asks its memory who is dead.
 */
import type { CodeKind, LockRules } from '@staycode/core';

export interface CodeContent {
  /** Unit and key version. */
  readonly unit: string;
  readonly kind: CodeKind;
  readonly revision: number;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}
export type Reading = CodeContent | { readonly kind: 'clock'; readonly atMs: number };
export interface StaffContent {
  readonly name: string;
  readonly type: 'totp' | 'hotp';
  readonly counter: number;
}
type Length = 'short' | 'long';

/** An enrolled stay and the PINs that open for it. */
interface Guest {
  readonly code: CodeContent;
  readonly pins: ReadonlySet<string>;
}
/** Codes of one unit that are dead: those that collide with a window and have a revision below. */
interface Grave {
  readonly of: CodeContent;
  readonly reason: 'revoked' | 'superseded';
  readonly belowRevision: number;
}
interface Guesses {
  owedMs: number;
  owedAtMs: number;
  closedAtMs: number;
  waitMs: number;
}
/** A verdict, and what it changes where it is the one that counts. */
interface Judgement {
  readonly verdict: string;
  readonly act?: () => void;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const SLOT = 30 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STORE = 15 * MINUTE;
const FORGET = { short: HOUR, long: HOUR / 2 };

/** Slots in common, as rule 3 counts them. */
export function collides(a: CodeContent, b: CodeContent): boolean {
  const shared = (Math.min(a.endsAtMs, b.endsAtMs) - Math.max(a.startsAtMs, b.startsAtMs)) / SLOT;
  return shared > 8 || (shared > 0 && shared > Math.min(slots(a), slots(b)) / 2);
}

export function isStay(code: CodeContent): boolean {
  return code.kind === 'stay' || code.kind === 'amendment';
}

/** Whether the rules let a stay have this window. */
export function fitsStay(rules: LockRules, code: CodeContent): boolean {
  const bit = (mask: string, ms: number): boolean => mask[(ms % DAY) / SLOT] === '1';
  const isLong = slots(code) >= rules.minSlots && slots(code) <= rules.maxSlots;
  return isLong && bit(rules.startMask, code.startsAtMs) && bit(rules.endMask, code.endsAtMs);
}

export class LockModel {
  trueMs: number;
  poweredMs = 0;
  isLost = false;
  /** T of rule 8. */
  storedMs: number;
  readonly #rules: LockRules;
  readonly #pinOf: (code: CodeContent) => string;
  readonly #skewMs: number;
  #offMs = 0;
  #lostSinceMs = 0;
  #guests: Guest[] = [];
  #graves: Grave[] = [];
  #used: CodeContent[] = [];
  #ended: CodeContent[] = [];
  #staff = new Map<string, number>();
  #guesses: Record<Length, Guesses> = { short: noGuesses(), long: noGuesses() };
  #lastClosedTryMs = -Infinity;
  #lastAcceptedMs = 0;
  #lastClockCodeMs = 0;
  #waitingClockMs: number | null = null;

  constructor(rules: LockRules, bornMs: number, pinOf: (code: CodeContent) => string) {
    this.#rules = rules;
    this.#pinOf = pinOf;
    this.#skewMs = rules.skewMinutes * MINUTE;
    this.trueMs = bornMs;
    this.storedMs = bornMs;
  }

  /** The lock's time: its clock's, or L. */
  get nowMs(): number {
    if (!this.isLost) return this.trueMs + this.#offMs;
    return this.storedMs + this.poweredMs - this.#lostSinceMs;
  }

  pass(ms: number): void {
    const sinceStoreMs = (this.poweredMs + ms) % STORE;
    this.#tick(ms - Math.min(ms, sinceStoreMs));
    if (ms > sinceStoreMs) this.#store();
    this.#tick(Math.min(ms, sinceStoreMs));
  }

  setClockOff(ms: number): void {
    if (!this.isLost) this.#offMs = ms;
  }

  cutPower(ms: number, clock: 'kept' | 'lost'): void {
    this.trueMs += ms;
    this.isLost ||= clock === 'lost';
    this.#lostSinceMs = this.poweredMs;
    for (const guesses of Object.values(this.#guesses))
      if (this.#isClosed(guesses)) guesses.closedAtMs = this.poweredMs;
  }

  /** Twelve digits, as each key of the keyring reads them. */
  enterLong(readings: readonly Reading[]): string {
    if (this.#isClosed(this.#guesses.long)) return this.#finish(this.#judgeClosed(readings), 'long');
    const judgements = readings.flatMap((reading) => this.#judge(reading) ?? []);
    const accepted = judgements.find(({ verdict }) => !verdict.startsWith('refused'));
    return this.#finish(accepted ?? judgements[0] ?? { verdict: 'refused unknown' }, 'long');
  }

  /** Any other number of digits: perhaps somebody's PIN, perhaps a staff code. */
  enterShort(digits: string, staff?: StaffContent): string {
    if (this.#isClosed(this.#guesses.short)) return this.#finish({ verdict: 'refused closed' }, 'short');
    const isPin = this.#openGuests().some(
      ({ code, pins }) => pins.has(digits) && (!this.isLost || code.startsAtMs <= this.nowMs),
    );
    if (isPin) return this.#finish({ verdict: 'opened pin' }, 'short');
    return this.#finish(staff ? this.#judgeStaff(staff) : { verdict: 'refused unknown' }, 'short');
  }

  #tick(ms: number): void {
    this.trueMs += ms;
    this.poweredMs += ms;
  }

  #store(): void {
    this.storedMs = this.nowMs;
    this.#lostSinceMs = this.poweredMs;
    const longestMs = this.#rules.maxSlots * SLOT;
    const matters = (code: CodeContent, marginMs: number): boolean =>
      this.storedMs < code.endsAtMs + marginMs + DAY;
    this.#guests = this.#guests.filter(({ code }) => matters(code, longestMs));
    this.#graves = this.#graves.filter(({ of }) => matters(of, longestMs));
    this.#used = this.#used.filter((code) => matters(code, this.#skewMs));
    this.#ended = this.#ended.filter((code) =>
      matters(code, fitsStay(this.#rules, code) ? longestMs : this.#skewMs),
    );
  }

  #finish({ verdict, act }: Judgement, length: Length): string {
    const atMs = this.nowMs;
    act?.();
    if (!verdict.startsWith('refused')) this.#lastAcceptedMs = verdict === 'done clock' ? this.nowMs : atMs;
    else if (verdict !== 'refused closed') this.#addWrong(this.#guesses[length], length);
    this.#store();
    return verdict;
  }

  #addWrong(guesses: Guesses, length: Length): void {
    const leftMs = guesses.owedMs - (this.poweredMs - guesses.owedAtMs);
    guesses.owedMs = Math.max(0, leftMs) + FORGET[length];
    guesses.owedAtMs = this.poweredMs;
    if (guesses.owedMs <= 4 * FORGET[length]) return;
    const minutes = 2 ** (Math.ceil(guesses.owedMs / FORGET[length]) - 5);
    guesses.waitMs = Math.min(FORGET[length], minutes * MINUTE);
    guesses.closedAtMs = this.poweredMs;
  }

  #isClosed(guesses: Guesses): boolean {
    return this.poweredMs < guesses.closedAtMs + guesses.waitMs;
  }

  #judgeClosed(readings: readonly Reading[]): Judgement {
    const isTooSoon = this.poweredMs < this.#lastClosedTryMs + 10 * SECOND;
    this.#lastClosedTryMs = this.poweredMs;
    const open = this.#openGuests();
    const guest = readings.find((reading) => open.some(({ code }) => isSame(code, reading)));
    return { verdict: guest && !isTooSoon ? `opened ${guest.kind}` : 'refused closed' };
  }

  #judge(reading: Reading): Judgement | null {
    if (reading.kind === 'clock') return this.#judgeClock(reading.atMs);
    const isShort = slots(reading) <= 48;
    if (reading.kind === 'one-time') return isShort ? this.#judgeWindow(reading) : null;
    if (reading.kind === 'revocation')
      return isShort || fitsStay(this.#rules, reading) ? this.#judgeRevocation(reading) : null;
    return fitsStay(this.#rules, reading) ? this.#judgeWindow(reading) : null;
  }

  #judgeWindow(code: CodeContent): Judgement {
    const death = this.#deathOf(code);
    if (death) return { verdict: `refused ${death}` };
    if (this.#used.some((used) => isSame(used, code))) return { verdict: 'refused consumed' };
    const isEnrolled = this.#guests.some((guest) => isSame(guest.code, code));
    const fault = this.#timeFault(code, isEnrolled);
    if (fault) return { verdict: `refused ${fault}` };
    return {
      verdict: `opened ${code.kind}`,
      act: () => {
        if (!isEnrolled) this.#accept(code);
      },
    };
  }

  #accept(code: CodeContent): void {
    if (!isStay(code)) {
      this.#used.push(code);
      return;
    }
    const open = this.#openGuests();
    const grave: Grave = { of: code, reason: 'superseded', belowRevision: code.revision };
    this.#graves.push(grave);
    const dying = open.filter((guest) => isIn(grave, guest.code));
    const inherited = code.kind === 'amendment' ? dying.flatMap(({ pins }) => [...pins]) : [];
    const own = this.#pinOf(code);
    const isTaken = own === '' || open.some((guest) => !dying.includes(guest) && guest.pins.has(own));
    const pins = inherited.length > 0 ? inherited : isTaken ? [] : [own];
    this.#guests.push({ code, pins: new Set(pins) });
  }

  #judgeRevocation(code: CodeContent): Judgement {
    if (this.nowMs >= code.endsAtMs || code.startsAtMs > this.nowMs + 31 * DAY)
      return { verdict: 'refused revocation-refused' };
    return {
      verdict: 'done revocation',
      act: () => {
        this.#ended.push(code);
        if (fitsStay(this.#rules, code))
          this.#graves.push({ of: code, reason: 'revoked', belowRevision: code.revision + 1 });
      },
    };
  }

  #judgeClock(codeMs: number): Judgement {
    const take: Judgement = {
      verdict: 'done clock',
      act: () => {
        this.#takeClock(codeMs);
      },
    };
    const refuse: Judgement = { verdict: 'refused clock-refused' };
    if (codeMs <= this.#lastClockCodeMs) return refuse;
    if (!this.isLost) {
      const isNear = codeMs <= this.nowMs + 12 * HOUR && codeMs >= this.nowMs - 30 * MINUTE;
      return isNear && codeMs >= this.#lastAcceptedMs ? take : refuse;
    }
    if (codeMs < this.storedMs || codeMs > this.storedMs + 400 * DAY) return refuse;
    if (codeMs <= this.storedMs + 31 * DAY) return take;
    const laterMs = codeMs - (this.#waitingClockMs ?? Infinity);
    if (laterMs >= MINUTE && laterMs <= 10 * MINUTE) return take;
    return {
      ...refuse,
      act: () => {
        this.#waitingClockMs = codeMs;
      },
    };
  }

  #takeClock(codeMs: number): void {
    this.isLost = false;
    this.#offMs = codeMs - this.trueMs;
    this.#lastClockCodeMs = codeMs;
    this.#waitingClockMs = null;
  }

  #judgeStaff({ name, type, counter }: StaffContent): Judgement {
    const last = this.#staff.get(name) ?? -1;
    const step = Math.floor(this.nowMs / (30 * SECOND));
    const isKnown =
      type === 'hotp'
        ? counter > last - 10 && counter <= last + 10
        : !this.isLost && Math.abs(counter - step) <= 2;
    if (!isKnown) return { verdict: 'refused unknown' };
    if (counter <= last) return { verdict: 'refused replayed' };
    return {
      verdict: 'opened staff',
      act: () => {
        this.#staff.set(name, counter);
      },
    };
  }

  #openGuests(): Guest[] {
    return this.#guests.filter(({ code }) => !this.#deathOf(code) && !this.#timeFault(code, true));
  }

  #deathOf(code: CodeContent): 'revoked' | 'superseded' | undefined {
    if (code.kind === 'one-time') {
      const isEnded = this.#ended.some((end) => isSame({ ...end, kind: 'one-time' }, code));
      return isEnded ? 'revoked' : undefined;
    }
    const graves = this.#graves.filter((grave) => isIn(grave, code));
    return (graves.find(({ reason }) => reason === 'revoked') ?? graves[0])?.reason;
  }

  #timeFault(code: CodeContent, isEnrolled: boolean): 'clock-lost' | 'early' | 'expired' | null {
    const now = this.nowMs;
    if (!this.isLost) {
      if (now < code.startsAtMs - this.#skewMs) return 'early';
      return now >= code.endsAtMs + this.#skewMs ? 'expired' : null;
    }
    const isGrace = this.#rules.clockLost === 'grace';
    const isStarted = code.startsAtMs <= now + (isGrace ? 48 * HOUR : 0);
    return (isGrace || isEnrolled) && isStarted && now < code.endsAtMs ? null : 'clock-lost';
  }
}

function slots(code: CodeContent): number {
  return (code.endsAtMs - code.startsAtMs) / SLOT;
}

export function isSame(a: CodeContent, b: Reading): boolean {
  if (b.kind !== a.kind) return false;
  return (
    a.unit === b.unit &&
    a.revision === b.revision &&
    a.startsAtMs === b.startsAtMs &&
    a.endsAtMs === b.endsAtMs
  );
}

function isIn(grave: Grave, code: CodeContent): boolean {
  return grave.of.unit === code.unit && code.revision < grave.belowRevision && collides(grave.of, code);
}

function noGuesses(): Guesses {
  return { owedMs: 0, owedAtMs: 0, closedAtMs: 0, waitMs: 0 };
}
