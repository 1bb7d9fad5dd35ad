/**
 * Tells the flow of a log's entries and takes them into the register. An entry counts as taken once the flow has had time to pass it on;
 * what a kill cuts off is told again, marked, and nothing is left out.
 * @module
 */
import { codeUseOf, type LogEntry, sameCode } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';

export interface ToldEntry {
  readonly entry: LogEntry;
  /** It is told after the fact. */
  readonly historical: boolean;
  /** It may have been told before Node-RED ended. */
  readonly mayBeDuplicate: boolean;
  /** With it a code opens for the first time that this register hears of. */
  readonly firstUse: boolean;
}

export interface EntryTeller {
  /** Tells what is in the log but was perhaps not told before the last end. */
  catchUp(): void;
  /** Tells entries that are on disk, the next ones of one log. */
  tell(entries: readonly LogEntry[], how: Omit<ToldEntry, 'entry' | 'firstUse'>): void;
  /** Takes all that was told. */
  settle(): void;
}

/** A log on disk. */
export interface EntrySource {
  /** `null` as long as there is none. */
  place(): { readonly lockId: string; readonly logId: string } | null;
  /** At most `count` entries after one of them. */
  entriesAfter(seq: number, count: number): readonly LogEntry[];
}

export interface EntryTellerOptions {
  readonly source: EntrySource;
  readonly store: AccessCodeStore;
  readonly tell: (told: ToldEntry) => void;
  /** All that was told is taken. */
  readonly settled?: () => void;
  /** The register took nothing: it is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** Node-RED hands a message on in the next turns of its loop. */
const PASSED_ON_MS = 1_000;
/** Entries read from the log at once. */
const BATCH = 500;

export function createEntryTeller(options: EntryTellerOptions): EntryTeller {
  const { source, store, tell, settled, onTrouble } = options;
  let told: LogEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    clearTimeout(timer);
    timer = undefined;
    store.uses.take(told);
    told = [];
    settled?.();
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
  const tellAll: EntryTeller['tell'] = (entries, how) => {
    for (const entry of entries) {
      tell({ ...how, entry, firstUse: isFirstUse(store, told, entry) });
      told.push(entry);
    }
    if (told.length > 0) settleLater();
  };
  return {
    catchUp() {
      const place = source.place();
      if (place === null) return;
      let seq = store.uses.takenUpTo(place.lockId, place.logId);
      for (;;) {
        const entries = source.entriesAfter(seq, BATCH);
        const last = entries.at(-1);
        if (last === undefined) return;
        tellAll(entries, { historical: true, mayBeDuplicate: true });
        seq = last.seq;
      }
    },
    tell: tellAll,
    settle,
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
