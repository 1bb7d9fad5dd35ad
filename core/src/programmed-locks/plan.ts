/**
 * The plan of one lock: from the register's codes, the records of its slots and what it was heard to say, to the commands of now
 * and the time of the next thing to do. It keeps nothing itself, so a plan made after any pause mends what the pause left: a
 * code that is missing, and one that should be gone.
 * @module
 */
import type { AccessCode } from '../access-codes/access-code.ts';
import { findKept } from './foresee-pin.ts';
import { findFreeSlots } from './free-slots.ts';
import { choosePin, pinOf } from './pin-choice.ts';
import { DEFAULT_SLOT_POLICY, type SlotPolicy } from './policy.ts';
import { ReadQueue } from './read-queue.ts';
import {
  isActive,
  isClearing,
  labelOf,
  type LockView,
  type SlotCommand,
  type SlotGoal,
  type SlotRecord,
} from './slot-record.ts';
import { firstCommand, stepSlot } from './step.ts';
import type { LockCommand, LockTarget } from './target.ts';

/** A code of a unit that the lock serves, with its twelve digits, as it is only ever held in memory. */
export interface CodeForLock {
  readonly code: AccessCode;
  readonly digits: string;
}

export interface PlanRequest {
  readonly lockId: string;
  readonly target: LockTarget;
  /** Every code that the register holds of the lock's units, withdrawn ones too. */
  readonly codes: readonly CodeForLock[];
  /** The lock's records. */
  readonly records: readonly SlotRecord[];
  readonly view: LockView;
  readonly policy?: SlotPolicy;
  readonly nowMs: number;
}

export interface LockPlan {
  /** The lock's records from now on, to be on disk before the first command leaves. */
  readonly records: readonly SlotRecord[];
  readonly view: LockView;
  /** To be sent in this order. */
  readonly commands: readonly LockCommand[];
  /** When to plan again if nothing is heard before; `null` where there is nothing to do until the register changes. */
  readonly nextAtMs: number | null;
}

/** What to tell and to ask a lock now. */
export function planLock(request: PlanRequest): LockPlan {
  return new Planning(request).plan();
}

class Planning {
  readonly #request: PlanRequest;
  readonly #policy: SlotPolicy;
  readonly #nowMs: number;
  readonly #codes: ReadonlyMap<string, CodeForLock>;
  readonly #commands: LockCommand[] = [];
  readonly #reads: ReadQueue;
  #records: SlotRecord[];
  #nextAtMs = Infinity;

