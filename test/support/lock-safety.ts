/** What must never happen at a lock, read off what did happen and nothing else. Source: spec, rules 1 to 9. */
import assert from 'node:assert/strict';
import type { LockRules } from '@staycode/core';
import { type CodeContent, collides, fitsStay, isSame, isStay, type Reading } from './lock-model.ts';
import type { Happening } from './lock-play.ts';

const MINUTE = 60_000;
const SLOT = 30 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Accepted {
  readonly code: CodeContent;
  readonly index: number;
}

/** Goes through a lock's life and fails at the first opening that the rules do not allow. */
export class SafetyCheck {
  readonly #rules: LockRules;
  readonly #pinOf: (code: CodeContent) => string;
  readonly #life: readonly Happening[];
  readonly #accepted: Accepted[] = [];
  readonly #wrong: Record<'short' | 'long', number[]> = { short: [], long: [] };
  readonly #staff = new Map<string, number>();

  constructor(rules: LockRules, pinOf: (code: CodeContent) => string, life: readonly Happening[]) {
    this.#rules = rules;
    this.#pinOf = pinOf;
    this.#life = life;
  }

  check(): void {
    for (const [index, now] of this.#life.entries()) {
      const { verdict } = now;
      if (verdict === undefined) continue;
      const length = now.readings ? 'long' : 'short';
      if (verdict.startsWith('opened')) this.#checkOpening(now, index, length);
      else if (verdict === 'done revocation') this.#noteRevocation(now, index);
      else if (verdict.startsWith('refused') && verdict !== 'refused closed')
        this.#wrong[length].push(now.poweredMs);
    }
  }

  #checkOpening(now: Happening, index: number, length: 'short' | 'long'): void {
    const kind = now.verdict?.split(' ')[1];
    if (kind === 'pin') this.#checkPin(now, index);
    else if (kind === 'staff') this.#checkStaff(now);
    else {
      const code = (now.readings ?? []).find(
        (one): one is CodeContent => one.kind === kind && this.#fits(one) && this.#isInTime(one, now),
      );
      assert(code, 'an opening outside the rules, or a window plus skew');
      assert(!this.#isDead(code, index), 'an opening for the dead');
      const isEnrolled = this.#accepted.some((one) => isSame(one.code, code) && this.#isKept(one, index));
      assert(!(isEnrolled && kind === 'one-time'), 'a second opening of a one-time code');
      const isWaiting = now.isLost && this.#rules.clockLost === 'wait';
      assert(!isWaiting || isEnrolled, 'a first opening while the clock is lost');
      if (isEnrolled) return;
      this.#accepted.push({ code, index });
    }
    assert(!this.#isClosed(now, length), 'an opening while entries of its length are closed');
  }

  #checkPin(now: Happening, index: number): void {
    const stays = this.#accepted.filter(({ code }) => isStay(code));
    const origin = stays.find(({ code }) => this.#pinOf(code) === now.pin);
    assert(origin, 'a PIN before its enrolment');
    const holder = stays.find(
      ({ code, index: since }) =>
        (isSame(code, origin.code) || (since > origin.index && code.unit === origin.code.unit)) &&
        this.#isInTime(code, now) &&
        (!now.isLost || code.startsAtMs <= now.atMs) &&
        !this.#isDead(code, index),
    );
    assert(holder, 'a PIN whose authorization does not open');
  }

  #checkStaff({ staff, isLost }: Happening): void {
    assert(staff && staff.counter > (this.#staff.get(staff.name) ?? -1), 'a staff step that does not rise');
    assert(!isLost || staff.type === 'hotp', 'a TOTP while the clock is lost');
    this.#staff.set(staff.name, staff.counter);
  }

  #noteRevocation(now: Happening, index: number): void {
    const ahead = now.atMs + 31 * DAY;
    const code = (now.readings ?? []).find(
      (one): one is CodeContent =>
        one.kind === 'revocation' && this.#fits(one) && now.atMs < one.endsAtMs && one.startsAtMs <= ahead,
    );
    assert(code, 'a revocation out of its time');
    this.#accepted.push({ code, index });
  }

  #fits(reading: Reading): reading is CodeContent {
    if (reading.kind === 'clock') return false;
    const isDay = reading.endsAtMs - reading.startsAtMs <= 48 * SLOT;
    return isStay(reading)
      ? fitsStay(this.#rules, reading)
      : isDay || (reading.kind === 'revocation' && fitsStay(this.#rules, reading));
  }

  #isInTime(code: CodeContent, { atMs, isLost }: Happening): boolean {
    const skewMs = this.#rules.skewMinutes * MINUTE;
    if (!isLost) return code.startsAtMs - skewMs <= atMs && atMs < code.endsAtMs + skewMs;
    const graceMs = this.#rules.clockLost === 'grace' ? 48 * HOUR : 0;
    return code.startsAtMs - graceMs <= atMs && atMs < code.endsAtMs;
  }

  #isDead(code: CodeContent, index: number): boolean {
    return this.#accepted.some((one) => this.#ends(one.code, code) && this.#isKept(one, index));
  }

  #ends(end: CodeContent, code: CodeContent): boolean {
    if (end.unit !== code.unit) return false;
    if (code.kind === 'one-time') return isSame(end, { ...code, kind: 'revocation' });
    if (!isStay(code) || !collides(end, code)) return false;
    if (end.kind !== 'revocation') return isStay(end) && end.revision > code.revision;
    return fitsStay(this.#rules, end) && end.revision >= code.revision;
  }

  /** A lock forgets once its own clock has been past all that matters for a day, and then it is as new. */
  #isKept({ code, index }: Accepted, until: number): boolean {
    const endsStays = code.kind !== 'one-time' && fitsStay(this.#rules, code);
    const marginMs = endsStays ? this.#rules.maxSlots * SLOT : this.#rules.skewMinutes * MINUTE;
    const latestMs = Math.max(...this.#life.slice(index, until).map(({ atMs }) => atMs));
    return latestMs < code.endsAtMs + marginMs + DAY;
  }

  /** Five wrong entries within half an hour close for a minute at the least, whatever came before. */
  #isClosed({ poweredMs }: Happening, length: 'short' | 'long'): boolean {
    const [first, last] = [this.#wrong[length].at(-5), this.#wrong[length].at(-1)];
    if (first === undefined || last === undefined) return false;
    return last - first < HOUR / 2 && poweredMs < last + MINUTE;
  }
}
