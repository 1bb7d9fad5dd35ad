/**
 * What the doors say of a stay, from the copies of the locks' logs that this Node-RED keeps, from the journals of the locks that it
 * is itself, and from what it heard of locks that keep no log. Never digits: the logs hold none.
 * @module
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AccessCode, type LogEntry, lockEventOf, sameCode, splitLine } from '@staycode/core';
import type { StayLockNode } from '../../nodes/stay-lock/stay-lock.mts';
import { lockFolder } from '../../nodes/user-folder.mts';

export interface DoorLine {
  readonly atMs: number;
  readonly door: string;
  /** Matter's event, the verdict's reason. */
  readonly event: string;
  readonly reason: string | null;
  /** The lock keeps no log: it is what it told. */
  readonly isHeard: boolean;
  /** Whose staff code it was. */
  readonly who: string | null;
}

export interface Sought {
  readonly unitId: string;
  /** Of these codes alone; `null` for the unit's, and for the staff at its doors. */
  readonly codes: readonly AccessCode[] | null;
}

const LINES = 40;
/** The newest part of a log: a year of a busy door is some ten times that. */
const TAIL_BYTES = 4_194_304;

/** The newest first. A log that cannot be read has nothing to say here. */
export async function readDoorLog(
  userDir: string,
  locks: readonly StayLockNode[],
  sought: Sought,
): Promise<DoorLine[]> {
  const lines = await Promise.all(locks.map((lock) => readOne(userDir, lock, sought)));
  return lines
    .flat()
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, LINES);
}

async function readOne(userDir: string, lock: StayLockNode, sought: Sought): Promise<DoorLine[]> {
  const texts = await Promise.all(
    (['logs', 'locks', 'heard'] as const).map((kind) => readNewest(lockFolder(userDir, kind, lock.lockId))),
  );
  return texts.flatMap((text) =>
    text.split('\n').flatMap((line) => readLine(line, doorName(lock), sought) ?? []),
  );
}

async function readNewest(folder: string): Promise<string> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
    const newest = names.at(-1);
    if (newest === undefined) return '';
    const bytes = await readFile(join(folder, newest));
    return bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)).toString('utf8');
  } catch {
    return '';
  }
}

/** Most lines are of other units or of no code: they are told by a look at the text, which is cheap. */
function readLine(line: string, door: string, { unitId, codes }: Sought): DoorLine | null {
  const mayBeOurs = line.includes(JSON.stringify(unitId)) || (codes === null && line.includes('"staff":'));
  if (!mayBeOurs || !/"type":"(?:entry|heard)"/u.test(line)) return null;
  const body = splitLine(line)?.body;
  if (body === undefined) return null;
  const { lockId, seq, record } = JSON.parse(body) as LogEntry;
  if (record.type !== 'entry' && record.type !== 'heard') return null;
  const { code } = record;
  const staff = record.type === 'entry' ? record.staff : undefined;
  const isStaff = codes === null && staff !== undefined;
  const isSought = code?.unitId === unitId && (codes === null || codes.some((one) => sameCode(one, code)));
  if (!isStaff && !isSought) return null;
  const told = lockEventOf(lockId, seq, record);
  if (told === null) return null;
  const { atMs, event, reason } = told;
  return { atMs, door, event, reason, who: staff?.name ?? null, isHeard: record.type === 'heard' };
}

/** The name that the host gave it. */
export function doorName({ name, lockId }: StayLockNode): string {
  return name === undefined || name === '' ? lockId : name;
}
