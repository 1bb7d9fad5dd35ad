/**
 * A lock that this Node-RED is needs no wire: what happens at it comes into the register as it does from a lock's log that came home,
 * and what the register withdrew ends at it. The door never waits for either.
 * @module
 */
import { DEFAULT_KEEPER, type LockFile, type LogEntry } from '@staycode/core';
import type { AccessCodeStore, LockDevice, LockJournal } from '@staycode/core/edges';
import { createEntryTeller } from '../entry-teller.mts';
import { openRevokeDesk } from '../revoke-desk.mts';

export interface OwnLog {
  /** The lock has put something on record. */
  readonly recorded: (entry: LogEntry) => void;
  readonly close: () => void;
}

export interface OwnLogParts {
  readonly file: LockFile;
  readonly device: LockDevice;
  readonly journal: LockJournal;
  readonly store: AccessCodeStore;
  readonly report: (line: string) => void;
}

/** How often it is asked whether the register has changed. */
const LOOK_MS = 2_000;

export function openOwnLog({ file, device, journal, store, report }: OwnLogParts): OwnLog {
  const { lockId } = file;
  let seen = '';
  const onTrouble = (error: unknown): void => {
    report(error instanceof Error ? error.message : String(error));
  };
  // The keypad's node tells the flow: it has the verdict, and need not wait for the register.
  const teller = createEntryTeller({
    source: {
      place: () => journal.header,
      entriesAfter: (seq, count) =>
        journal
          .entriesFrom(Math.max(seq, journal.header.seq) + 1, count)
          .map(({ body }) => JSON.parse(body) as LogEntry),
    },
    ...{ store, tell: () => undefined, onTrouble },
  });
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      onTrouble(error);
    }
  };
  const revokes = openRevokeDesk({
    ...{ file, store, onTrouble, isInReach: () => true },
    revoke: async (code) => {
      const reason = await device.act({ name: 'revoke', code }, DEFAULT_KEEPER);
      return reason === null ? { ok: true } : { ok: false, reason };
    },
    onRefused: (reason) => {
      report(`lock ${lockId}: it does not end a withdrawn code: ${reason}`);
    },
  });
  const look = (): void => {
    const version = store.version();
    if (version === seen) return;
    seen = version;
    revokes.look();
  };
  const looking = setInterval(attempt, LOOK_MS, look);
  attempt(() => {
    teller.catchUp();
  });
  return {
    recorded(entry) {
      teller.tell([entry], { historical: false, mayBeDuplicate: false });
    },
    close() {
      clearInterval(looking);
      revokes.close();
      attempt(() => {
        teller.settle();
      });
    },
  };
}
