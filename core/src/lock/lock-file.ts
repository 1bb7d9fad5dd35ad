/**
 * A lock's file: what the host's side writes for one lock, and the lock reads at its start. Never holds the site key.
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { parseMessage } from '../parse-message.ts';
import { checkId } from '../stay-code/keys.ts';
import { type LockConfig, readyLock } from './keyring.ts';
import { keySchema, rulesSchema, staffSchema, unitSchema } from './schemas.ts';

export interface LockFile extends LockConfig {
  readonly lockId: string;
  /** For people: the page's head, the Home app. */
  readonly name: string;
  /** IANA zone for showing times; the lock decides in UTC alone. */
  readonly zone: string;
  readonly lockKey: Uint8Array;
  /** The controller that keeps the lock's log: only what it acknowledges may the lock forget. */
  readonly keeper?: string;
}

const lockFileSchema = v.object({
  format: v.literal('staycode-lock/1'),
  lockId: v.string(),
  name: v.string(),
  zone: v.string(),
  lockKey: keySchema,
  keeper: v.exactOptional(v.string()),
  units: v.array(unitSchema),
  rules: rulesSchema,
  staff: v.optional(v.array(staffSchema), []),
});

/** Who keeps a lock's log unless the host says otherwise: the controller that Node-RED is. */
export const DEFAULT_KEEPER = 'node-red';

/** @throws StaycodeError `bad-message`, `bad-id`, `bad-rules`, `bad-config`, saying which field was expected to be what */
export function parseLockFile(text: string): LockFile {
  const { format, ...file } = parseMessage(lockFileSchema, text, 'lock file');
  checkId(file.lockId, 'lock id');
  if (file.keeper !== undefined) checkId(file.keeper, 'keeper');
  readyLock(file);
  return file;
}

/** The file's text. */
export function formatLockFile(file: LockFile): string {
  const hexed = { format: 'staycode-lock/1', ...file };
  return JSON.stringify(
    hexed,
    (_key, value: unknown) => (value instanceof Uint8Array ? bytesToHex(value) : value),
    2,
  );
}
