/** Booking histories of one flat, put through the issuer's rules and a real lock, codes typed in every order of arrival. */
import assert from 'node:assert/strict';
import { type AccessCode, collide, issueAccessCode, withdrawAccessCodes } from '@staycode/core';
import { deathOf, findByPin } from '../../../core/src/lock/authorizations.ts';
import { decideEntry } from '../../../core/src/lock/decide.ts';
import { NO_GUESSES } from '../../../core/src/lock/guessing.ts';
import { createCodec, type ReadyKey, type ReadyLock } from '../../../core/src/lock/keyring.ts';
import { type LockMemory, newMemory, remember } from '../../../core/src/lock/memory.ts';
import { alphabetSpec } from '../../../core/src/stay-code/alphabet.ts';
import { decodePayload, encodeWindow } from '../../../core/src/stay-code/payload.ts';
import { exampleRules } from '../../support/lock-example.ts';
import { Random } from '../../support/random.ts';

const HISTORIES = 100_000;
const WITH_REAL_CIPHER = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const zeroMs = Date.parse('2026-12-01T00:00:00Z');
const unit = { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' } as const;
const spec = alphabetSpec('decimal');
const rules = exampleRules();

type Codec = Pick<ReadyKey, 'read' | 'write'>;

/** A bijection of the twelve digits that costs nothing: what is tested here are the rules, not the cipher. */
const cheapCodec: Codec = (() => {
  const size = 10n ** 12n;
  const factor = 618_033_988_749n;
  const inverse = invert(factor, size);
  return {
    read: (digits) => decodePayload(Number((BigInt(digits) * inverse) % size), spec),
    write: (content) => String((BigInt(encodeWindow(content, spec)) * factor) % size).padStart(12, '0'),
  };
})();

function invert(value: bigint, modulus: bigint): bigint {
  let [r0, r1, t0, t1] = [modulus, value, 0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1] = [r1, r0 - q * r1];
    [t0, t1] = [t1, t0 - q * t1];
  }
  return ((t0 % modulus) + modulus) % modulus;
}

/** One flat's register and one lock. */
class History {
  readonly random: Random;
  readonly lock: ReadyLock;
  readonly key: ReadyKey;
  memory: LockMemory;
  issued: AccessCode[] = [];
  /** Codes in the order in which they were withdrawn. */
  readonly withdrawals: { id: string; serial: number }[] = [];
  readonly accepted = new Map<string, number>();
  readonly ownerOf = new Map<string, string>();
  nowMs = zeroMs;
  #serial = 0;
  #reservations = 0;

  constructor(seed: number, codec: Codec) {
    this.random = new Random(seed);
    this.key = { ...unit, serves: 'all', ...codec };
    this.lock = { keys: [this.key], rules, staff: [] };
    this.memory = newMemory(this.moment());
  }

  moment(atMs = this.nowMs): { atMs: number; clock: 'running'; poweredMs: number } {
    return { atMs, clock: 'running', poweredMs: atMs - zeroMs };
  }

  digitsOf(code: AccessCode): string {
    return this.key.write(code);
  }

  live(): AccessCode[] {
    return this.issued.filter((code) => code.withdrawnAtMs === null && code.endsAtMs > this.nowMs);
  }

  /** A guest books, moves, extends, shortens, changes back or cancels. */
  change(): void {
    const { random } = this;
    const current = this.live();
    if (current.length === 0 || random.chance(0.4)) {
      this.#reservations += 1;
      this.issue(`r${this.#reservations}`, this.someStay());
      return;
    }
    const { reservationId, stay } = random.pick(current);
    const hours = random.pick([-24, -1, 1, 24, 48]) * HOUR_MS;
    const earlier = this.issued.filter(
      (code) => code.reservationId === reservationId && code.withdrawnAtMs !== null,
    );
    switch (random.whole(0, 4)) {
      case 0:
        this.#serial += 1;
        this.apply(withdrawAccessCodes(this.issued, reservationId, this.nowMs));
        break;
      case 1:
        this.issue(reservationId, { ...stay, endsAtMs: stay.endsAtMs + hours });
        break;
      case 2:
        this.issue(reservationId, { ...stay, startsAtMs: stay.startsAtMs + hours });
        break;
      case 3:
        this.issue(reservationId, this.someStay());
        break;
      case 4:
        if (earlier.length > 0) this.issue(reservationId, random.pick(earlier).stay);
    }
  }

  /** Check-in from 12 to 18, check-out from 9 to 14 in Berlin's winter: buffers, early and late ones, turnovers that overlap. */
  someStay(): { startsAtMs: number; endsAtMs: number } {
    const day = this.random.whole(0, 9);
    const nights = this.random.whole(1, 4);
    const startsAtMs = zeroMs + day * DAY_MS + this.random.whole(11, 17) * HOUR_MS;
    return { startsAtMs, endsAtMs: zeroMs + (day + nights) * DAY_MS + this.random.whole(8, 13) * HOUR_MS };
  }

