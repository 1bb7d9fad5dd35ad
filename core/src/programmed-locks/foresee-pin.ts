/**
 * The PIN that a guest has at a lock that keeps its own list, or will have: the guest is told of it long before the lock is.
 * @module
 */
import type { AccessCode } from '../access-codes/access-code.ts';
import { choosePin, type PinLimits } from './pin-choice.ts';
import { isActive, isClearing, type SlotRecord } from './slot-record.ts';

/** A code at one lock. */
export interface ForeseeRequest {
  readonly code: AccessCode;
  /** Those of its unit that the register holds, withdrawn ones too. */
  readonly codes: readonly AccessCode[];
  /** Those of the lock's slots. */
  readonly records: readonly SlotRecord[];
  readonly limits: PinLimits;
  /** The twelve digits. */
  readonly digitsOf: (code: AccessCode) => string;
  readonly nowMs: number;
}

export interface ForeseenPin {
  readonly pin: string;
  /** Whether it is that of a code which the stay had before. */
  readonly isKept: boolean;
}

/**
 * As far as can be said now: a lock that finds the PIN taken, when its turn has come, is given another. `null` where the lock
 * permits none, or the code that gives it is not among `codes`.
 */
export function foreseePin({
  code,
  codes,
  records,
  limits,
  digitsOf,
  nowMs,
}: ForeseeRequest): ForeseenPin | null {
  const byId = new Map(codes.map((one) => [one.id, one]));
  const record =
    records.find((one) => one.accessCodeId === code.id && isActive(one)) ??
    findKept(code, records, { codeOf: (id) => byId.get(id), nowMs });
  const { pinFrom, pinChoice } = record ?? { pinFrom: code.id, pinChoice: 0 };
  const giver = pinFrom === code.id ? code : byId.get(pinFrom);
  const found = giver && choosePin(digitsOf(giver), limits, new Set(), pinChoice);
  return found ? { pin: found.pin, isKept: pinFrom !== code.id } : null;
}

/** What is known of the register, and the time. */
export interface KeepContext {
  readonly codeOf: (accessCodeId: string) => AccessCode | undefined;
  readonly nowMs: number;
}

/** The slot that a changed stay's new code takes over: a guest who is in the house keeps the PIN. */
export function findKept(
  code: AccessCode,
  records: readonly SlotRecord[],
  { codeOf, nowMs }: KeepContext,
): SlotRecord | undefined {
  if (code.kind !== 'amendment') return undefined;
  return records.find((record) => {
    const earlier = codeOf(record.accessCodeId);
    const isTheirs = earlier?.reservationId === code.reservationId && earlier.withdrawnAtMs !== null;
    const isInUse = isActive(record) && !isClearing(record) && record.sent !== null;
    return isTheirs && isInUse && record.window.startsAtMs <= nowMs;
  });
}
