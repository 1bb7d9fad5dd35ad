/**
 * `staycode rotate`: what to do when a lock is stolen or lost, as files to give the other locks and its replacement.
 * @module
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { openAccessCodeStore } from '../edges/access-code-store.ts';
import { isLive } from '../access-codes/access-code.ts';
import { StaycodeError } from '../errors.ts';
import { formatLockFile } from '../lock/lock-file.ts';
import { rotateKeys, type Rotation } from '../lock/rotate-keys.ts';
import { sealBytes } from '../lock/sealed-file.ts';
import { needPassphrase, readLockFile, readSiteKey } from './key-source.ts';
import type { CommandIo } from './main.ts';
import { needed } from './needed.ts';

/** `rotate --lock ID FILES… --out FOLDER [--register FILE]`: nothing that is there is written over. */
export async function runRotate(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      lock: { type: 'string' },
      out: { type: 'string' },
      register: { type: 'string' },
      'key-file': { type: 'string' },
      'passphrase-file': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const lostLockId = needed('--lock ID, of the lock that was lost', values.lock);
  const out = needed('--out FOLDER', values.out);
  if (positionals.length === 0)
    throw new StaycodeError('bad-config', 'rotate: expected the files of all locks as arguments, got none');
  const passphrase = needPassphrase(values['passphrase-file'], io.env);
  const siteKey = readSiteKey(values['key-file'], io.env);
  const files = await Promise.all(
    positionals.map((path) => readLockFile(path, values['passphrase-file'], io.env)),
  );
  const rotation = rotateKeys({ files, lostLockId, siteKey });
  const guests = values.register === undefined ? null : countGuests(values.register, rotation);
  const seal = { passphrase, randomBytes: (length: number): Uint8Array => io.randomBytes(length) };
  const sealed = await Promise.all(
    rotation.files.map(async (file) => ({
      path: join(out, `${encodeURIComponent(file.lockId)}.json`),
      text: await sealBytes(utf8ToBytes(formatLockFile(file)), seal),
    })),
  );
  mkdirSync(out, { recursive: true });
  for (const { path, text } of sealed) writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  const paths = sealed.map(({ path }) => path);
  io.stdout(
    values.json
      ? JSON.stringify({
          files: paths,
          units: rotation.units,
          lockKeyVersion: rotation.lockKeyVersion,
          staff: rotation.staff,
          ...(guests !== null && { guests }),
        })
      : describe(rotation, { lostLockId, paths, guests }),
  );
  return 0;
}

/** Whose code ends: those who hold one of the units' older keys. */
function countGuests(register: string, { units }: Rotation): number {
  if (!existsSync(register))
    throw new StaycodeError('bad-register', `rotate: expected the register at ${register}, found none`);
  const store = openAccessCodeStore(register);
  try {
    const codes = units.flatMap(({ unitId, keyVersion }) =>
      store.readUnit(unitId).codes.filter((code) => isLive(code) && code.keyVersion < keyVersion),
    );
    return new Set(codes.map(({ unitId, reservationId }) => `${unitId} ${reservationId}`)).size;
  } finally {
    store.close();
  }
}

interface Told {
  readonly lostLockId: string;
  readonly paths: readonly string[];
  readonly guests: number | null;
}

function describe(
  { files, units, lockKeyVersion, staff }: Rotation,
  { lostLockId, paths, guests }: Told,
): string {
  const [replacement, ...others] = files.map(({ lockId }, at) => `  ${lockId}: ${paths[at] ?? ''}`);
  return [
    `Whoever has lock ${lostLockId} can open the doors below until they have their new files. In this order:`,
    ...(others.length > 0
      ? ['1. Give these locks their new files:', ...others]
      : ['1. No other lock shares its units or its staff.']),
    '2. Set the units to their new key versions in Node-RED (stay-unit) and deploy:',
    ...units.map(({ unitId, keyVersion }) => `  ${unitId}: ${keyVersion}`),
    `   Their guests get new codes${guests === null ? '' : `, ${guests} of them`}; backup codes and one-time codes are to be made anew.`,
    `3. Set the lock to key version ${lockKeyVersion} (stay-lock), and pair Homebridge with it again.`,
    '4. Give its replacement the file:',
    replacement ?? '',
    ...(staff.length > 0
      ? [
          `5. It held the secrets of ${staff.join(', ')}, so these open no door with the new files. Raise their key versions`,
          '   in Node-RED (stay-site) and deploy, let them scan their QR codes anew, and make the files once more on the board.',
        ]
      : []),
  ].join('\n');
}
