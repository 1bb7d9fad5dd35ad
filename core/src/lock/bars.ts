/**
 * Codes that a controller has barred: revoked for good, or suspended until it says otherwise. Each names one very code,
 * unlike a revocation that is typed, which ends all that collide with it.
 * @module
 */
import { type CodeId, sameCode } from './keyring.ts';

export interface BarredCode extends CodeId {
  readonly by: 'revoke' | 'suspend';
}

/** The bar on a code, if there is one. */
export function barredCode(
  memory: { readonly barred: readonly BarredCode[] },
  code: CodeId,
): BarredCode | undefined {
  return memory.barred.find((barred) => sameCode(barred, code));
}

/** Bars a code; a revoked one stays revoked. */
export function bar(
  barred: readonly BarredCode[],
  code: CodeId,
  by: BarredCode['by'],
): readonly BarredCode[] {
  const known = barredCode({ barred }, code);
  if (known?.by === 'revoke' || known?.by === by) return barred;
  return [...barred.filter((other) => other !== known), { ...code, by }];
}

/** Lifts a suspension. */
export function unbar(barred: readonly BarredCode[], code: CodeId): readonly BarredCode[] {
  return barred.filter((other) => other.by === 'revoke' || !sameCode(other, code));
}
