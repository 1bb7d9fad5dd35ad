/**
 * The chance that a guess opens a lock, stated where the rules are set: (codes that would open now) / (codes there are), at the
 * hour of the day that is best for the guesser. Source: spec, "The odds".
 * @module
 */
import { type Alphabet, alphabetSpec, CODE_DIGITS } from '../stay-code/alphabet.ts';
import { SLOT_MS } from '../stay-code/payload.ts';
import { GRACE_MS, type LockRules, ONE_TIME_MAX_SLOTS, REVOCATION_AHEAD_MS, SLOTS_PER_DAY } from './rules.ts';
import type { StaffSecret } from './staff.ts';

export interface OddsRequest {
  readonly rules: LockRules;
  readonly alphabet: Alphabet;
  /** How many unit keys the lock's keyring holds. */
  readonly units: number;
  /** How many PINs, of the rules' digits, are live at once. */
  readonly livePins: number;
  readonly staff: readonly Pick<StaffSecret, 'type' | 'digits'>[];
}

/** One figure in the three forms that people ask for. */
export interface Odds {
  /** Chance that one guess opens. */
  readonly perGuess: number;
  /** The same as 1 in so many. */
  readonly oneIn: number;
  /** Chance that a guesser who never rests gets in within a year. */
  readonly perYear: number;
}

export interface LockOdds extends Odds {
  /** By length of the entry; the figure of the lock is the worst of them, each form on its own. */
  readonly byDigits: readonly (Odds & { readonly digits: number })[];
  /** Twelve digits while the clock is lost: where the rules give grace, more codes open. */
  readonly clockLost: Odds;
  /** Hitting some revocation, which opens nothing but can end a stay. */
  readonly revocation: Odds;
}

/** Entries that the guessing rules let through in a year. */
const SHORT_GUESSES = 8_775;
const LONG_GUESSES = 17_525;
const STAY_VARIANTS = 16;
const REVISIONS = 8;
const SLOT_MINUTES = 30;
const GRACE_SLOTS = GRACE_MS / SLOT_MS;
const REVOCATION_AHEAD_SLOTS = REVOCATION_AHEAD_MS / SLOT_MS;
const TOTP_STEPS = 5;
const HOTP_COUNTERS = 10;

/** The odds of one lock at the peak of the day. */
export function odds(request: OddsRequest): LockOdds {
  const { rules, units, alphabet } = request;
  const { radix } = alphabetSpec(alphabet);
  const perCode = units / radix ** CODE_DIGITS;
  const skew = rules.skewMinutes / SLOT_MINUTES;
  const long = oddsOf(perCode * openingCodes(rules, skew, skew), LONG_GUESSES);
  const grace = rules.clockLost === 'grace' ? openingCodes(rules, GRACE_SLOTS, 0) : 0;
  const byDigits = [
    { digits: CODE_DIGITS, ...long },
    ...shortLengths(request).map((digits) => ({
      digits,
      ...oddsOf(shortChance(request, digits, radix), SHORT_GUESSES),
    })),
  ];
  const worst = (pick: (one: Odds) => number): number => Math.max(...byDigits.map(pick));
  const perGuess = worst((one) => one.perGuess);
  return {
    perGuess,
    oneIn: 1 / perGuess,
    perYear: worst((one) => one.perYear),
    byDigits,
    clockLost: oddsOf(perCode * grace, LONG_GUESSES),
    revocation: oddsOf(perCode * revocationCodes(rules), LONG_GUESSES),
  };
}

/** Codes of one unit that open at the peak, where starts may lie so far ahead and ends so far behind, in slots. */
function openingCodes(rules: LockRules, ahead: number, behind: number): number {
  const stays = STAY_VARIANTS * mostWindows(rules, ahead, behind);
  return stays + REVISIONS * shortWindows(ahead + behind);
}

function revocationCodes(rules: LockRules): number {
  const stays = mostWindows(rules, REVOCATION_AHEAD_SLOTS, 0);
  return REVISIONS * (stays + shortWindows(REVOCATION_AHEAD_SLOTS));
}

/** Windows of 1 to 48 slots, whatever the masks, that hold a moment widened by so many slots. */
function shortWindows(widened: number): number {
  let windows = 0;
  for (let length = 1; length <= ONE_TIME_MAX_SLOTS; length++) windows += length + widened;
  return windows;
}

/** The most windows within the rules that hold one moment of the day; the count rises only where a start comes in. */
function mostWindows(rules: LockRules, ahead: number, behind: number): number {
  const starts = slotsOf(rules.startMask);
  return Math.max(0, ...starts.map((start) => windowsAt(rules, start - ahead, ahead, behind)));
}

function windowsAt(rules: LockRules, now: number, ahead: number, behind: number): number {
  const { startMask, endMask, minSlots, maxSlots } = rules;
  const latestStart = Math.floor(now + ahead);
  const earliestEnd = Math.floor(now - behind) + 1;
  let windows = 0;
  for (let start = latestStart; start + maxSlots >= earliestEnd; start--) {
    if (startMask.charAt(ofDay(start)) !== '1') continue;
    const firstEnd = Math.max(start + minSlots, earliestEnd);
    windows +=
      countOnes(endMask, start + maxSlots + 1) - countOnes(endMask, Math.min(firstEnd, start + maxSlots + 1));
  }
  return windows;
}

/** Ones of a mask that repeats daily, from slot 0 to below `slot`; negative before it. */
function countOnes(mask: string, slot: number): number {
  const days = Math.floor(slot / SLOTS_PER_DAY);
  const ones = (part: string): number => part.length - part.replaceAll('1', '').length;
  return days * ones(mask) + ones(mask.slice(0, ofDay(slot)));
}

function shortLengths({ rules, livePins, staff }: OddsRequest): number[] {
  const lengths = new Set<number>(staff.map(({ digits }) => digits));
  if (rules.pinDigits > 0 && livePins > 0) lengths.add(rules.pinDigits);
  return [...lengths];
}

function shortChance({ rules, livePins, staff }: OddsRequest, digits: number, radix: number): number {
  const pins = rules.pinDigits === digits ? livePins / radix ** digits : 0;
  const accepted = staff
    .filter((secret) => secret.digits === digits)
    .reduce((sum, { type }) => sum + (type === 'totp' ? TOTP_STEPS : HOTP_COUNTERS), 0);
  return pins + accepted / 10 ** digits;
}

function oddsOf(perGuess: number, guesses: number): Odds {
  return { perGuess, oneIn: 1 / perGuess, perYear: -Math.expm1(-perGuess * guesses) };
}

function slotsOf(mask: string): number[] {
  return Array.from(mask).flatMap((bit, slot) => (bit === '1' ? [slot] : []));
}

function ofDay(slot: number): number {
  return ((slot % SLOTS_PER_DAY) + SLOTS_PER_DAY) % SLOTS_PER_DAY;
}
