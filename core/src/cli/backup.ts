/**
 * `staycode backup` and `restore`: the site key and the register, all that a host cannot make again, in one sealed file.
 * @module
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { openAccessCodeStore } from '../edges/access-code-store.ts';
import { systemClock } from '../edges/clock.ts';
import { StaycodeError } from '../errors.ts';
import { keySchema } from '../lock/schemas.ts';
import { openSealed, sealBytes } from '../lock/sealed-file.ts';
import { parseMessage } from '../parse-message.ts';
import { needPassphrase, readSiteKey } from './key-source.ts';
import type { CommandIo } from './main.ts';
import { needed } from './needed.ts';

const FORMAT = 'staycode-backup/1';
const LINE_FEED = 0x0a;
const BUSY_MS = 5_000;
const headSchema = v.object({ format: v.literal(FORMAT), siteKey: keySchema });

interface Backup {
  readonly siteKey: Uint8Array;
  /** A whole SQLite file. */
  readonly register: Uint8Array;
}

/** `backup --register FILE --out FILE`: Node-RED may go on writing meanwhile. */
export async function runBackup(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      register: { type: 'string' },
      out: { type: 'string' },
      'key-file': { type: 'string' },
      'passphrase-file': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const out = needed('--out FILE', values.out);
  const path = needed('--register FILE', values.register);
  const passphrase = needPassphrase(values['passphrase-file'], io.env);
  const siteKey = readSiteKey(values['key-file'], io.env);
  const content = formatBackup({ siteKey, register: copyRegister(path) });
  const text = await sealBytes(content, { passphrase, randomBytes: (length) => io.randomBytes(length) });
  placeFiles([{ path: out, bytes: utf8ToBytes(text) }]);
  const said = `Wrote ${out}. Keep it and its passphrase apart; staycode restore brings both files back.`;
  io.stdout(values.json ? JSON.stringify({ file: out }) : said);
  return 0;
}

/** `restore FILE --register FILE --key-out FILE`: all is opened and checked before anything is written. */
export async function runRestore(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      register: { type: 'string' },
      'key-out': { type: 'string' },
      'passphrase-file': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const register = needed('--register FILE', values.register);
  const key = needed('--key-out FILE', values['key-out']);
  // A stale log or lock of SQLite's beside the register would be taken for the restored one's own.
  for (const path of [register, `${register}-wal`, `${register}-shm`, `${register}-journal`, key])
    refuseExisting(path);
  const file = needed('the backup as an argument', positionals.length === 1 ? positionals[0] : undefined);
  const passphrase = needPassphrase(values['passphrase-file'], io.env);
  const backup = parseBackup(await openSealed(readFileSync(file, 'utf8'), passphrase));
  const restored = inFolder((folder) => {
    const copy = join(folder, 'register.sqlite');
    writeFileSync(copy, backup.register);
    checkRegister(copy);
    doubtRegister(copy);
    return readFileSync(copy);
  });
  placeFiles([
    { path: register, bytes: restored },
    { path: key, bytes: utf8ToBytes(`${bytesToHex(backup.siteKey)}\n`) },
  ]);
  io.stdout(
    values.json ? JSON.stringify({ register, key }) : `Restored ${register} and the site key in ${key}.`,
  );
  return 0;
}

/** A first line of JSON, then the register's bytes as they are. */
function formatBackup({ siteKey, register }: Backup): Uint8Array {
  const head = JSON.stringify({ format: FORMAT, siteKey: bytesToHex(siteKey) });
  return concatBytes(utf8ToBytes(`${head}\n`), register);
}

function parseBackup(content: Uint8Array): Backup {
  const end = content.indexOf(LINE_FEED);
  const { siteKey } = parseMessage(
    headSchema,
    new TextDecoder().decode(content.subarray(0, Math.max(0, end))),
    'backup',
  );
  return { siteKey, register: content.subarray(end + 1) };
}

/** The register as of one moment, also while another program writes it: a plain copy would tear, or miss its write-ahead log. */
function copyRegister(path: string): Uint8Array {
  if (!existsSync(path)) throw badRegister(`expected the register at ${path}, found none`);
  return inFolder((folder) => {
    const copy = join(folder, 'register.sqlite');
    ask(path, (db) => db.prepare('VACUUM INTO ?').run(copy));
    checkRegister(copy);
    return readFileSync(copy);
  });
}

/** Opens a copy as Node-RED would. That would make a register of an empty database, so one is refused before. */
function checkRegister(path: string): void {
  const fault = ask(path, (db) => {
    const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n;
    return tables === 0 ? 'it is empty' : db.prepare('PRAGMA integrity_check').get()?.integrity_check;
  });
  if (fault !== 'ok') throw badRegister(`expected a whole file: ${String(fault)}`);
  openAccessCodeStore(path).close();
}

/** Guests were told things after the backup was made that it does not know of. */
function doubtRegister(path: string): void {
  const store = openAccessCodeStore(path);
  store.outbox.doubtAll(systemClock.now());
  store.close();
}

function ask<T>(path: string, question: (db: DatabaseSync) => T): T {
  let db: DatabaseSync | undefined;
  try {
    // Not read-only: such a connection leaves its write-ahead log behind, where one that may write tidies up.
    db = new DatabaseSync(path);
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return question(db);
  } catch (cause) {
    throw badRegister(`expected a file of Staycode's at ${path}: ${String(cause)}`, cause);
  } finally {
    db?.close();
  }
}

/** A folder that nobody else reads, gone when the work is done. */
function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'staycode-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** All of the files or none: each is on disk under a temporary name before the first gets its own. */
function placeFiles(files: readonly NewFile[]): void {
  const undo: string[] = [];
  try {
    for (const { path, bytes } of files) {
      // Left by a run that was killed.
      rmSync(temporary(path), { force: true });
      undo.push(temporary(path));
      writeFileSync(temporary(path), bytes, { mode: 0o600, flag: 'wx', flush: true });
    }
    for (const { path } of files) {
      refuseExisting(path);
      renameSync(temporary(path), path);
      undo.push(path);
    }
    for (const { path } of files) syncFolder(dirname(path));
  } catch (error) {
    for (const path of undo) rmSync(path, { force: true });
    throw error;
  }
}

function temporary(path: string): string {
  return `${path}.staycode-tmp`;
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function refuseExisting(path: string): void {
  if (existsSync(path))
    throw new StaycodeError('bad-config', `expected no file at ${path}: it would be lost`);
}

function badRegister(message: string, cause?: unknown): StaycodeError {
  return new StaycodeError('bad-register', `register: ${message}`, { cause });
}
