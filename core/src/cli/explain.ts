/**
 * `staycode explain` and `access`: what an owner asks of a door. Both read what the lock keeps and change nothing.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openAccessCodeStore } from '../edges/access-code-store.ts';
import { systemClock } from '../edges/clock.ts';
import { readJournal } from '../edges/lock-journal.ts';
import { StaycodeError } from '../errors.ts';
import { formatInstant, parseInstant } from '../instant.ts';
import type { LockNow } from '../lock/authorizations.ts';
import { type CanOpen, oddsOfLock, whatCanOpen } from '../lock/can-open.ts';
import { lockNow } from '../lock/decide.ts';
import { explainEntry, type Explanation } from '../lock/explain.ts';
import { type CodeId, sameCode } from '../lock/keyring.ts';
import type { LockOdds } from '../lock/odds.ts';
import type { LockFile } from '../lock/lock-file.ts';
import { raiseKeys } from '../protocol/raised-keys.ts';
import { type LockMemory, newMemory } from '../lock/memory.ts';
import { readLockFile } from './key-source.ts';
import type { CommandIo } from './main.ts';

const options = {
  lock: { type: 'string' },
  journal: { type: 'string' },
  at: { type: 'string' },
  'passphrase-file': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** A lock at one moment. */
interface Door {
  readonly file: LockFile;
  readonly memory: LockMemory;
  readonly now: LockNow;
}

/**
 * `explain CODE --lock FILE [--journal FOLDER] [--register FILE] [--at TIME]`: what an entry is to the lock, and by the register
 * whose reservation; `-` reads it from standard input. Exits 1 where the lock would refuse it.
 */
export async function runExplain(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...options, register: { type: 'string' } },
  });
  const typed = positionals.join('') === '-' ? readFileSync(0, 'utf8') : positionals.join('');
  const digits = typed.replace(/[\s-]/gu, '');
  const door = await readDoor(values, io);
  const names = values.register === undefined ? undefined : readHolders(values.register);
  const explanation = explainEntry(door.file, door.memory, door.now, digits, names);
  if (explanation === null)
    throw new StaycodeError('bad-config', 'expected the code as an argument, or - for standard input');
  if (values.json) io.stdout(toJson({ ...momentOf(door), ...explanation }));
  else io.stdout(tellEntry(explanation, door, values.journal !== undefined));
  return explanation.outcome === 'refused' ? 1 : 0;
}

/** `access --lock FILE --journal FOLDER [--at TIME]`: everything that can open the door now. */
export async function runAccess(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.journal === undefined)
    throw new StaycodeError('bad-config', 'expected --journal FOLDER: it holds who is enrolled');
  const door = await readDoor(values, io);
  const canOpen = whatCanOpen(door.file, door.memory, door.now);
  const odds = oddsOfLock(door.file, canOpen.livePins);
  io.stdout(values.json ? toJson({ ...momentOf(door), ...canOpen, odds }) : tellAccess(canOpen, odds, door));
  return 0;
}

/** To which reservation the register issued a code. @throws StaycodeError `bad-register` */
function readHolders(path: string): (code: CodeId) => string | null {
  if (!existsSync(path)) throw new StaycodeError('bad-register', `${path}: expected a register, found none`);
  const store = openAccessCodeStore(path);
  return (code) => {
    const issued = store.readUnit(code.unitId).codes.find((one) => sameCode(one, code));
    return issued === undefined ? null : `reservation ${issued.reservationId}`;
  };
}

async function readDoor(values: Values, io: CommandIo): Promise<Door> {
  if (values.lock === undefined) throw new StaycodeError('bad-config', 'expected --lock FILE');
  const file = await readLockFile(values.lock, values['passphrase-file'], io.env);
  const atMs = values.at === undefined ? undefined : parseInstant(values.at);
  if (values.journal === undefined) {
    const moment = { atMs: atMs ?? systemClock.now(), clock: 'running', poweredMs: 0 } as const;
    return { file, memory: newMemory(moment), now: moment };
  }
  const { lockId, rules } = file;
  const { memory, reports } = readJournal({ folder: values.journal, lockId, rules });
  for (const report of reports) io.stderr(report);
  return { file: raiseKeys(file, memory.raisedKeys, file.lockKey), memory, now: nowAt(memory, atMs) };
}

/** By the lock's own clock. While that is lost nobody outside knows it, so it is as last stored; power is taken to have been on. */
function nowAt(memory: LockMemory, givenMs: number | undefined): LockNow {
  const { clock, storedAtMs, storedPoweredMs } = memory;
  const clockMs = givenMs ?? (clock === 'running' ? systemClock.now() : storedAtMs);
  return lockNow(memory, { clockMs, poweredMs: storedPoweredMs + Math.max(0, clockMs - storedAtMs) });
}

