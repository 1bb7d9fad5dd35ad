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
import type { LockTarget, MqttMessage } from '../programmed-locks/target.ts';
import type { AccessCodeStore } from './access-code-store.ts';
import type { ListedOpening } from './programmed-lock-store.ts';

export interface LockProgrammerOptions {
  readonly lockId: string;
  readonly target: LockTarget;
  readonly store: AccessCodeStore;
  readonly unitIds: readonly string[];
  readonly policy?: SlotPolicy;
  readonly digitsOf: (code: AccessCode) => string;
  /** Sends now or not at all. */
  readonly publish: (message: MqttMessage) => void;
  readonly nowMs: () => number;
  readonly listener: ProgrammerListener;
}

export interface ProgrammerListener {
  /** `mayBeDuplicate`: it may have been told before the program ended. */
  slotChanged(record: SlotRecord, news: SlotNews, mayBeDuplicate: boolean): void;
  /** Someone opened with a slot of the lock, not for the first time, or with one that is not ours. */
  opened(opening: ListedOpening): void;
  /** The register took nothing: it is tried again. */
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
  const { lockId, target, store, publish, nowMs, listener, policy = DEFAULT_SLOT_POLICY } = options;
  let view: LockView = UNSEEN_LOCK;
  let timer: NodeJS.Timeout | undefined;
  const teller = createTeller(options);
  const plan = (): void => {
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
    if (reports.length === 0) return;
    const atMs = nowMs();
    const repeated: ListedOpening[] = [];
    const heard = store.slots.changeLock(lockId, (records) => {
      for (const report of reports) {
        if (report.report !== 'opened') continue;
        const { slot } = report;
        const held = findHeld(records, slot, view, target);
        const opening = { lockId, slot, accessCodeId: held?.accessCodeId ?? null, atMs };
        store.programmed.addOpening(opening);
        if (held?.verifiedAtMs !== null) repeated.push(opening);
      }
      return hearReports({ view, records }, reports, target, atMs, policy);
    });
    view = heard.view;
    for (const opening of repeated) listener.opened(opening);
    plan();
  };
  // A command that leaves before there is a connection would count as one in vain.
  timer = setTimeout(guarded(listener, plan), LOOK_MS);
  return {
    receive: guarded(listener, hear),
    look: guarded(listener, plan),
    close() {
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
