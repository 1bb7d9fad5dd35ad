/**
 * Backup codes: a one-time code a day and unit, made ahead. The lock knows them by its key alone, so one that the host reads
 * out opens with the network off. Drawing is written down before anyone sees the digits. Source: spec, rule 6.
 * @module
 */
import { Temporal } from 'temporal-polyfill';
import { StaycodeError } from '../errors.ts';
import { type LockRules, meetsRules, ONE_TIME_MAX_SLOTS } from '../lock/rules.ts';
import { requireZone } from '../reservations/zones.ts';
import type { TimeWindow } from '../stay-code/collision.ts';
import { SLOT_MS } from '../stay-code/payload.ts';
import type { Unit } from './access-code.ts';
import { type IssuedCode, isInForce } from './issued-code.ts';

const MAX_SERIAL = 7;
const MAX_DAYS_AHEAD = 366;

/** A one-time code of one local day. It leaves the register when it is drawn (`leftAtMs`); its revision is its serial. */
export interface BackupCode extends IssuedCode {
  readonly kind: 'one-time';
  /** The local day, `YYYY-MM-DD`. */
  readonly day: string;
  /** Who asked for it, a reservation or a request of the host's; `null` until it is drawn. */
  readonly drawnFor: string | null;
}

export interface BackupRequest {
  readonly unit: Unit;
  /** IANA zone of the property. */
  readonly zone: string;
  readonly rules: LockRules;
  /** Every one-time code of the unit that was ever issued, backup or not: serials are not given twice. */
  readonly issued: readonly IssuedCode[];
  /** Whole days from today on, 1 to 366. */
  readonly days: number;
  readonly nowMs: number;
  readonly newId: () => string;
}

export interface BackupPlan {
  /** The codes to write into the register. */
  readonly made: readonly BackupCode[];
  /** Days that can have none: the rules take every window as a stay's, or the serials of the window are spent. */
  readonly without: readonly string[];
}

/**
 * The backup codes that are missing, so that each day from today on has one that is not revoked. Asked again it makes none.
 * @throws StaycodeError `bad-zone`, `out-of-range` for a number of days
 */
export function planBackupCodes(request: BackupRequest): BackupPlan {
  const made: BackupCode[] = [];
  const without: string[] = [];
  for (const day of localDays(request)) {
    if (hasCode(request, day.toString())) continue;
    const code = makeCode(request, day);
    if (code) made.push(code);
    else without.push(day.toString());
  }
  return { made, without };
}

export type Draw =
  | {
      readonly ok: true;
      /** To be written before its digits are shown. */
      readonly code: BackupCode;
      /** False where the same one asked before: it gets its code again. */
      readonly isNew: boolean;
    }
  | { readonly ok: false; readonly reason: 'none-left' | 'ended' };

export interface DrawRequest {
  /** With the key that its locks have now: codes of earlier keys are dead there. */
  readonly unit: Unit;
  /** `YYYY-MM-DD` in the property's zone. */
  readonly day: string;
  /** Who asks: asking twice, as after a crash, gives the same code; nobody else gets it. */
  readonly drawnFor: string;
  readonly nowMs: number;
}

/** Hands out a unit's code of a day, once. */
export function drawBackupCode(codes: readonly BackupCode[], request: DrawRequest): Draw {
  const { unit, day, drawnFor, nowMs } = request;
  const ofDay = codes.filter((code) => code.day === day && isInForce(code) && isTypedFor(code, unit));
  if (ofDay.length > 0 && ofDay.every(({ endsAtMs }) => endsAtMs <= nowMs)) {
    return { ok: false, reason: 'ended' };
  }
  const own = ofDay.find((code) => code.drawnFor === drawnFor);
  if (own) return { ok: true, code: own, isNew: false };
  const free = ofDay.find(isUndrawn);
  if (!free) return { ok: false, reason: 'none-left' };
  return { ok: true, code: { ...free, leftAtMs: nowMs, drawnFor }, isNew: true };
}

/**
 * A unit's code of a day for whoever asks, made on the spot where none is left: the plumber's, say.
 * @throws StaycodeError `bad-zone`, `bad-time` for a day that is none
 */
export function drawOrMakeCode(request: Omit<BackupRequest, 'days'>, draw: DrawRequest): Draw {
  requireZone(request.zone);
  const codes = request.issued.filter((code): code is BackupCode => 'day' in code);
  const drawn = drawBackupCode(codes, draw);
  if (drawn.ok || drawn.reason === 'ended') return drawn;
  const made = makeCode(request, readDay(draw.day));
  if (!made) return drawn;
  return { ok: true, code: { ...made, leftAtMs: draw.nowMs, drawnFor: draw.drawnFor }, isNew: true };
}

export interface BackupSheet {
  /** One a day, by day; to be written before their digits are shown. */
  readonly codes: readonly BackupCode[];
  /** Days that can have none, or have none any more. */
  readonly without: readonly string[];
}