  issue(id: string, stay: { startsAtMs: number; endsAtMs: number }): void {
    if (stay.endsAtMs <= stay.startsAtMs) return;
    this.#serial += 1;
    const { issued, nowMs } = this;
    const issue = issueAccessCode({
      unit,
      reservation: { id, ...stay },
      rules,
      issued,
      nowMs,
      newId: String(this.#serial),
    });
    this.apply(issue);
    if (!issue.ok) return;
    // Nearly every code is sent at once; one that is not uses no revision up.
    const leftAtMs = issue.code.leftAtMs ?? (this.random.chance(0.9) ? nowMs : null);
    this.put({ ...issue.code, leftAtMs });
    this.ownerOf.set(this.digitsOf(issue.code), id);
  }

  apply({ withdrawn, forget }: { withdrawn: readonly AccessCode[]; forget: readonly AccessCode[] }): void {
    for (const code of withdrawn) {
      this.put(code);
      this.withdrawals.push({ id: code.id, serial: this.#serial });
    }
    this.issued = this.issued.filter((code) => !forget.some(({ id }) => id === code.id));
  }

  put(code: AccessCode): void {
    this.issued = [...this.issued.filter(({ id }) => id !== code.id), code];
  }

  /** Someone types a code that they were sent, whether it still holds or not. */
  type(code: AccessCode): void {
    const record = decideEntry(this.lock, this.patient(), this.moment(), this.digitsOf(code));
    assert(record !== null);
    this.memory = remember(this.patient(), record, rules);
    if (record.outcome === 'opened' && !this.accepted.has(code.id)) this.accepted.set(code.id, this.nowMs);
  }

  /** The guessing count has its own tests; here nobody waits. */
  patient(): LockMemory {
    return { ...this.memory, guesses: { short: NO_GUESSES, long: NO_GUESSES } };
  }

  opens(code: AccessCode, atMs: number): boolean {
    return (
      decideEntry(this.lock, this.patient(), this.moment(atMs), this.digitsOf(code))?.outcome === 'opened'
    );
  }

  check(): void {
    this.checkLive();
    this.checkWithdrawn();
    this.checkPins();
  }

  /** A live reservation's code opens throughout its window, from now on. */
  checkLive(): void {
    for (const code of this.live().filter(({ leftAtMs }) => leftAtMs !== null)) {
      const from = Math.max(this.nowMs, code.startsAtMs);
      for (const atMs of [from, from + this.random.next() * (code.endsAtMs - from), code.endsAtMs - 1]) {
        assert(this.opens(code, atMs), `live code ${code.id} does not open`);
      }
    }
  }

  /** A withdrawn code never opens after one that was issued for the same nights since was typed. */
  checkWithdrawn(): void {
    for (const old of this.issued.filter(({ withdrawnAtMs }) => withdrawnAtMs !== null)) {
      const withdrawnAt = this.withdrawals.findLastIndex(({ id }) => id === old.id);
      const since = this.withdrawals[withdrawnAt]?.serial ?? Infinity;
      const replaced = this.issued.some(
        (code) => Number(code.id) >= since && this.accepted.has(code.id) && collide(code, old),
      );
      if (!replaced) continue;
      const atMs = Math.max(this.nowMs, old.startsAtMs);
      assert(!this.opens(old, atMs) && !this.opens(old, old.endsAtMs - 1), `withdrawn code ${old.id} opens`);
    }
  }

  /** No PIN opens for another's authorization, and none of the dead. */
  checkPins(): void {
    for (const accepted of this.memory.accepted) {
      const owner = this.ownerOf.get(this.key.write(accepted));
      for (const source of accepted.pinsOf) assert.equal(this.ownerOf.get(this.key.write(source)), owner);
      if (deathOf(this.memory, rules, accepted) === null) continue;
      const pin = this.key.write(accepted).slice(0, 6);
      const heir = findByPin(this.lock, this.memory, this.moment(), pin);
      if (heir) assert.equal(this.ownerOf.get(this.key.write(heir)), owner, 'a PIN survives in another stay');
    }
  }
}

function play(seed: number, codec: Codec): History {
  const history = new History(seed, codec);
  const { random } = history;
  const steps = random.whole(4, 14);
  for (let step = 0; step < steps; step++) {
    // Mostly before the stays, then through them.
    history.nowMs += random.chance(0.5) ? random.whole(0, 3) * HOUR_MS : random.whole(1, 40) * HOUR_MS;
    if (random.chance(0.55)) history.change();
    const sent = history.issued.filter(({ leftAtMs }) => leftAtMs !== null);
    if (sent.length > 0) history.type(random.pick(sent));
    history.check();
  }
  return history;
}

describe('booking histories', function () {
  this.timeout(300_000);

  for (const [what, count, codecOf] of [
    ['with a stand-in for the cipher', HISTORIES, () => cheapCodec],
    [
      'with the real cipher',
      WITH_REAL_CIPHER,
      (seed: number) => createCodec(new Uint8Array(32).fill(seed % 251), spec),
    ],
  ] as const) {
    it(`keep the guest in, the withdrawn out, and every PIN with its stay, ${count} times ${what}`, () => {
      const seen = { opened: 0, amended: 0, withdrawn: 0, heirs: 0 };
      for (let seed = 1; seed <= count; seed++) {
        try {
          const history = play(seed, codecOf(seed));
          seen.opened += history.accepted.size;
          seen.amended += history.issued.filter(({ kind }) => kind === 'amendment').length;
          seen.withdrawn += history.withdrawals.length;
          seen.heirs += history.memory.accepted.filter(
            ({ kind, pinsOf }) => kind === 'amendment' && pinsOf[0]?.kind === 'stay',
          ).length;
        } catch (error) {
          throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
          });
        }
      }
      // Histories in which nothing happens would prove nothing.
      for (const [name, times] of Object.entries(seen)) assert(times > count / 50, `${name} ${times}`);
    });
  }
});
