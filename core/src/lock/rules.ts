/**
 * The stay rules of a lock: which windows it takes at all. They carry the security, so they are as narrow as the host's
 * house allows. House rules speak in local hours; the lock's speak in UTC, so the lock needs no time zone. Source: spec, "Rules".
 * @module
 */
import { Temporal } from 'temporal-polyfill';
import { StaycodeError } from '../errors.ts';
import { EPOCH_MS, SLOT_MS } from '../stay-code/payload.ts';
import { MAX_LENGTH_SLOTS } from '../stay-code/alphabet.ts';

export const SLOTS_PER_DAY = 48;
/** One-time codes, and the revocations of them, have a window of 1 to this many slots. */
export const ONE_TIME_MAX_SLOTS = 48;
/** How long before its start a code opens where the host gives grace to a lock that lost its time (spec, rule 8). */
export const GRACE_MS: number = 48 * 3_600_000;
/** A lock takes no revocation of a stay that starts further ahead (spec, rule 5). */
export const REVOCATION_AHEAD_MS: number = 31 * 24 * 3_600_000;
const MAX_SKEW_MINUTES = 30;
const SLOT_MINUTES = 30;
const HOUR_SLOTS = 2;
const DAY_MINUTES = 24 * 60;

/** What a lock takes. Masks are 48 characters of 0 and 1, a character a half-hour slot of the UTC day. */
export interface LockRules {
  readonly startMask: string;
  readonly endMask: string;
  readonly minSlots: number;
  readonly maxSlots: number;
  /** 0 to 30: how far the lock's clock may be off before a guest notices. */
  readonly skewMinutes: number;
  /** How many leading digits open after the first use; 0 for none. */
  readonly pinDigits: 0 | 6 | 8;
  /** Whether a lock that lost its time lets in who has not been in yet. */
  readonly clockLost: 'wait' | 'grace';
}

/** What a host says: local times `HH:MM`, both ends included, nights. */
export interface HouseRules {
  /** IANA zone of the property. */
  readonly zone: string;
  readonly checkInFrom: string;
  readonly checkInTo: string;
  readonly checkOutFrom: string;
  readonly checkOutTo: string;
  /** Minutes between the times that a stay may start or end at: 60 or 30. */
  readonly stepMinutes: 30 | 60;
  readonly minNights: number;
  readonly maxNights: number;
  readonly skewMinutes: number;
  readonly pinDigits: 0 | 6 | 8;
  readonly clockLost: 'wait' | 'grace';
}

/** Up to 31 nights, check-in 14 to 18, check-out 9 to 12, whole hours. */
export const DEFAULT_HOUSE_RULES: Omit<HouseRules, 'zone'> = {
  checkInFrom: '14:00',
  checkInTo: '18:00',
  checkOutFrom: '09:00',
  checkOutTo: '12:00',
  stepMinutes: 60,
  minNights: 1,
  maxNights: 31,
  skewMinutes: 10,
  pinDigits: 6,
  clockLost: 'grace',
};

/**
 * A street door multiplies the odds by its flats, so a house with one starts narrower: up to 14 nights, check-in at 15 or 16,
 * check-out at 10 or 11, PINs of eight digits. With twenty flats that is 1 guess in 2.0 million.
 */
export const STREET_DOOR_HOUSE_RULES: Omit<HouseRules, 'zone'> = {
  ...DEFAULT_HOUSE_RULES,
  checkInFrom: '15:00',
  checkInTo: '16:00',
  checkOutFrom: '10:00',
  checkOutTo: '11:00',
  maxNights: 14,
  pinDigits: 8,
};

/**
 * House rules as the lock keeps them: the union over every offset that the zone has from 2025 on, local times rounded outward
 * to half hours, and lengths with an hour to spare for the nights when clocks change.
 * @throws StaycodeError `bad-rules`, `bad-zone`, `bad-time`
 */
export function compileRules(house: HouseRules): LockRules {
  const checkIn = { from: minutesOfDay(house.checkInFrom), to: minutesOfDay(house.checkInTo) };
  const checkOut = { from: minutesOfDay(house.checkOutFrom), to: minutesOfDay(house.checkOutTo) };
  if (checkIn.from > checkIn.to) throw badRules('check-in', 'a first time at or before the last one');
  if (checkOut.from > checkOut.to) throw badRules('check-out', 'a first time at or before the last one');
  const { minNights, maxNights } = house;
  if (
    !Number.isInteger(minNights) ||
    !Number.isInteger(maxNights) ||
    minNights < 1 ||
    maxNights < minNights
  ) {
    throw badRules('nights', 'whole numbers, at least 1, the longest not below the shortest');
  }
  const offsets = zoneOffsetsMinutes(house.zone);
  const shortestMinutes = minNights * DAY_MINUTES + checkOut.from - checkIn.to;
  const shortest = Math.floor(shortestMinutes / SLOT_MINUTES) - HOUR_SLOTS;
  // Rounding both ends outward lengthens a stay where the zone or the house has odd minutes.
  const longestAt = (offset: number): number =>
    Math.ceil((maxNights * DAY_MINUTES + checkOut.to - offset) / SLOT_MINUTES) -
    Math.floor((checkIn.from - offset) / SLOT_MINUTES);
  const longest = Math.max(...Array.from(offsets, longestAt)) + HOUR_SLOTS;
  return checkRules({
    startMask: maskOf(times(checkIn, house.stepMinutes), offsets, Math.floor),
    endMask: maskOf(times(checkOut, house.stepMinutes), offsets, Math.ceil),
    minSlots: Math.max(1, shortest),
    maxSlots: longest,
    skewMinutes: house.skewMinutes,
    pinDigits: house.pinDigits,
    clockLost: house.clockLost,
  });
}

