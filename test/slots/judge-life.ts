/**
 * What a lock's life was worth to guests and host. A guest must have a working code from check-in, or from the booking where that
 * was later, to check-out or cancellation; and before and after that nothing opens. Two things are allowed and measured:
 * - where the lock keeps no window, the code opens from an hour before check-in on, and until the clearing got through;
 * - during an outage of lock or host, and for RECOVERY_MS after it, or after the booking changed, the lock is as it was.
 */
import type { TimeWindow } from '@staycode/core';
import { atLeast, clip, subtract, totalMs, unite } from './intervals.ts';
import type { LockLife } from './lock-life.ts';
import type { SimRegister } from './sim-register.ts';

const MINUTE_MS = 60_000;
/** What a wire that drops one message in twenty needs to get a command and its confirmation through. */
const RECOVERY_MS: number = 15 * MINUTE_MS;

/** What a command takes that is lost and sent again after fifteen seconds. */
const MOMENT_MS = MINUTE_MS / 2;
/** What three tries take whose answers do not come, and the wire. */
const TELL_MS = 5 * MINUTE_MS;

type WhyWithout = Extract<keyof LifeResult, `without${string}`>;

export interface LifeResult {
  days: number;
  stays: number;
  /** Guests who stood before the door without a code, no outage in sight. */
  shutOut: number;
  /** PINs that opened when nobody had booked, no outage in sight. */
  openOutside: number;
  /** Slots that were held longer than needed, no outage in sight. */
  heldOutside: number;
  /** Codes that nobody set by hand and no record names. */
  unnamed: number;
  strangersChanged: number;
  /** Strangers' codes that were made in the minutes between the look at the slot and the writing. */
  races: number;
  complaints: number;
  wronglyVerified: number;
  /** Within outages and recoveries: minutes without a code, and minutes open outside. */
  outageWithoutMinutes: number;
  outageOutsideMinutes: number;
  /** Guests whose check-in an outage spans so that they found no code, for how long on the whole. */
  outageGuests: number;
  /**
   * Why these found none. `withoutPreventable`: lock and host were both there for a moment between the time from which the code may be
   * in the lock, or the booking, and check-in, and the lock had a place. Else nothing that the host's program does could have helped:
   * booked at check-in; the lock out all that time; the host out; now the one, now the other; all places those of strangers and of
   * guests who come first; or both there for less than it takes to say a thing again that was lost.
   */
  withoutPreventable: number;
  withoutLate: number;
  withoutLockOut: number;
  withoutHostOut: number;
  withoutBothOut: number;
  withoutPlace: number;
  withoutMoment: number;
  /** The minutes open outside in outages, by whose outage it was, the lock's first; and by whether the lock keeps windows. */
  outsideLockOutMinutes: number;
  outsideHostOutMinutes: number;
  outsideKeepingWindowMinutes: number;
  /** Of these: the host was told in time to act; was not; or could not be, for the host was out or the booking came so late. */
  toldInTime: number;
  untold: number;
  notTellable: number;
  /** Hours in which lock or host was out. */
  outageHours: number;
  /** Minutes that codes opened after check-out or cancellation while the clearing was underway, and the longest. */
  clearingMinutes: number;
  longestClearingMinutes: number;
  /** Codes with a PIN of the lock's own. */
  ownPins: number;
  uses: number;
  verified: number;
  failed: number;
  commands: number;
}

/** What must not be, outages or not. */
export const MUST_BE_NONE: readonly (keyof LifeResult)[] = [
  ...(['shutOut', 'openOutside', 'heldOutside', 'unnamed', 'strangersChanged', 'complaints'] as const),
  ...(['wronglyVerified', 'withoutPreventable', 'untold'] as const),
];

/** What happened to one lock. */
export type LifeRecord = Omit<Pick<LockLife, keyof LockLife>, 'register' | 'run'> & {
  readonly register: Pick<SimRegister, 'codes' | 'inForce'>;
};

