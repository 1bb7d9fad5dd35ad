/**
 * Keeps one lock's own list right: plans from the register, sends what the plan says, takes in what the lock says, and tells what
 * comes of it. A record is on disk before its command leaves; what was told is on disk once whoever hears it had time to pass it on.
 * @module
 */
import type { AccessCode } from '../access-codes/access-code.ts';
import { findHeld, hearReports } from '../programmed-locks/hear.ts';
import { type CodeForLock, planLock } from '../programmed-locks/plan.ts';
import { DEFAULT_SLOT_POLICY, type SlotPolicy } from '../programmed-locks/policy.ts';
import { listSlotNews, type SlotNews, type ToldSlot, UNTOLD_SLOT } from '../programmed-locks/slot-news.ts';
import { type LockView, type SlotRecord, UNSEEN_LOCK } from '../programmed-locks/slot-record.ts';
import { beginOpenings, type Opening, siftOpenings } from '../programmed-locks/openings.ts';
import type { LockReport, LockTarget, MqttMessage } from '../programmed-locks/target.ts';
import type { LogEntry } from '../log/entry.ts';
import type { AccessCodeStore } from './access-code-store.ts';
import type { HeardLog } from './heard-log.ts';

export interface LockProgrammerOptions {
  readonly lockId: string;
  readonly target: LockTarget;
  readonly store: AccessCodeStore;
  readonly unitIds: readonly string[];
  readonly policy?: SlotPolicy;
  readonly digitsOf: (code: AccessCode) => string;
  /** Each opening is in it before it is told. */
  readonly log: HeardLog;
  /** Sends now or not at all. */
  readonly publish: (message: MqttMessage) => void;
  readonly nowMs: () => number;
  readonly listener: ProgrammerListener;
}

export interface ProgrammerListener {
  /** `mayBeDuplicate`: it may have been told before the program ended. */
  slotChanged(record: SlotRecord, news: SlotNews, mayBeDuplicate: boolean): void;
  /** Someone opened with a slot of the lock, ours or not; the log has it. */
  opened(entry: LogEntry): void;
  /** The register took nothing and is tried again, or the log did not take an opening. */
  broke(error: unknown): void;
}

export interface LockProgrammer {
  receive(message: MqttMessage): void;
  /** Has another look, as when the connection is back. */
  look(): void;
  close(): void;
}

/** Codes of long ago are in no lock. */
const KEPT_MS = 40 * 86_400_000;
/** The register changes by other hands; it is asked. */
const LOOK_MS = 10_000;
/** Whoever hears it passes it on in the next turns of the loop. */
const PASSED_ON_MS = 1_000;

export function openLockProgrammer(options: LockProgrammerOptions): LockProgrammer {
  const { lockId, target, store, log, publish, nowMs, listener, policy = DEFAULT_SLOT_POLICY } = options;
  let view: LockView = UNSEEN_LOCK;
  let openings = beginOpenings(log.lastNumber);
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const teller = createTeller(options);
  const plan = (): void => {
    if (isClosed) return;
    const codes = codesOf(options);
    const made = store.slots.changeLock(lockId, (records) =>
      planLock({ lockId, target, codes, records, view, policy, nowMs: nowMs() }),
    );
    view = made.view;
    for (const command of made.commands) target.write(command).forEach(publish);
    teller.tell(made.records);
    clearTimeout(timer);
    const waitMs = made.nextAtMs === null ? LOOK_MS : made.nextAtMs - nowMs();
    timer = setTimeout(guarded(listener, plan), Math.min(Math.max(waitMs, 0), LOOK_MS));
  };
  const hear = (message: MqttMessage): void => {
    const reports = target.read(message);
    if (isClosed || reports.length === 0) return;
    hearOpenings(reports);
    const heard = store.slots.changeLock(lockId, (records) =>
      hearReports({ view, records }, reports, target, nowMs(), policy),
    );
    view = heard.view;
    plan();
  };
  const hearOpenings = (reports: readonly LockReport[]): void => {
    const sifted = siftOpenings(openings, reports, nowMs());
    openings = sifted.heard;
    for (const opening of sifted.openings) hearOpening(opening);
  };
  const hearOpening = guarded(listener, (opening: Opening): void => {
    const held = findHeld(store.slots.readLock(lockId), opening.slot, view, target);
    listener.opened(log.add(opening, held ? findCode(options, held.accessCodeId) : null));
  });
  // A command that leaves before there is a connection would count as one in vain.
  timer = setTimeout(guarded(listener, plan), LOOK_MS);
  return {
    receive: guarded(listener, hear),
    look: guarded(listener, plan),
    close() {
      isClosed = true;
      clearTimeout(timer);
      teller.close();
    },
  };
}

function codesOf({ store, unitIds, digitsOf, nowMs }: LockProgrammerOptions): CodeForLock[] {
  const sinceMs = nowMs() - KEPT_MS;
  return unitIds
    .flatMap((unitId) => store.readUnit(unitId).codes)
    .filter(({ endsAtMs }) => endsAtMs > sinceMs)
    .map((code) => ({
      code,
      // Only of those that are written or looked for: to tell digits takes a cipher.
      get digits(): string {
        return digitsOf(code);
      },
    }));
}

function findCode({ store, unitIds }: LockProgrammerOptions, accessCodeId: string): AccessCode | null {
  const codes = unitIds.flatMap((unitId) => store.readUnit(unitId).codes);
  return codes.find(({ id }) => id === accessCodeId) ?? null;
}

interface Teller {
  tell(records: readonly SlotRecord[]): void;
  close(): void;
}

function createTeller({ lockId, store, listener }: LockProgrammerOptions): Teller {
  const told = new Map(store.programmed.readTold(lockId));
  const passing = new Map<string, ToldSlot>();
  let timer: NodeJS.Timeout | undefined;
  let isFirst = true;
  const settle = guarded(listener, (): void => {
    timer = undefined;
    for (const [accessCodeId, one] of passing) store.programmed.writeTold(lockId, accessCodeId, one);
    passing.clear();
  });
  return {
    tell(records) {
      for (const record of records) {
        const { accessCodeId } = record;
        const step = listSlotNews(record, told.get(accessCodeId) ?? UNTOLD_SLOT);
        told.set(accessCodeId, step.told);
        if (step.news.length === 0) continue;
        for (const news of step.news) listener.slotChanged(record, news, isFirst);
        passing.set(accessCodeId, step.told);
        timer ??= setTimeout(settle, PASSED_ON_MS);
      }
      isFirst = false;
    },
    close() {
      clearTimeout(timer);
      settle();
    },
  };
}

function guarded<A extends readonly unknown[]>(
  listener: ProgrammerListener,
  work: (...args: A) => void,
): (...args: A) => void {
  return (...args) => {
    try {
      work(...args);
    } catch (error) {
      listener.broke(error);
    }
  };
}
