/**
 * The locks that this Node-RED is the brain of: one device and one journal a lock, however many keypads it has, opened when
 * the first needs it and closed after the last.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { formatLockFile, type LockFile, StaycodeError, STORE_TIME_MS } from '@staycode/core';
import { type Clock, type DeviceClock, LockDevice, openJournal, systemClock } from '@staycode/core/edges';
import { openRegisterIn } from '../register.mts';
import { lockFolder } from '../user-folder.mts';
import { openOwnLog, type OwnLog, type OwnLogParts } from './own-log.mts';

/** A keypad's share in a lock; give it back when its node closes. */
export interface LockShare {
  readonly device: LockDevice;
  /** Its disk takes nothing any more: who shares it hears of that, and the next to ask for it opens it anew. */
  fail(error: unknown): void;
  release(): void;
}

export interface LockUser {
  /** A line on what the journal dropped or passed over on opening. */
  readonly report: (line: string) => void;
  /** The lock's disk takes nothing any more, and this share in it is over. */
  readonly onTrouble: (error: unknown) => void;
}

interface OpenLock {
  readonly device: LockDevice;
  /** The lock's file as text. */
  readonly text: string;
  readonly users: Set<LockUser>;
  readonly close: () => void;
  readonly fail: (error: unknown) => void;
}

const open = new Map<string, OpenLock>();

/**
 * Opens a lock, or shares the open one of that id.
 * @throws StaycodeError of the journal; `bad-config` where it is open with other keys or rules
 */
export function shareLock(userDir: string, file: LockFile, user: LockUser): LockShare {
  const folder = lockFolder(userDir, 'locks', file.lockId);
  const text = formatLockFile(file);
  const lock = open.get(folder) ?? openLock(userDir, file, text, user);
  if (lock.text !== text) {
    throw new StaycodeError(
      'bad-config',
      `lock ${file.lockId}: expected one keyring, got another at a second node; give both nodes the same lock`,
    );
  }
  open.set(folder, lock);
  lock.users.add(user);
  return {
    device: lock.device,
    fail: lock.fail,
    release() {
      lock.users.delete(user);
      if (lock.users.size > 0 || open.get(folder) !== lock) return;
      open.delete(folder);
      lock.close();
    },
  };
}

function openLock(userDir: string, file: LockFile, text: string, { report }: LockUser): OpenLock {
  const { lockId, lockKey, rules } = file;
  const clock = createDeviceClock(systemClock);
  const firstMoment = { atMs: clock.clockMs(), clock: 'running', poweredMs: 0 } as const;
  const bootId = randomBytes(16).toString('hex');
  const folder = lockFolder(userDir, 'locks', lockId);
  const journal = openJournal({ folder, lockId, lockKey, rules, firstMoment, bootId, randomBytes });
  for (const line of journal.reports) report(line);
  const users = new Set<LockUser>();
  let home: OwnLog | null = null;
  try {
    const device = new LockDevice({
      lockId,
      lockKey,
      config: file,
      journal,
      ...{ clock, clockIsMachines: true },
      // The bolt is what the flow wires to the first output, and only the keypad that was typed at sends there. Its node
      // does, once the device has judged: the record is on disk by then.
      moveBolt: () => Promise.resolve('moved'),
      onRecord: (entry) => home?.recorded(entry),
    });
    home = joinRegister(userDir, { file, device, journal, report });
    const storeTimer = setInterval(() => {
      device.storeTime().catch(fail);
    }, STORE_TIME_MS);
    const close = (): void => {
      clearInterval(storeTimer);
      home?.close();
      journal.close();
    };
    const fail = (error: unknown): void => {
      if (open.get(folder)?.device !== device) return;
      open.delete(folder);
      close();
      for (const user of users) user.onTrouble(error);
    };
    return { device, text, users, close, fail };
  } catch (error) {
    journal.close();
    throw error;
  }
}

/** A register that cannot be opened is no reason to keep guests out. */
function joinRegister(userDir: string, parts: Omit<OwnLogParts, 'store'>): OwnLog | null {
  try {
    const register = openRegisterIn(userDir);
    const log = openOwnLog({ ...parts, store: register.store });
    return {
      recorded: log.recorded,
      close() {
        log.close();
        register.release();
      },
    };
  } catch (error) {
    parts.report(error instanceof Error ? error.message : String(error));
    return null;
  }
}

/**
 * The machine's clock. Node-RED cannot set that one, so a clock code counts from its moment on the clock that only rises, and
 * until the next start: a machine that finds its time by network later would else be off by the correction twice.
 */
export function createDeviceClock(system: Clock): DeviceClock {
  const startedMs = system.monotonic();
  let set: { atMs: number; uptimeMs: number } | null = null;
  const uptimeMs = (): number => system.monotonic() - startedMs;
  return {
    clockMs: () => (set === null ? system.now() : Math.round(set.atMs + uptimeMs() - set.uptimeMs)),
    setClock(atMs) {
      set = { atMs, uptimeMs: uptimeMs() };
    },
    uptimeMs,
    delay: (ms) => system.delay(ms),
  };
}
