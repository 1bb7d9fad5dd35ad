/**
 * The stays at a lock, from the host to one controller that may show their codes: retained on `staysTopic`, replaced whole at
 * each change, sealed under the controller's command key, so that the broker and its other clients read nothing of it.
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { StaycodeError } from '../errors.ts';
import type { CodeId } from '../lock/keyring.ts';
import { parseMessage } from '../parse-message.ts';
import { codeId, id } from './schemas.ts';
import { sealTo, unseal } from './sealed-text.ts';

/** A code that the lock would take in its window. */
export interface StayAtLock {
  readonly code: CodeId;
  /** Twelve decimal digits. */
  readonly digits: string;
}

export interface Stays {
  readonly lockId: string;
  /** As many as there are, past ones left out. */
  readonly stays: readonly StayAtLock[];
}

const staysSchema = v.strictObject({
  v: v.literal(1),
  lockId: id,
  stays: v.array(v.strictObject({ code: codeId, digits: v.pipe(v.string(), v.regex(/^\d{12}$/u)) })),
});

/**
 * The message's text.
 * @param nonce `SEAL_NONCE_BYTES` random bytes, never used before
 */
export function sealStays(commandKey: Uint8Array, { lockId, stays }: Stays, nonce: Uint8Array): string {
  return sealTo(commandKey, 'stays', utf8ToBytes(JSON.stringify({ v: 1, lockId, stays })), nonce);
}

/** @throws StaycodeError `bad-message`, never with what it holds: for another key, another lock, or no such message */
export function openStays(commandKey: Uint8Array, lockId: string, text: string): Stays {
  const content = unseal(commandKey, 'stays', text);
  if (content === null)
    throw new StaycodeError('bad-message', 'stays: expected them sealed to this controller');
  const stays = parseMessage(staysSchema, new TextDecoder().decode(content), 'stays');
  if (stays.lockId !== lockId)
    throw new StaycodeError('bad-message', 'stays: lockId: expected the lock of the topic');
  return { lockId, stays: stays.stays };
}
