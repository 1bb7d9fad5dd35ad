/**
 * The desk that a lock's log comes home to: kept on disk, told to the flow, taken into the register. An entry counts as taken
 * once the flow has had time to pass it on; what a kill cuts off is told again, marked, and nothing is left out.
 * @module
 */
import {
  codeUseOf,
  type IncomingMessage,
  type KeeperStep,
  type LogEntry,
  NOTHING_TO_KEEP,
  sameCode,
} from '@staycode/core';
import { type AccessCodeStore, type LogKeeper } from '@staycode/core/edges';

export interface ToldEntry {
  readonly entry: LogEntry;
  /** It is told after the fact. */
  readonly historical: boolean;
  /** It may have been told before Node-RED ended. */
  readonly mayBeDuplicate: boolean;
  /** With it a code opens for the first time that this register hears of. */
  readonly firstUse: boolean;
}

export interface LogDesk {
  /** Tells what was kept but perhaps not told before the last end. */
  catchUp(): void;
  /** Keeps what came and then tells it; what it returns is for the lock. @throws StaycodeError `bad-message`, `journal-failed` */
  take(message: IncomingMessage): Promise<KeeperStep>;
  /** Takes all that was told; what is kept after this the next start tells. */
  close(): void;
}

export interface LogDeskOptions {
  readonly keeper: LogKeeper;
  readonly store: AccessCodeStore;
  readonly nowMs: () => number;
  readonly tell: (told: ToldEntry) => void;
  /** The register took nothing: it is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** Node-RED hands a message on in the next turns of its loop. */
const PASSED_ON_MS = 1_000;
/** Entries read from the copy at once. */
const BATCH = 500;

export function openLogDesk({ keeper, store, nowMs, tell, onTrouble }: LogDeskOptions): LogDesk {
  let told: LogEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const settle = (): void => {
    clearTimeout(timer);
    timer = undefined;
    store.uses.take(told);
    told = [];
  };
  const settleLater = (): void => {
    timer ??= setTimeout(() => {
      try {
        settle();
      } catch (error) {
        onTrouble(error);
        settleLater();
      }
    }, PASSED_ON_MS);
  };
  const tellAll = (entries: readonly LogEntry[], how: Omit<ToldEntry, 'entry' | 'firstUse'>): void => {
    for (const entry of entries) {
      tell({ ...how, entry, firstUse: isFirstUse(store, told, entry) });
      told.push(entry);
    }
    if (told.length > 0) settleLater();
  };
  return {
    catchUp() {
      const { state } = keeper;
      if (state === null) return;
      let seq = store.uses.takenUpTo(state.lockId, state.logId);
      for (;;) {
        const entries = keeper.entriesAfter(seq, BATCH);
        const last = entries.at(-1);
        if (last === undefined) return;
        tellAll(entries, { historical: true, mayBeDuplicate: true });
        seq = last.seq;
      }
    },
    async take(message) {
      const step = await keeper.receive(message, nowMs());
      if (closed) return NOTHING_TO_KEEP;
      // One log at a time is taken.
      if (step.begin) settle();
      tellAll(step.entries, { historical: step.historical, mayBeDuplicate: false });
      return step;
    },
    close() {
      closed = true;
      settle();
    },
  };
}

function isFirstUse(store: AccessCodeStore, told: readonly LogEntry[], entry: LogEntry): boolean {
  const use = codeUseOf(entry);
  if (use === null || store.uses.firstUsedAtMs(use.code) !== null) return false;
  return !told.some((earlier) => {
    const code = codeUseOf(earlier)?.code;
    return code !== undefined && sameCode(code, use.code);
  });
}
