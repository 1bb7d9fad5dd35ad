/**
 * The desk that a lock's log comes home to: kept on disk, told to the flow, taken into the register.
 * @module
 */
import { type IncomingMessage, type KeeperStep, NOTHING_TO_KEEP } from '@staycode/core';
import type { AccessCodeStore, LogKeeper } from '@staycode/core/edges';
import { createEntryTeller, type ToldEntry } from '../entry-teller.mts';

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

export function openLogDesk({ keeper, store, nowMs, tell, onTrouble }: LogDeskOptions): LogDesk {
  const source = {
    place: () => keeper.state,
    entriesAfter: (seq: number, count: number) => keeper.entriesAfter(seq, count),
  };
  const teller = createEntryTeller({ source, store, tell, onTrouble });
  let closed = false;
  return {
    catchUp() {
      teller.catchUp();
    },
    async take(message) {
      const step = await keeper.receive(message, nowMs());
      if (closed) return NOTHING_TO_KEEP;
      // One log at a time is taken.
      if (step.begin) teller.settle();
      teller.tell(step.entries, { historical: step.historical, mayBeDuplicate: false });
      return step;
    },
    close() {
      closed = true;
      teller.settle();
    },
  };
}
