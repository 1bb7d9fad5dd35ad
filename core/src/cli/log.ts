/**
 * `staycode log verify`: whether a lock's log, the journal itself or a keeper's copy, is whole and signed by that lock.
 * @module
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { orNull, StaycodeError } from '../errors.ts';
import type { LogFault } from '../log/follow-log.ts';
import { parseHeader } from '../log/header.ts';
import { type LogCheck, type LogPin, type LogTrust, verifyLog } from '../log/verify-log.ts';
import { deriveLockKey, deriveLogKey } from '../stay-code/keys.ts';
import { readLockFile, readSiteKey, SITE_KEY_VARIABLE } from './key-source.ts';
import type { CommandIo } from './main.ts';

const options = {
  lock: { type: 'string' },
  'passphrase-file': { type: 'string' },
  'key-file': { type: 'string' },
  'lock-key-version': { type: 'string', default: '1' },
  pin: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** What a fault means to who has to act on it. */
const FAULTS: Readonly<Record<LogFault, string>> = {
  malformed: 'it is no line of a log',
  torn: 'the last line has no end: the power went, or the file was cut there',
  foreign: 'it is of another lock or another log',
  altered: 'its text is not what the hash was made of',
  gap: 'entries are missing before it',
  reordered: 'entries stand in another order than they were written',
  repeated: 'it was there already',
  forged: 'its signature is not of the key that it names',
  'foreign-key': 'it is signed by a key that was not in force there',
  forked: 'the lock signed, or you pinned, another history than this',
  unsigned: 'so many entries without a signature are left by no lock',
  shorter: 'the log ends before what is known of it',
  unvouched:
    "nothing outside the log speaks for its key; give the lock's file (--lock), the site key (--key-file) or a pin (--pin)",
};

/** `log verify FILE`; exits 1 where the log is not well. */
export async function runLog([verb, ...args]: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [path] = positionals;
  if (verb !== 'verify' || path === undefined || positionals.length > 1)
    throw new StaycodeError('bad-config', 'expected log verify FILE');
  const text = readFileSync(path, 'utf8');
  const trust = await readTrust(values, text, io);
  const check = verifyLog(text, trust);
  if (values.json) io.stdout(JSON.stringify(check));
  else io.stdout(check.ok ? tellWell(check, trust) : tellFault(check));
  return check.ok ? 0 : 1;
}

async function readTrust(values: Values, text: string, { env }: CommandIo): Promise<LogTrust> {
  const pin = values.pin === undefined ? {} : { pin: readPin(values.pin) };
  if (values.lock !== undefined) {
    const { lockId, lockKey } = await readLockFile(values.lock, values['passphrase-file'], env);
    return { lockId, logKey: deriveLogKey(lockKey), ...pin };
  }
  const header = orNull(() => parseHeader(text.split('\n', 1)[0] ?? ''));
  if (!header || (values['key-file'] === undefined && env[SITE_KEY_VARIABLE] === undefined)) return pin;
  const siteKey = readSiteKey(values['key-file'], env);
  const lockKey = deriveLockKey(siteKey, header.lockId, Number(values['lock-key-version']));
  return { logKey: deriveLogKey(lockKey), ...pin };
}

function readPin(text: string): LogPin {
  const [, seq, hash, key] = /^(\d{1,15}):([0-9a-f]{64}):([0-9a-f]{64})$/u.exec(text) ?? [];
  if (seq === undefined || hash === undefined || key === undefined)
    throw new StaycodeError('bad-config', '--pin: expected SEQ:HASH:KEY, as log verify prints it');
  return { seq: Number(seq), hash, key };
}

function tellWell(check: LogCheck & { ok: true }, trust: LogTrust): string {
  const { lockId, logId, fromSeq, toSeq, unsigned, pin } = check;
  const vouchers = [trust.logKey ? 'the lock key' : '', trust.pin ? 'the pin' : ''].filter(
    (one) => one !== '',
  );
  return [
    `Genuine: log ${logId} of ${lockId}, entries ${fromSeq} to ${toSeq}, none missing`,
    unsigned === null
      ? 'Signed to its end'
      : `Unsigned yet: entries ${unsigned.fromSeq} to ${unsigned.toSeq}; take them as said, not as proved`,
    `Its key is vouched for by ${vouchers.join(' and ')}`,
    `For next time: --pin ${pin.seq}:${pin.hash}:${pin.key}`,
  ].join('\n');
}

function tellFault({ reason, line, seq }: LogCheck & { ok: false }): string {
  const where = seq === 0 ? `line ${line}` : `line ${line}, entry ${seq}`;
  return `Not genuine: ${where}: ${reason}: ${FAULTS[reason]}`;
}
