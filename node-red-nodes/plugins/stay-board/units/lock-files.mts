/**
 * What every lock is to be given, in one archive: a sealed file each, as `staycode provision` writes them.
 * @module
 */
import { formatLockFile, type LockFile, sealBytes, StaycodeError } from '@staycode/core';
import { zipSync } from 'fflate';
import type { StayLockNode } from '../../../nodes/stay-lock/stay-lock.mts';
import { ActRefused } from '../acts/act.mts';
import { doorName } from '../door-log.mts';

export interface LockSummary {
  readonly lockId: string;
  readonly name: string;
  readonly units: readonly string[];
  /** What it lacks; `null` where its file can be made. */
  readonly problem: string | null;
  /** Of the broker that it is on; `null` for none. */
  readonly broker: string | null;
}

export function listLocks(
  locks: readonly StayLockNode[],
  brokerOf: (lock: StayLockNode) => string | null,
): LockSummary[] {
  return locks.map((lock) => ({
    lockId: lock.lockId,
    name: doorName(lock),
    units: lock.units().map(({ unitName }) => unitName),
    problem: problemOf(lock),
    broker: brokerOf(lock),
  }));
}

function problemOf(lock: StayLockNode): string | null {
  try {
    lock.file();
    return null;
  } catch (error) {
    if (error instanceof StaycodeError) return error.message;
    throw error;
  }
}

export interface SealRequest {
  readonly locks: readonly StayLockNode[];
  readonly passphrase: string;
  readonly randomBytes: (length: number) => Uint8Array;
}

const LEAST_LETTERS = 8;

/** A zip archive with a sealed file for each lock. @throws ActRefused where a lock's file cannot be made: all or none */
export async function sealLockFiles({ locks, passphrase, randomBytes }: SealRequest): Promise<Uint8Array> {
  if (passphrase.length < LEAST_LETTERS) throw new ActRefused('short-passphrase', String(LEAST_LETTERS));
  if (locks.length === 0) throw new ActRefused('no-locks');
  const twice = locks.find(({ lockId }, i) => locks.slice(0, i).some((other) => other.lockId === lockId));
  if (twice) throw new ActRefused('lock-twice', twice.lockId);
  const files: Record<string, Uint8Array> = {};
  for (const lock of locks) {
    const sealed = await sealBytes(Buffer.from(formatLockFile(fileOf(lock))), { passphrase, randomBytes });
    files[`${encodeURIComponent(lock.lockId)}.json`] = Buffer.from(sealed);
  }
  return zipSync(files);
}

function fileOf(lock: StayLockNode): LockFile {
  try {
    return lock.file();
  } catch (error) {
    if (error instanceof StaycodeError) throw new ActRefused('lock-unready', error.message);
    throw error;
  }
}
