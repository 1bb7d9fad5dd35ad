/**
 * Where the command gets keys and passphrases from: files or the environment, never the command line, which others can read.
 * @module
 */
import { readFileSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils.js';
import { StaycodeError } from '../errors.ts';
import type { LockFile } from '../lock/lock-file.ts';
import { openLockFile } from '../lock/sealed-file.ts';

export const SITE_KEY_VARIABLE = 'STAYCODE_SITE_KEY';
const PASSPHRASE_VARIABLE = 'STAYCODE_PASSPHRASE';

type Environment = Readonly<Record<string, string | undefined>>;

/** The 32 bytes of the site key. @throws StaycodeError `bad-key`, saying where one was looked for and what was expected */
export function readSiteKey(file: string | undefined, env: Environment): Uint8Array {
  const text = file === undefined ? env[SITE_KEY_VARIABLE] : readSecretFile(file, 'bad-key', 'site key');
  const from = file ?? SITE_KEY_VARIABLE;
  if (text === undefined) {
    throw new StaycodeError(
      'bad-key',
      `site key: expected --key-file FILE or the variable ${SITE_KEY_VARIABLE}`,
    );
  }
  if (!/^[0-9a-f]{64}$/iu.test(text.trim())) {
    throw new StaycodeError('bad-key', `site key: expected 64 hex digits in ${from}`);
  }
  return hexToBytes(text.trim());
}

/** The passphrase, a file's without its last line feed, or `null` where none was given. @throws StaycodeError `bad-config` */
function readPassphrase(file: string | undefined, env: Environment): string | null {
  const text =
    file === undefined ? env[PASSPHRASE_VARIABLE] : readSecretFile(file, 'bad-config', 'passphrase');
  return text?.replace(/\r?\n$/u, '') ?? null;
}

/** The passphrase to seal with. @throws StaycodeError `bad-config` where none was given */
export function needPassphrase(file: string | undefined, env: Environment): string {
  const passphrase = readPassphrase(file, env);
  if (passphrase !== null && passphrase !== '') return passphrase;
  throw new StaycodeError(
    'bad-config',
    `passphrase: expected --passphrase-file FILE or the variable ${PASSPHRASE_VARIABLE}`,
  );
}

/** The lock's file at a path, plain or sealed. @throws StaycodeError of `openLockFile` and `readPassphrase` */
export function readLockFile(
  path: string,
  passphraseFile: string | undefined,
  env: Environment,
): Promise<LockFile> {
  return openLockFile(readFileSync(path, 'utf8'), readPassphrase(passphraseFile, env));
}

function readSecretFile(file: string, code: 'bad-key' | 'bad-config', what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StaycodeError(code, `${what}: expected a readable file at ${file}`, { cause });
  }
}