export interface Judgement {
  readonly result: LifeResult;
  readonly log: readonly string[];
}

export function judgeLife(life: LifeRecord, days: number): Judgement {
  return new Judge(life, days).judge();
}

class Judge {
  readonly #life: LifeRecord;
  readonly #log: string[] = [];
  readonly #result: LifeResult;
  readonly #outages: readonly TimeWindow[];

  constructor(life: LifeRecord, days: number) {
    this.#life = life;
    const { hostOutages, lockOutages } = life;
    const outages = unite([...hostOutages, ...lockOutages]);
    this.#outages = this.#withRecovery(outages);
    const { uses, verified, wronglyVerified, failed, commands } = life.counts;
    const races = life.overwritten.filter(({ ageMs }) => ageMs <= life.policy.freshMs + 120_000).length;
    this.#result = {
      ...{ days, stays: 0, shutOut: 0, openOutside: 0, heldOutside: 0, unnamed: 0 },
      ...{
        strangersChanged: life.overwritten.length - races,
        races,
        complaints: life.lock.complaints.length,
      },
      ...{ wronglyVerified, outageWithoutMinutes: 0, outageOutsideMinutes: 0, outageGuests: 0 },
      ...{ withoutPreventable: 0, withoutLate: 0, withoutLockOut: 0, withoutHostOut: 0, withoutBothOut: 0 },
      ...{ withoutPlace: 0, withoutMoment: 0 },
      ...{ outsideLockOutMinutes: 0, outsideHostOutMinutes: 0, outsideKeepingWindowMinutes: 0 },
      ...{ toldInTime: 0, untold: 0, notTellable: 0, outageHours: totalMs(outages) / (60 * MINUTE_MS) },
      ...{ clearingMinutes: 0, longestClearingMinutes: 0, ownPins: 0, uses, verified, failed, commands },
    };
    for (const what of life.lock.complaints) this.#log.push(`complaint: ${what}`);
    for (const { slot, ageMs, atMs } of life.overwritten)
      this.#say(atMs, `stranger's slot ${slot}, ${ageMs} ms old`);
  }

  judge(): Judgement {
    const { register, named, lock, handMade } = this.#life;
    for (const id of register.codes.keys()) this.#judgeGuest(id);
    const pins = new Map<string, string[]>();
    for (const [id, own] of named) for (const pin of own) pins.set(pin, [...(pins.get(pin) ?? []), id]);
    for (const [pin, ids] of pins) this.#judgePin(pin, ids);
    this.#result.unnamed = lock.stretches.filter(({ pin }) => !pins.has(pin) && !handMade.has(pin)).length;
    return { result: this.#result, log: this.#log };
  }

  #judgeGuest(id: string): void {
    const code = this.#life.register.codes.get(id)?.code;
    const inForce = this.#life.register.inForce.get(id) ?? [];
    if (!code || code.endsAtMs > this.#life.endMs) return;
    const required = clip(inForce, code);
    if (required.length === 0) return;
    this.#result.stays++;
    const pins = this.#life.named.get(id) ?? new Set<string>();
    const open = this.#stretches(pins).flatMap((stretch) => stretch.open ?? []);
    const without = subtract(required, open);
    const booked = inForce.map(({ startsAtMs }) => ({ startsAtMs, endsAtMs: startsAtMs + RECOVERY_MS }));
    const unexcused = subtract(without, [...this.#outages, ...booked]);
    const digits = this.#life.register.codes.get(id)?.digits ?? '';
    if ([...pins].some((pin) => !digits.startsWith(pin)) && code.kind === 'stay') this.#result.ownPins++;
    this.#result.outageWithoutMinutes += totalMs(without) / MINUTE_MS;
    if (clip(without, { ...code, endsAtMs: code.startsAtMs + MINUTE_MS }).length > 0) {
      this.#result.outageGuests++;
      const chance = this.#chanceOf(inForce, code.startsAtMs);
      const why = this.#whyWithout(id, chance);
      this.#result[why]++;
      if (why === 'withoutPreventable') this.#say(code.startsAtMs, `${id}: a code could have been set`);
      this.#judgeHost(id, chance);
    }
    if (unexcused.length === 0) return;
    this.#result.shutOut++;
    this.#say(
      unexcused[0]?.startsAtMs ?? 0,
      `${id} without a code for ${Math.round(totalMs(unexcused) / 1000)} s`,
    );
  }

  /** The time in which a code could be set and be there at check-in. */
  #chanceOf(inForce: readonly TimeWindow[], checkInMs: number): TimeWindow {
    const isThere = ({ startsAtMs, endsAtMs }: TimeWindow): boolean =>
      startsAtMs < checkInMs + MINUTE_MS && endsAtMs > checkInMs;
    const bookedAtMs = inForce.find(isThere)?.startsAtMs ?? checkInMs;
    const { leadMs, leadWithWindowMs } = this.#life.policy;
    const ms = this.#life.lock.target.keepsWindow === 'no' ? leadMs : leadWithWindowMs;
    return { startsAtMs: Math.max(bookedAtMs, checkInMs - ms), endsAtMs: checkInMs };
  }

  #whyWithout(id: string, chance: TimeWindow): WhyWithout {
    const { hostOutages, lockOutages } = this.#life;
    const isOut = (outages: readonly TimeWindow[]): boolean => subtract([chance], outages).length === 0;
    if (chance.startsAtMs >= chance.endsAtMs) return 'withoutLate';
    if (isOut(lockOutages)) return 'withoutLockOut';
    if (isOut(hostOutages)) return 'withoutHostOut';
    const outages = [...hostOutages, ...lockOutages];
    if (isOut(outages)) return 'withoutBothOut';
    const left = subtract([chance], [...outages, ...this.#fullBefore(id, chance.endsAtMs)]);
    if (left.length === 0) return 'withoutPlace';
    return left.every((one) => totalMs([one]) < MOMENT_MS) ? 'withoutMoment' : 'withoutPreventable';
  }

  /** When all places were those of strangers and of other guests who check in by then. */
  #fullBefore(id: string, checkInMs: number): TimeWindow[] {
    const { lock, handMade, named, register } = this.#life;
    const first = [...named].filter(([other]) => {
      const code = register.codes.get(other)?.code;
      return other !== id && code !== undefined && code.startsAtMs <= checkInMs;
    });
    const pins = new Set([...handMade, ...first.flatMap(([, own]) => [...own])]);
    const held = this.#stretches(pins).map((stretch) => stretch.held);
    return atLeast(lock.target.slots.count, held);
  }

  /** Whether the host could do something before the guest stood there: told half an hour before, or soon after it could be. */
  #judgeHost(id: string, chance: TimeWindow): void {
    const { hostOutages, told } = this.#life;
    const [up] = subtract([chance], hostOutages);
    const { tellBeforeMs } = this.#life.policy;
    const deadlineMs = Math.max(chance.endsAtMs - tellBeforeMs, (up?.startsAtMs ?? Infinity) + TELL_MS);
    const last = (told.get(id) ?? []).findLast(({ atMs }) => atMs <= Math.min(deadlineMs, chance.endsAtMs));
    if (last?.isWrong) this.#result.toldInTime++;
    else if (up === undefined || up.endsAtMs < deadlineMs) this.#result.notTellable++;
    else {
      this.#result.untold++;
      this.#say(chance.endsAtMs, `${id}: the host was not told`);
    }
  }

  #judgePin(pin: string, ids: readonly string[]): void {
    const { lockOutages } = this.#life;
    const keepsWindow = this.#life.lock.target.keepsWindow !== 'no';
    const { leadMs, leadWithWindowMs } = this.#life.policy;
    const early = (ms: number): TimeWindow[] =>
      ids.flatMap((id) => {
        const code = this.#life.register.codes.get(id)?.code;
        const inForce = this.#life.register.inForce.get(id) ?? [];
        return code ? clip(inForce, { startsAtMs: code.startsAtMs - ms, endsAtMs: code.endsAtMs }) : [];
      });
    const stretches = this.#stretches(new Set([pin]));
    const bookedToOpen = early(keepsWindow ? 0 : leadMs);
    const bookedToHold = early(keepsWindow ? leadWithWindowMs : leadMs);
    const outside = subtract(
      stretches.flatMap(({ open }) => open ?? []),
      bookedToOpen,
    );
    const ends = ids.flatMap((id) => {
      const endsAtMs = this.#life.register.codes.get(id)?.code.endsAtMs ?? 0;
      const all = [endsAtMs, ...(this.#life.register.inForce.get(id) ?? []).map((span) => span.endsAtMs)];
      return all.map((atMs) => ({ startsAtMs: atMs, endsAtMs: atMs + RECOVERY_MS }));
    });
    const clearing = subtract(outside, this.#outages).flatMap((window) =>
      ends.flatMap((end) => clip([window], end)),
    );
    this.#result.clearingMinutes += totalMs(unite(clearing)) / MINUTE_MS;
    for (const window of clearing) {
      const minutes = totalMs([window]) / MINUTE_MS;
      this.#result.longestClearingMinutes = Math.max(this.#result.longestClearingMinutes, minutes);
    }
    const wrong = subtract(outside, [...this.#outages, ...ends]);
    const inOutages = subtract(outside, [...wrong, ...clearing]);
    const inLockOutages = inOutages.flatMap((window) => clip(this.#withRecovery(lockOutages), window));
    const [all, ofLock] = [totalMs(inOutages) / MINUTE_MS, totalMs(inLockOutages) / MINUTE_MS];
    this.#result.outageOutsideMinutes += all;
    this.#result.outsideLockOutMinutes += ofLock;
    this.#result.outsideHostOutMinutes += all - ofLock;
    if (keepsWindow) this.#result.outsideKeepingWindowMinutes += all;
    if (wrong.length > 0) {
      this.#result.openOutside++;
      this.#say(
        wrong[0]?.startsAtMs ?? 0,
        `${ids.join()} open outside for ${Math.round(totalMs(wrong) / 1000)} s`,
      );
    }
    const holds = bookedToHold.map(({ startsAtMs, endsAtMs }) => ({
      startsAtMs,
      endsAtMs: endsAtMs + RECOVERY_MS,
    }));
    // Called off in the very moment in which it is due: it was booked to be held for no time, and is on its way.
    const dueAtMs = new Set(
      ids.map((id) => {
        const startsAtMs = this.#life.register.codes.get(id)?.code.startsAtMs ?? 0;
        return startsAtMs - (keepsWindow ? leadWithWindowMs : leadMs);
      }),
    );
    const crossed = ends.filter(({ startsAtMs }) => dueAtMs.has(startsAtMs));
    const held = subtract(
      stretches.map((stretch) => stretch.held),
      [...holds, ...crossed, ...this.#outages],
    );
    if (held.length === 0) return;
    this.#result.heldOutside++;
    this.#say(
      held[0]?.startsAtMs ?? 0,
      `${ids.join()} held outside for ${Math.round(totalMs(held) / 1000)} s`,
    );
  }

  #withRecovery(outages: readonly TimeWindow[]): TimeWindow[] {
    return unite(outages.map((one) => ({ ...one, endsAtMs: one.endsAtMs + RECOVERY_MS })));
  }

  #stretches(pins: ReadonlySet<string>): LifeRecord['lock']['stretches'] {
    return this.#life.lock.stretches.filter(({ pin }) => pins.has(pin));
  }

  #say(atMs: number, what: string): void {
    this.#log.push(`${new Date(atMs).toISOString().slice(0, 19)} ${what}`);
  }
}
