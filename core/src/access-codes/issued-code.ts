/**
 * What stay codes and one-time codes have in common once they are issued: lifecycle, record and revocation see only this.
 * @module
 */
import type { AccessCode } from './access-code.ts';

/** A code of either sort; `AccessCode` and `BackupCode` are both one. Times in milliseconds since 1970 UTC. */
export interface IssuedCode extends Omit<AccessCode, 'kind' | 'reservationId' | 'stay'> {
  readonly kind: AccessCode['kind'] | 'one-time';
}

/** Whether it was neither withdrawn nor revoked by the host. */
export function isInForce(code: IssuedCode): boolean {
  return code.withdrawnAtMs === null;
}