  constructor(request: PlanRequest) {
    this.#request = request;
    this.#policy = request.policy ?? DEFAULT_SLOT_POLICY;
    this.#nowMs = request.nowMs;
    this.#codes = new Map(request.codes.map((one) => [one.code.id, one]));
    this.#reads = new ReadQueue(request.view.asked, this.#policy, this.#nowMs);
    this.#records = request.records.filter(
      (record) => isActive(record) || record.window.endsAtMs > this.#nowMs,
    );
  }

  plan(): LockPlan {
    this.#recordDueCodes();
    // Whoever leaves makes room, and whoever arrives first gets it.
    for (const record of this.#inOrder('clear')) this.#advance(record, 'clear');
    for (const record of this.#inOrder('set')) this.#advance(record, 'set');
    this.#giveSlots();
    const { read, nextAtMs } = this.#reads.take();
    if (read) this.#commands.push({ do: 'read', ...read });
    this.#wakeAt(nextAtMs);
    for (const record of this.#records) this.#tellHost(record);
    return {
      records: this.#records,
      view: { ...this.#request.view, asked: this.#reads.asked },
      commands: this.#commands,
      nextAtMs: this.#nextAtMs === Infinity ? null : this.#nextAtMs,
    };
  }

  #recordDueCodes(): void {
    for (const { code } of this.#request.codes) {
      const window = { startsAtMs: code.startsAtMs, endsAtMs: code.endsAtMs };
      if (code.withdrawnAtMs !== null || code.endsAtMs <= this.#nowMs) continue;
      if (!this.#isDue(code)) continue;
      this.#wakeAt(code.endsAtMs);
      const record = this.#records.find(({ accessCodeId }) => accessCodeId === code.id);
      if (record && isActive(record)) {
        this.#put({ ...record, window });
        continue;
      }
      const earlier = findKept(code, this.#records, {
        codeOf: (id) => this.#codes.get(id)?.code,
        nowMs: this.#nowMs,
      });
      const news = { accessCodeId: code.id, window, toldAtMs: null, failure: null };
      if (earlier) this.#put({ ...earlier, ...news }, earlier);
      else this.#put(record ? { ...waiting(record), window } : this.#firstRecord(code));
    }
  }

  #isDue(code: AccessCode): boolean {
    const fromMs = this.#dueAtMs(code);
    this.#wakeAt(fromMs);
    return fromMs <= this.#nowMs;
  }

  #dueAtMs(code: AccessCode): number {
    const { leadWithWindowMs, leadMs } = this.#policy;
    if (this.#request.target.keepsWindow !== 'no') return code.startsAtMs - leadWithWindowMs;
    return Math.max(code.startsAtMs - leadMs, this.#freeFromMs(code));
  }

  /** How many codes are about to be due: places are looked for before, so that they can be set at once. */
  #countComing(): number {
    const coming = this.#request.codes.filter(({ code }) => {
      const dueAtMs = this.#dueAtMs(code);
      const isComing = code.withdrawnAtMs === null && dueAtMs > this.#nowMs;
      if (isComing) this.#wakeAt(dueAtMs - this.#policy.prepareMs);
      return isComing && dueAtMs - this.#policy.prepareMs <= this.#nowMs;
    });
    return coming.length;
  }

  /** When the guest before has left: until then nobody else's code may open. */
  #freeFromMs({ id, unitId, startsAtMs }: AccessCode): number {
    const ends = this.#request.codes
      .filter(({ code }) => code.unitId === unitId && code.id !== id && code.withdrawnAtMs === null)
      .map(({ code }) => code.endsAtMs);
    return Math.max(-Infinity, ...ends.filter((endsAtMs) => endsAtMs <= startsAtMs));
  }

  #firstRecord({ id, startsAtMs, endsAtMs }: AccessCode): SlotRecord {
    return {
      ...{ lockId: this.#request.lockId, accessCodeId: id, pinFrom: id, pinChoice: 0, slot: null },
      ...{ window: { startsAtMs, endsAtMs }, setAtMs: null, sent: null, tries: 0 },
      ...{ toldAtMs: null, clearedAtMs: null, failure: null },
    };
  }

  /** A clearing is finished before the slot is used again, also when the code is wanted again meanwhile. */
  #goalOf(record: SlotRecord): SlotGoal {
    if (isClearing(record)) return 'clear';
    const code = this.#codes.get(record.accessCodeId)?.code;
    const isWanted = code?.withdrawnAtMs === null && code.endsAtMs > this.#nowMs && this.#isDue(code);
    return isWanted ? 'set' : 'clear';
  }

  #inOrder(goal: SlotGoal): SlotRecord[] {
    return this.#records
      .filter((record) => isActive(record) && this.#goalOf(record) === goal)
      .sort(
        (a, b) => a.window.startsAtMs - b.window.startsAtMs || (a.accessCodeId < b.accessCodeId ? -1 : 1),
      );
  }

  #advance(record: SlotRecord, goal: SlotGoal): void {
    if (record.sent === null) {
      if (goal === 'clear') this.#put({ ...record, clearedAtMs: this.#nowMs });
      return;
    }
    const { target, view } = this.#request;
    const pins = this.#pinsOf(record);
    const step = stepSlot(record, goal, { target, view, policy: this.#policy, nowMs: this.#nowMs, pins });
    switch (step.next) {
      case 'done':
      case 'lost': {
        const isOver = step.next === 'done' || goal === 'clear';
        this.#put(isOver ? { ...cleared(record), clearedAtMs: this.#nowMs } : waiting(record));
        this.#wakeAt(this.#nowMs + 1);
        return;
      }
      case 'wait':
        this.#put(step.record);
        this.#wakeAt(step.atMs);
        return;
      case 'read':
        this.#put(step.record);
        if (step.atMs > this.#nowMs) this.#wakeAt(step.atMs);
        else this.#reads.want(this.#keyOf(step.record.slot), this.#nowMs);
        return;
      case 'set':
      case 'clear':
      case 'set-window':
      case 'clear-window':
        this.#send(step.record, step.next);
    }
  }

  #send(record: SlotRecord, command: SlotCommand): void {
    const choice = command === 'set' ? this.#choose(record) : { choice: record.pinChoice, pin: '' };
    if (choice === null) {
      if (record.sent !== null) this.#put(record);
      this.#fail(record, 'no PIN is left that the lock permits');
      return;
    }
    const tries = record.sent?.command === command ? record.tries + 1 : 1;
    const setAtMs = command === 'set' ? this.#nowMs : record.setAtMs;
    const sent = { command, atMs: this.#nowMs };
    const next = { ...record, setAtMs, sent, tries, pinChoice: choice.choice };
    this.#put(next);
    this.#commands.push(...toCommands(next, command, choice.pin));
    this.#reads.wantAnew(this.#keyOf(next.slot));
  }

  /** After every fourth try in vain the next PIN: not every lock says that another slot has it. */
  #choose(record: SlotRecord): ReturnType<typeof choosePin> {
    const digits = this.#codes.get(record.pinFrom)?.digits;
    if (digits === undefined) return null;
    const isInVain = record.tries > 0 && record.tries % 4 === 0 && record.sent?.command === 'set';
    return choosePin(
      digits,
      this.#request.target.pinLimits,
      this.#takenPins(record),
      record.pinChoice + (isInVain ? 1 : 0),
    );
  }

  #takenPins(record: SlotRecord): Set<string> {
    const own = this.#records.filter(
      (other) => other.accessCodeId !== record.accessCodeId && isActive(other),
    );
    const ofOwn = own.filter(({ sent }) => sent !== null).flatMap((other) => this.#pinsOf(other).slice(-1));
    const slots = new Set(own.concat(record).map(({ slot }) => slot));
    const strangers = [...this.#request.view.slots].filter(([slot]) => !slots.has(slot));
    return new Set([...ofOwn, ...strangers.flatMap(([, { entry }]) => entry?.pin ?? [])]);
  }

  #pinsOf({ pinFrom, pinChoice }: SlotRecord): string[] {
    const digits = this.#codes.get(pinFrom)?.digits;
    if (digits === undefined) return [];
    const choices = Array.from({ length: pinChoice + 1 }, (_, choice) => choice);
    return choices.flatMap((choice) => pinOf(digits, choice, this.#request.target.pinLimits) ?? []);
  }

  /** Gives free slots to those who wait, and asks about as many as are missing. */
  #giveSlots(): void {
    const wait = this.#inOrder('set').filter(({ sent }) => sent === null);
    const coming = this.#countComing();
    if (wait.length + coming === 0) return;
    const { target, view } = this.#request;
    const { free, unread, recheck } = findFreeSlots(target, this.#records, view, this.#policy, this.#nowMs);
    wait.slice(0, free.length).forEach((record, at) => {
      this.#send({ ...record, slot: free[at] ?? null }, firstCommand(target));
    });
    const short = wait.slice(free.length);
    const missing = Math.max(0, wait.length + coming - free.length);
    for (const { slot, atMs } of unread.slice(0, missing)) this.#reads.want(slot, atMs);
    if (unread.length > 0) return;
    if (recheck && short.length > 0) this.#reads.want(recheck.slot, recheck.atMs);
    for (const record of short) {
      if (this.#makeRoom(record) || this.#someoneLeavesBefore(record)) continue;
      const tellFromMs = record.window.startsAtMs - this.#policy.tellEarliestMs;
      this.#wakeAt(tellFromMs);
      if (this.#nowMs < tellFromMs) continue;
      this.#fail(record, `all ${target.slots.count} places in the lock are taken`);
      this.#wakeAt(this.#nowMs + this.#policy.freshMs);
    }
  }

  /** Takes the slot of the latest who is yet to arrive, if that is after the one who waits. */
  #makeRoom(record: SlotRecord): boolean {
    const isLeaving = this.#inOrder('clear').length > 0;
    if (isLeaving) return true;
    const last = this.#inOrder('set').findLast(({ sent }) => sent !== null);
    if (!last || last.window.startsAtMs <= Math.max(this.#nowMs, record.window.startsAtMs)) return false;
    this.#send(last, 'clear');
    return true;
  }

  #someoneLeavesBefore({ window }: SlotRecord): boolean {
    return this.#records.some((other) => other.sent !== null && other.window.endsAtMs < window.startsAtMs);
  }

  #keyOf(slot: number | null): number | null {
    return this.#request.target.slots.chosenBy === 'lock' ? null : slot;
  }

  #tellHost(record: SlotRecord): void {
    if (!isActive(record) || record.failure !== null) return;
    const goal = this.#goalOf(record);
    if (goal === 'set' && record.toldAtMs !== null) return;
    const { tellBeforeMs, tellEarliestMs, minTries, maxTries } = this.#policy;
    const { startsAtMs, endsAtMs } = record.window;
    const deadlineMs = goal === 'set' ? startsAtMs - tellBeforeMs : endsAtMs + tellBeforeMs;
    const earliestMs = startsAtMs - tellEarliestMs;
    this.#wakeAt(deadlineMs);
    this.#wakeAt(earliestMs);
    const key = record.sent === null ? undefined : this.#keyOf(record.slot);
    const tries = Math.max(record.tries, this.#reads.timesInVain(key));
    const isLate = this.#nowMs >= deadlineMs && tries >= minTries;
    if (!isLate && !(tries >= maxTries && this.#nowMs >= earliestMs)) return;
    const { refusal } = this.#request.view;
    const since = record.sent?.atMs ?? Infinity;
    const why = refusal && refusal.atMs >= since ? refusal.message : 'the lock has not confirmed it';
    this.#fail(record, why);
  }

  #fail(record: SlotRecord, why: string): void {
    const current = this.#records.find(({ accessCodeId }) => accessCodeId === record.accessCodeId) ?? record;
    if (current.failure === null) this.#put({ ...current, failure: { message: why, atMs: this.#nowMs } });
  }

  #put(record: SlotRecord, replaced: SlotRecord = record): void {
    const others = this.#records.filter(({ accessCodeId }) => accessCodeId !== replaced.accessCodeId);
    this.#records = [...others, record];
  }

  #wakeAt(atMs: number): void {
    if (atMs > this.#nowMs) this.#nextAtMs = Math.min(this.#nextAtMs, atMs);
  }
}

function toCommands(record: SlotRecord, command: SlotCommand, pin: string): LockCommand[] {
  const { slot, window } = record;
  if (command === 'set') return [{ do: 'set', slot, label: labelOf(record), pin, window }];
  if (slot === null) return [];
  return command === 'set-window' ? [{ do: command, slot, window }] : [{ do: command, slot }];
}

function cleared(record: SlotRecord): SlotRecord {
  return { ...record, slot: null, tries: 0, toldAtMs: null, failure: null };
}

/** A record whose code has no slot any more and needs one. */
function waiting(record: SlotRecord): SlotRecord {
  return { ...cleared(record), sent: null, clearedAtMs: null };
}
