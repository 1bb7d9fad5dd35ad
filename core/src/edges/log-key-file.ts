/**
 * The lock's signing keys, in a file beside its journal: the one in use, and while it is being replaced the next one. The
 * public key in the journal says which of them signs, so a power cut between the two files loses neither.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { StaycodeError } from '../errors.ts';
import { keySchema } from '../lock/schemas.ts';
import { parseMessage } from '../parse-message.ts';
import { writeDurably } from './durable-file.ts';

const fileSchema = v.object({
  format: v.literal('staycode-log-key/1'),
  keys: v.pipe(v.array(keySchema), v.minLength(1)),
});

/** The secret keys of a lock's folder; `null` where there are none. @throws StaycodeError `journal-corrupt` */
export function readLogKeys(folder: string): readonly Uint8Array[] | null {
  const path = pathIn(folder);
  if (!existsSync(path)) return null;
  try {
    return parseMessage(fileSchema, readFileSync(path, 'utf8'), path).keys;
  } catch (error) {
    if (!(error instanceof StaycodeError)) throw error;
    throw new StaycodeError('journal-corrupt', `${error.message}; restore the file from a backup`);
  }
}

export function writeLogKeys(folder: string, ...keys: readonly Uint8Array[]): void {
  const text = JSON.stringify({ format: 'staycode-log-key/1', keys: keys.map(bytesToHex) });
  writeDurably(pathIn(folder), utf8ToBytes(`${text}\n`));
}

function pathIn(folder: string): string {
  return join(folder, 'log-key.json');
}