/**
 * A list on paper of the unit's codes of the days from today on, made on the spot for days that have none left. What is on paper
 * has left, so each is drawn for the list: nobody else gets it, and the list written again has the same digits.
 * @param drawnFor what names the list among those who ask
 * @throws StaycodeError `bad-zone`, `out-of-range` for a number of days
 */
export function drawBackupSheet(request: BackupRequest, drawnFor: string): BackupSheet {
  const codes: BackupCode[] = [];
  const without: string[] = [];
  for (const day of localDays(request)) {
    const draw = { unit: request.unit, day: day.toString(), drawnFor, nowMs: request.nowMs };
    const drawn = drawOrMakeCode(request, draw);
    if (drawn.ok) codes.push(drawn.code);
    else without.push(day.toString());
  }
  return { codes, without };
}

/** The codes that may still be drawn, by day. */
export function listUndrawn(codes: readonly BackupCode[], nowMs: number): BackupCode[] {
  return codes
    .filter((code) => isUndrawn(code) && isInForce(code) && code.endsAtMs > nowMs)
    .sort((a, b) => a.startsAtMs - b.startsAtMs);
}

/** Takes a code back, drawn or not: it is not handed out any more, and its revocation is listed until its day is over. */
export function revokeBackupCode(code: BackupCode, nowMs: number): BackupCode {
  return { ...code, withdrawnAtMs: code.withdrawnAtMs ?? nowMs };
}

/** As many days as are asked for, from the property's today on. */
function localDays({ zone, days, nowMs }: BackupRequest): Temporal.PlainDate[] {
  requireZone(zone);
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS_AHEAD) {
    throw new StaycodeError(
      'out-of-range',
      `backup days: expected a whole number from 1 to ${MAX_DAYS_AHEAD}, got ${days}`,
    );
  }
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone).toPlainDate();
  return Array.from({ length: days }, (_, ahead) => today.add({ days: ahead }));
}

function readDay(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text);
  } catch (cause) {
    throw new StaycodeError('bad-time', `expected a day such as 2026-12-24, got ${JSON.stringify(text)}`, {
      cause,
    });
  }
}

function isUndrawn(code: BackupCode): boolean {
  return code.leftAtMs === null;
}

function hasCode({ unit, issued }: BackupRequest, day: string): boolean {
  return issued.some(
    (code) => 'day' in code && code.day === day && isInForce(code) && isTypedFor(code, unit),
  );
}

function makeCode(request: Omit<BackupRequest, 'days'>, day: Temporal.PlainDate): BackupCode | undefined {
  const { unit, zone, rules, issued, nowMs } = request;
  const window = findWindow(day, zone, rules);
  if (!window || window.endsAtMs <= nowMs) return undefined;
  const revision = lowestSerial(issued.filter((code) => isSameKey(code, unit) && isSameWindow(code, window)));
  if (revision > MAX_SERIAL) return undefined;
  const { unitId, keyVersion, alphabet } = unit;
  return {
    id: request.newId(),
    ...{ unitId, keyVersion, alphabet, kind: 'one-time', revision, ...window },
    ...{ issuedAtMs: nowMs, leftAtMs: null, withdrawnAtMs: null },
    ...{ day: day.toString(), drawnFor: null },
  };
}

/**
 * The longest window of whole slots in the local day that no stay may have, at most 48 long; of equals the latest. So on the
 * day of 25 hours the first hour after midnight goes without: guests who arrive late come before midnight.
 */
function findWindow(day: Temporal.PlainDate, zone: string, rules: LockRules): TimeWindow | undefined {
  const startOf = (date: Temporal.PlainDate): number =>
    date.toZonedDateTime(zone).epochMilliseconds / SLOT_MS;
  const first = Math.ceil(startOf(day));
  const last = Math.floor(startOf(day.add({ days: 1 })));
  for (let length = Math.min(ONE_TIME_MAX_SLOTS, last - first); length > 0; length--) {
    for (let end = last; end - length >= first; end--) {
      const window = { startsAtMs: (end - length) * SLOT_MS, endsAtMs: end * SLOT_MS };
      if (!meetsRules(rules, window)) return window;
    }
  }
  return undefined;
}

function lowestSerial(taken: readonly IssuedCode[]): number {
  const serials = new Set(taken.filter(({ kind }) => kind === 'one-time').map(({ revision }) => revision));
  let serial = 0;
  while (serials.has(serial)) serial++;
  return serial;
}

/** Whether the unit's locks would take it today: under this key, and written in this alphabet. */
function isTypedFor(code: IssuedCode, unit: Unit): boolean {
  return isSameKey(code, unit) && code.alphabet === unit.alphabet;
}

function isSameKey(code: IssuedCode, unit: Unit): boolean {
  return code.unitId === unit.unitId && code.keyVersion === unit.keyVersion;
}

function isSameWindow(a: TimeWindow, b: TimeWindow): boolean {
  return a.startsAtMs === b.startsAtMs && a.endsAtMs === b.endsAtMs;
}
