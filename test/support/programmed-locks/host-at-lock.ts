/** A host that plans one lock over a wire that loses nothing, with a clock that is set by hand. */
import type { AccessCode } from '@staycode/core';
import { hearReports } from '../../../core/src/programmed-locks/hear.ts';
import { type CodeForLock, type LockPlan, planLock } from '../../../core/src/programmed-locks/plan.ts';
import { DEFAULT_SLOT_POLICY, type SlotPolicy } from '../../../core/src/programmed-locks/policy.ts';
import {
  type LockView,
  type SlotRecord,
  UNSEEN_LOCK,
} from '../../../core/src/programmed-locks/slot-record.ts';
import type { LockCommand, MqttMessage } from '../../../core/src/programmed-locks/target.ts';
import type { StandInLock } from './stand-in-lock.ts';

export class HostAtLock {
  codes: CodeForLock[] = [];
  records: readonly SlotRecord[] = [];
  /** What was sent, without the reads. */
  readonly written: LockCommand[] = [];
  /** Messages go nowhere. */
  isCut = false;
  nowMs = 0;
  policy: SlotPolicy = DEFAULT_SLOT_POLICY;
  readonly #lock: StandInLock;
  #view: LockView = UNSEEN_LOCK;

  constructor(lock: StandInLock) {
    this.#lock = lock;
  }

  /** Does at each time what is to be done, up to and with `untilMs`. */
  run(untilMs: number): this {
    for (let nextAtMs: number | null = this.nowMs; nextAtMs !== null && nextAtMs <= untilMs;) {
      this.nowMs = Math.max(this.nowMs, nextAtMs);
      nextAtMs = this.#plan().nextAtMs;
    }
    this.nowMs = untilMs;
    return this;
  }

  /** The program ends and starts again at a later time; what it had in memory is gone. */
  restart(atMs: number): this {
    this.#view = UNSEEN_LOCK;
    this.records = JSON.parse(JSON.stringify(this.records)) as SlotRecord[];
    this.nowMs = atMs;
    return this;
  }

  hear(messages: readonly MqttMessage[]): void {
    const { target } = this.#lock;
    for (const message of messages) {
      const heard = { view: this.#view, records: this.records };
      const after = hearReports(heard, target.read(message), target, this.nowMs);
      this.#view = after.view;
      this.records = after.records;
    }
  }

  recordOf(code: AccessCode | string): SlotRecord | undefined {
    const id = typeof code === 'string' ? code : code.id;
    return this.records.find(({ accessCodeId }) => accessCodeId === id);
  }

  #plan(): LockPlan {
    const { codes, records, nowMs, policy } = this;
    const { target } = this.#lock;
    const plan = planLock({ lockId: 'door', target, codes, records, view: this.#view, policy, nowMs });
    this.#view = plan.view;
    this.records = plan.records;
    this.written.push(...plan.commands.filter((command) => command.do !== 'read'));
    if (plan.commands.length === 0 || this.isCut) return plan;
    const messages = plan.commands.flatMap((command) => target.write(command));
    // An answer comes after its command.
    const answers = messages.flatMap((message) => this.#lock.receive(message, nowMs));
    this.nowMs++;
    this.hear(answers);
    return this.#plan();
  }
}
