/**
 * What the register keeps of a code, and which of them still count. The digits are not kept: unit key, window, kind and
 * revision give them back. Inside, names are ours; Seam's (`access_code_id`, `starts_at`, …) stand at the outer edges.
 * @module
 */
import type { Alphabet } from '../stay-code/alphabet.ts';
import { collide, type TimeWindow } from '../stay-code/collision.ts';

/** What is let to one party at a time, and how its codes are written. */
export interface Unit {
  readonly unitId: string;
  /** Whole number from 1. */
  readonly keyVersion: number;
  readonly alphabet: Alphabet;
}

/** One code of one stay; times in milliseconds since 1970 UTC. */
export interface AccessCode extends Unit, TimeWindow {
  /** Seam's `access_code_id`. */
  readonly id: string;
  readonly reservationId: string;
  readonly kind: 'stay' | 'amendment';
  /** 0 to 7 */
  readonly revision: number;
  /** Check-in and check-out that the code was issued for; the window may be wider. */
  readonly stay: TimeWindow;
  readonly issuedAtMs: number;
  /** When it was shown or sent; `null` as long as nobody can know it. */
  readonly leftAtMs: number | null;
  /** When its reservation was cancelled or changed; `null` while it is the reservation's code. */
  readonly withdrawnAtMs: number | null;
  /** When a lock was first told to end it, or its revocation was shown: dead at some door, so it is nobody's again. */
  readonly revokedAtMs?: number | null;
}

export const isLive = (code: AccessCode): boolean => code.withdrawnAtMs === null;

/** Whether someone outside may hold the code: only such codes use revisions up. */
export const hasLeft = (code: AccessCode): boolean => code.leftAtMs !== null;

/** Whether a lock may know it as revoked. */
export const isRevoked = (code: Pick<AccessCode, 'revokedAtMs'>): boolean =>
  code.revokedAtMs !== undefined && code.revokedAtMs !== null;

/** Whether two codes are of one unit and key version and collide: at a lock the higher revision ends the other. */
export function collides(code: AccessCode, unit: Unit, window: TimeWindow): boolean {
  return code.unitId === unit.unitId && code.keyVersion === unit.keyVersion && collide(code, window);
}

/** The codes that still open at a lock though they are withdrawn: until typed over, revoked or ended. */
export function stillOpen(codes: readonly AccessCode[], nowMs: number): AccessCode[] {
  return codes.filter((code) => hasLeft(code) && !isLive(code) && code.endsAtMs > nowMs);
}
