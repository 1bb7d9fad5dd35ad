/** A code with what happened to it, for the tests of its lifecycle and record. */
import type { AccessCode } from '../../../core/src/access-codes/access-code.ts';
import type { CodeFacts } from '../../../core/src/access-codes/lifecycle.ts';
import type { OutboxMessage } from '../../../core/src/access-codes/outbox.ts';

export const ISSUED_MS: number = Date.parse('2026-11-20T12:00:00Z');
const stay = {
  startsAtMs: Date.parse('2026-11-27T14:00:00Z'),
  endsAtMs: Date.parse('2026-11-30T10:00:00Z'),
};
export const CODE: AccessCode = {
  ...{ id: 'code-1', unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', reservationId: 'r', kind: 'stay' },
  ...{ revision: 0, ...stay, stay, issuedAtMs: ISSUED_MS, leftAtMs: null, withdrawnAtMs: null },
};
export const LEFT: AccessCode = { ...CODE, leftAtMs: ISSUED_MS };
export const WITHDRAWN: AccessCode = { ...LEFT, withdrawnAtMs: ISSUED_MS + 1000 };

export function facts(changes: Partial<CodeFacts> = {}): CodeFacts {
  return { code: CODE, messages: [], lock: null, verifiedAtMs: null, deadAtMs: null, ...changes };
}

export function message(state: OutboxMessage['state'], changes: Partial<OutboxMessage> = {}): OutboxMessage {
  return {
    ...{ id: 'message-1', unitId: 'flat-a', reservationId: 'r', accessCodeId: 'code-1', stay, state },
    ...{ dueAtMs: ISSUED_MS, claims: 1, failures: 0, mayBeDuplicate: false, replacesEarlier: false },
    ...{ createdAtMs: ISSUED_MS, sentAtMs: state === 'sent' ? ISSUED_MS : null, ...changes },
  };
}
