/**
 * Where the command gets a site key from: a file or the environment, never the command line, which others can read.
 * @module
 */
import { readFileSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils.js';
import { StaycodeError } from '../errors.ts';

export const SITE_KEY_VARIABLE = 'STAYCODE_SITE_KEY';

/** The 32 bytes of the site key. @throws StaycodeError `bad-key`, saying where one was looked for and what was expected */
export function readSiteKey(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Uint8Array {
  const text = file === undefined ? env[SITE_KEY_VARIABLE] : readKeyFile(file);
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

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StaycodeError('bad-key', `site key: expected a readable file at ${file}`, { cause });
  }
}