function momentOf({ file, now }: Door): object {
  return { lockId: file.lockId, nowMs: now.atMs, clock: now.clock };
}

/** Times as ISO 8601: `startsAtMs` becomes `startsAt`. */
function toJson(answer: object): string {
  const isTime = (key: string): boolean => /(?:At|By|After|until|now|clockCode)Ms$/u.test(key);
  return JSON.stringify(
    answer,
    (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const entries = Object.entries(value).map(([key, one]: [string, unknown]) =>
        isTime(key) && typeof one === 'number'
          ? [key.slice(0, -2), formatInstant(Math.round(one))]
          : [key, one],
      );
      return Object.fromEntries(entries) as object;
    },
    2,
  );
}

type Tell = (atMs: number) => string;

function localTime(zone: string): Tell {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return (atMs) => format.format(atMs);
}

const WHY_CLOSED = 'too many wrong entries';

function head({ file, now }: Door, time: Tell): string {
  const clock = now.clock === 'lost' ? ', its clock is lost and guesses this' : '';
  return `${file.name} (${file.lockId}) at ${time(now.atMs)}${clock}; times in ${file.zone}`;
}

function tellEntry(entry: Explanation, door: Door, hasJournal: boolean): string {
  const time = localTime(door.file.zone);
  const { code, opens, endedBy, closedMs, name } = entry;
  const answer = entry.opensNow
    ? 'opens now'
    : entry.outcome === 'done'
      ? 'opens nothing, is taken'
      : 'refused';
  const lines = [head(door, time), `${answer} (${entry.reason})`];
  if (code) lines.push(`${entry.is === 'pin' ? 'PIN of ' : ''}${tellCode(code, time)}`);
  if (code && name !== null) lines.push(`issued to ${name}`);
  if (entry.is === 'staff') lines.push(`staff code of ${name ?? ''}`);
  if (entry.clockCodeMs !== null) lines.push(`clock code, made for ${time(entry.clockCodeMs)}`);
  if (code)
    lines.push(`at this lock: ${hasJournal ? (entry.standing ?? '') : 'not known without --journal'}`);
  if (endedBy) lines.push(`ended by ${tellCode(endedBy, time)}`);
  if (opens) lines.push(`opens from ${time(opens.startsAtMs)} until ${time(opens.endsAtMs)}`);
  if (closedMs > 0) lines.push(`closed for ${tellMinutes(closedMs)}: ${WHY_CLOSED}`);
  for (const { code: near, why } of entry.outsideRules)
    lines.push(`may be ${tellCode(near, time)}, which the lock does not take: ${why}`);
  return lines.join('\n');
}

function tellAccess(canOpen: CanOpen, odds: LockOdds, door: Door): string {
  const time = localTime(door.file.zone);
  const { authorizations, staff, unseen, controllers, closedMs } = canOpen;
  const ways = (digits: boolean, pins: number): string =>
    [digits ? 'twelve digits' : '', pins > 0 ? 'PIN' : ''].filter((way) => way !== '').join(' and ');
  return [
    head(door, time),
    ...authorizations.map(
      ({ code, digits, pins, untilMs }) =>
        `in: ${tellCode(code, time)}; by ${ways(digits, pins)} until ${time(untilMs)}`,
    ),
    ...staff.map(({ name, type }) => `staff: ${name} (${type})`),
    unseen.open
      ? `not seen yet: any code of ${unseen.units.map(tellUnit).join(', ')} in the rules that starts by ${time(unseen.startsByMs)} and ends after ${time(unseen.endsAfterMs)}`
      : `not seen yet: none (${unseen.why})`,
    `by command: ${controllers.join(', ') || 'none so far'}; whoever holds a command key of this lock`,
    ...(['short', 'long'] as const)
      .filter((length) => closedMs[length] > 0)
      .map((length) => `closed to ${length} entries for ${tellMinutes(closedMs[length])}: ${WHY_CLOSED}`),
    `odds: 1 guess in ${Math.round(odds.oneIn).toLocaleString('en')}, ${(odds.perYear * 100).toFixed(2)} % a year`,
  ].join('\n');
}

function tellCode(code: CodeId, time: Tell): string {
  const { kind, revision, startsAtMs, endsAtMs } = code;
  return `${kind} code of ${tellUnit(code)}, revision ${revision}, ${time(startsAtMs)} to ${time(endsAtMs)}`;
}

function tellUnit({ unitId, keyVersion }: Pick<CodeId, 'unitId' | 'keyVersion'>): string {
  return `${unitId} (key ${keyVersion})`;
}

function tellMinutes(ms: number): string {
  return `${Math.ceil(ms / 60_000)} min`;
}
