/**
 * The log of what one lock told of its openings: written here, for the lock keeps none, and told to the flow once it is on disk.
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { LockFile } from '@staycode/core';
import { type HeardLog, openHeardLog, systemClock } from '@staycode/core/edges';
import type { Node, NodeAPI } from 'node-red';
import { findStay, toDoorMessage } from '../door-message.mts';
import { createEntryTeller, type EntryTeller } from '../entry-teller.mts';
import { lockFolder, userDirOf } from '../user-folder.mts';
import type { LockContext } from './to-message.mts';

export interface DoorLog {
  readonly log: HeardLog;
  readonly teller: EntryTeller;
}

/** Opens it, and tells what is in it and was perhaps not told before the last end. */
export function openDoorLog(
  RED: NodeAPI,
  node: Node,
  { file, context }: { readonly file: LockFile; readonly context: LockContext },
): DoorLog {
  const { lockId, lockKey, rules } = file;
  const { lockName, store } = context;
  const onTrouble = (error: unknown): void => {
    node.error(error instanceof Error ? error.message : String(error));
  };
  const log = openHeardLog({
    ...{ folder: lockFolder(userDirOf(RED), 'heard', lockId), lockId, lockKey, rules, randomBytes },
    ...{ nowMs: () => Date.now(), uptimeMs: () => systemClock.monotonic() },
    report: (line) => {
      node.warn(line);
    },
  });
  const teller = createEntryTeller({
    source: { place: () => log.place, entriesAfter: (seq, count) => log.entriesAfter(seq, count) },
    store,
    tell: (told) => {
      const message = toDoorMessage(lockName, told, findStay(store, told.entry));
      if (message !== null) node.send([null, message, null]);
    },
    settled: () => {
      signNow(log, onTrouble);
    },
    onTrouble,
  });
  teller.catchUp();
  return { log, teller };
}

/** Takes and signs all that was told. */
export function closeDoorLog(node: Node, { log, teller }: DoorLog): void {
  try {
    teller.settle();
  } catch (error) {
    node.error(error instanceof Error ? error.message : String(error));
  }
  log.close();
}

/** What is unsigned now is signed with the next opening, or at the next start. */
function signNow(log: HeardLog, onTrouble: (error: unknown) => void): void {
  try {
    log.sign();
  } catch (error) {
    onTrouble(error);
  }
}
