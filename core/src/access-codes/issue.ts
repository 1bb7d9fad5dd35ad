/**
 * The issuer: what was issued before and a reservation in, one code or the reason for none out. Asked again, it answers
 * with the same code, so that a feed may be read as often as one likes. Source: spec, "What the issuer does".
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { type LockRules, meetsRules } from '../lock/rules.ts';
import { alphabetSpec } from '../stay-code/alphabet.ts';
import type { TimeWindow } from '../stay-code/collision.ts';
import { windowSlots } from '../stay-code/payload.ts';
import { type AccessCode, collides, hasLeft, isLive, isRevoked, type Unit } from './access-code.ts';
import { type BrokenRule, type Buffers, type FittedWindow, fitWindow, NO_BUFFERS, widen } from './window.ts';

const MAX_REVISION = 7;

/** Why a stay gets no code: a rule of the lock, or one of the issuer's own. */
export type Withheld =
  | { readonly reason: 'rule'; readonly rule: BrokenRule }
  /** Another live reservation of the unit has these nights: the host decides. */
  | { readonly reason: 'conflict'; readonly reservationId: string }
  | { readonly reason: 'revisions-spent' | 'ended' | 'beyond-years' };

/** Codes that lose their reservation: those that left stay on record, those that never left are forgotten. */
export interface Ended {
  readonly withdrawn: readonly AccessCode[];
  readonly forget: readonly AccessCode[];
}

/** What to write into the register: a code or none, and what the reservation loses either way. */
export type Issue = Ended &
  (
    | {
        readonly ok: true;
        readonly code: AccessCode;
        /** False where the reservation has had this code all along. */
        readonly isNew: boolean;
      }
    | ({ readonly ok: false } & Withheld)
  );

export interface IssueRequest {
  readonly unit: Unit;
  /** Check-in and check-out, house times and zone resolved. */
  readonly reservation: TimeWindow & { readonly id: string };
  readonly rules: LockRules;
  /** How much longer than the stay a new code opens; none unless set. An issued code outlives their change. */
  readonly buffers?: Buffers;
  /** Codes of the reservation made before are not given again, and what follows them takes over none of their PINs. */
  readonly freshFromMs?: number | null;
  /** Every code of the unit that the register holds; at least the reservation's own and those that may collide. */
  readonly issued: readonly AccessCode[];
  readonly nowMs: number;
  /** Id for a new record. */
  readonly newId: string;
}

/** One code for a reservation, the one that it has where that still fits. Never throws on what was booked. */
export function issueAccessCode(request: IssueRequest): Issue {
  const { unit, reservation, issued, nowMs } = request;
  const own = issued.filter((code) => code.reservationId === reservation.id && isLive(code));
  const moved = own.filter((code) => isOutdated(code, request));
  const withhold = (why: Withheld): Issue => ({ ok: false, ...why, ...end(moved, nowMs) });
  if (reservation.endsAtMs <= nowMs) return withhold({ reason: 'ended' });

  const kept = own.find((code) => stillFits(code, request));
  if (kept) {
    const others = own.filter((code) => code !== kept);
    return { ok: true, code: { ...kept, stay: timesOf(reservation) }, isNew: false, ...end(others, nowMs) };
  }
  const window = windowOf(request);
  if (!window.ok) return withhold({ reason: 'rule', rule: window.rule });
  if (!isInYears(window, unit)) return withhold({ reason: 'beyond-years' });
  const [rival] = issued
    .filter(
      (code) => code.reservationId !== reservation.id && holds(code, nowMs) && collides(code, unit, window),
    )
    // Of several always the same, so that the host is not told of another one for nothing.
    .sort((a, b) => a.issuedAtMs - b.issuedAtMs || (a.id < b.id ? -1 : 1));
  if (rival) return withhold({ reason: 'conflict', reservationId: rival.reservationId });

  const ended = end(own, nowMs);
  const rest = issued.filter((code) => !own.includes(code)).concat(ended.withdrawn);
  const code = oldCode(request, window, rest) ?? nextCode(request, window, rest);
  if (code === undefined) return withhold({ reason: 'revisions-spent' });
  const withdrawn = ended.withdrawn.filter(({ id }) => id !== code.id);
  return { ok: true, code, isNew: true, withdrawn, forget: ended.forget };
}

/** Ends the codes of a reservation that is cancelled, moved away or re-issued. */
export function withdrawAccessCodes(
  issued: readonly AccessCode[],
  reservationId: string,
  nowMs: number,
): Ended {
  return end(
    issued.filter((code) => code.reservationId === reservationId && isLive(code)),
    nowMs,
  );
}

/**
 * A booking changed back gets its old code if nothing later left: a later code that is out there may have been typed, and
 * the old one is then dead at that door. So may its revocation, or a lock was told.
 */