/** Returns the rules. @throws StaycodeError `bad-rules`, saying which field was expected to be what */
export function checkRules(rules: LockRules): LockRules {
  const { minSlots, maxSlots, skewMinutes } = rules;
  if (!/^[01]{48}$/u.test(rules.startMask)) throw badRules('startMask', '48 of 0 and 1');
  if (!/^[01]{48}$/u.test(rules.endMask)) throw badRules('endMask', '48 of 0 and 1');
  if (!Number.isInteger(minSlots) || minSlots < 1) throw badRules('minSlots', 'a whole number from 1');
  if (!Number.isInteger(maxSlots) || maxSlots < minSlots || maxSlots > MAX_LENGTH_SLOTS) {
    throw badRules('maxSlots', `a whole number from minSlots to ${MAX_LENGTH_SLOTS} (366 days)`);
  }
  if (!(skewMinutes >= 0 && skewMinutes <= MAX_SKEW_MINUTES)) throw badRules('skewMinutes', '0 to 30');
  if (![0, 6, 8].includes(rules.pinDigits)) throw badRules('pinDigits', '0, 6 or 8');
  if (!['wait', 'grace'].includes(rules.clockLost)) throw badRules('clockLost', 'wait or grace');
  return rules;
}

/** Why a window is none that the rules let a stay have, or `null` where it is. */
export function ruleBroken(
  rules: LockRules,
  window: Window,
): 'start' | 'end' | 'shortest' | 'longest' | null {
  const lengthSlots = (window.endsAtMs - window.startsAtMs) / SLOT_MS;
  if (rules.startMask.charAt(slotOfDay(window.startsAtMs)) !== '1') return 'start';
  if (rules.endMask.charAt(slotOfDay(window.endsAtMs)) !== '1') return 'end';
  if (lengthSlots < rules.minSlots) return 'shortest';
  return lengthSlots > rules.maxSlots ? 'longest' : null;
}

/** Whether a stay may have this window of whole slots. */
export function meetsRules(rules: LockRules, window: Window): boolean {
  return ruleBroken(rules, window) === null;
}

/** Whether a window is short enough for a one-time code; the masks do not count for those. */
export function isOneTimeWindow(window: Window): boolean {
  return window.endsAtMs - window.startsAtMs <= ONE_TIME_MAX_SLOTS * SLOT_MS;
}

/** Whether a lock takes the revocation of this window now: it has not ended and starts within 31 days; no skew. */
export function takesRevocation(window: Window, nowMs: number): boolean {
  return nowMs < window.endsAtMs && window.startsAtMs <= nowMs + REVOCATION_AHEAD_MS;
}

interface Window {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

function slotOfDay(atMs: number): number {
  return ((atMs - EPOCH_MS) / SLOT_MS) % SLOTS_PER_DAY;
}

function times(range: { from: number; to: number }, stepMinutes: number): number[] {
  const count = Math.floor((range.to - range.from) / stepMinutes) + 1;
  return Array.from({ length: count }, (_, i) => range.from + i * stepMinutes);
}

function maskOf(
  localMinutes: number[],
  offsets: ReadonlySet<number>,
  round: (slots: number) => number,
): string {
  const slots = new Set<number>();
  for (const offset of offsets) {
    for (const local of localMinutes) {
      const slot = round((local - offset) / SLOT_MINUTES);
      slots.add(((slot % SLOTS_PER_DAY) + SLOTS_PER_DAY) % SLOTS_PER_DAY);
    }
  }
  return Array.from({ length: SLOTS_PER_DAY }, (_, slot) => (slots.has(slot) ? '1' : '0')).join('');
}

/** The zone's offsets from UTC from 2025 to 2055: the years in which zone data foresees every yearly change at least once. */
function zoneOffsetsMinutes(zone: string): ReadonlySet<number> {
  const lastMs = Date.UTC(2055, 0, 1);
  let at: Temporal.ZonedDateTime | null;
  try {
    at = Temporal.Instant.fromEpochMilliseconds(EPOCH_MS).toZonedDateTimeISO(zone);
  } catch (cause) {
    throw new StaycodeError('bad-zone', `zone: expected an IANA zone such as Europe/Berlin, got ${zone}`, {
      cause,
    });
  }
  const offsets = new Set<number>();
  while (at !== null && at.epochMilliseconds < lastMs) {
    offsets.add(at.offsetNanoseconds / 60e9);
    at = at.getTimeZoneTransition('next');
  }
  return offsets;
}

function minutesOfDay(time: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/u.exec(time);
  if (match === null)
    throw new StaycodeError('bad-time', `time of day: expected HH:MM from 00:00 to 23:59, got ${time}`);
  return Number(match[1]) * 60 + Number(match[2]);
}

function badRules(field: string, expected: string): StaycodeError {
  return new StaycodeError('bad-rules', `rules: ${field}: expected ${expected}`);
}