function oldCode(
  request: IssueRequest,
  window: TimeWindow,
  rest: readonly AccessCode[],
): AccessCode | undefined {
  const { unit, reservation } = request;
  const left = rest.filter(hasLeft);
  const old = left.find(
    (code) =>
      code.reservationId === reservation.id &&
      isFresh(code, request) &&
      !isRevoked(code) &&
      isSameUnit(code, unit) &&
      isSameWindow(code, window) &&
      !left.some(
        (other) =>
          other.id !== code.id &&
          other.issuedAtMs >= code.issuedAtMs &&
          (other.reservationId === reservation.id || collides(other, unit, window)),
      ),
  );
  return old && { ...old, stay: timesOf(reservation), withdrawnAtMs: null };
}

/**
 * One revision above every code that left and collides, whoever held it; `undefined` where none is left. Codes of stays that
 * are over count as the withdrawn ones do: a lock remembers them, and a stay booked afterwards for a part of their nights
 * would be dead at the door.
 */
function nextCode(
  request: IssueRequest,
  window: TimeWindow,
  rest: readonly AccessCode[],
): AccessCode | undefined {
  const { unit, reservation, newId, nowMs } = request;
  const lower = rest.filter((code) => hasLeft(code) && collides(code, unit, window));
  const revision = Math.max(-1, ...lower.map((code) => code.revision)) + 1;
  if (revision > MAX_REVISION) return undefined;
  // An amendment takes over the PIN of what it ends, so it may only end codes that the same guest holds.
  const isSameGuest = lower.length > 0 && lower.every((code) => code.reservationId === reservation.id);
  const isAmendment = isSameGuest && lower.every((code) => isFresh(code, request));
  return {
    id: newId,
    unitId: unit.unitId,
    keyVersion: unit.keyVersion,
    alphabet: unit.alphabet,
    reservationId: reservation.id,
    kind: isAmendment ? 'amendment' : 'stay',
    revision,
    ...timesOf(window),
    stay: timesOf(reservation),
    issuedAtMs: nowMs,
    leftAtMs: null,
    withdrawnAtMs: null,
  };
}

function end(codes: readonly AccessCode[], nowMs: number): Ended {
  const withdrawn = codes.filter((code) => code.leftAtMs !== null);
  return {
    withdrawn: withdrawn.map((code) => ({ ...code, withdrawnAtMs: nowMs })),
    forget: codes.filter((code) => code.leftAtMs === null),
  };
}

/** Whether the host has asked for no other code since. */
function isFresh(code: AccessCode, { freshFromMs }: Pick<IssueRequest, 'freshFromMs'>): boolean {
  return freshFromMs === undefined || freshFromMs === null || code.issuedAtMs >= freshFromMs;
}

/** Whether a live code is of other times, or of another key, than the reservation now asks for, or the host wants another one. */
export function isOutdated(
  code: AccessCode,
  request: Pick<IssueRequest, 'unit' | 'reservation' | 'freshFromMs'>,
): boolean {
  const { unit, reservation } = request;
  return !isSameWindow(code.stay, reservation) || !isSameUnit(code, unit) || !isFresh(code, request);
}

/**
 * Whether a live code of the reservation's stays its code. A host who widens or narrows the rules changes no code that the
 * lock still takes.
 */
export function stillFits(
  code: AccessCode,
  request: Omit<IssueRequest, 'issued' | 'newId' | 'nowMs'>,
): boolean {
  if (!isSameUnit(code, request.unit) || !isFresh(code, request)) return false;
  if (isSameWindow(code.stay, request.reservation) && meetsRules(request.rules, code)) return true;
  const window = windowOf(request);
  return window.ok && isSameWindow(code, window);
}

function windowOf({
  reservation,
  rules,
  buffers = NO_BUFFERS,
}: Pick<IssueRequest, 'reservation' | 'rules' | 'buffers'>): FittedWindow {
  return fitWindow(widen(reservation, buffers), rules);
}

function holds(code: AccessCode, nowMs: number): boolean {
  return isLive(code) && code.endsAtMs > nowMs;
}

function isSameUnit(code: AccessCode, unit: Unit): boolean {
  return (
    code.unitId === unit.unitId && code.keyVersion === unit.keyVersion && code.alphabet === unit.alphabet
  );
}

function isSameWindow(a: TimeWindow, b: TimeWindow): boolean {
  return a.startsAtMs === b.startsAtMs && a.endsAtMs === b.endsAtMs;
}

function timesOf({ startsAtMs, endsAtMs }: TimeWindow): TimeWindow {
  return { startsAtMs, endsAtMs };
}

function isInYears(window: TimeWindow, unit: Unit): boolean {
  try {
    windowSlots(window, alphabetSpec(unit.alphabet));
    return true;
  } catch (error) {
    if (error instanceof StaycodeError && error.code === 'out-of-range') return false;
    throw error;
  }
}
