/** A lock as the wire sees it: judges commands as core does, and can be told to stay silent or to jam. */
import {
  type Answer,
  type Bolt,
  checkCommand,
  deriveCommandKey,
  deriveLockKey,
  type LockState,
  signAnswer,
} from '@staycode/core';

/** Bytes for tests, not a secret of anything. */
const LOCK_KEY: Uint8Array = deriveLockKey(new Uint8Array(32).fill(7), 'front-door', 1);

export class ScriptedLock {
  readonly lockId: string;
  bootEpoch = '00112233445566778899aabbccddeeff';
  bolt: Bolt = 'secured';
  battery: number | null = null;
  silent = false;
  /** Texts of the commands that arrived, in order. */
  readonly received: string[] = [];
  readonly counters: Record<string, number> = {};
  readonly nowMs: () => number;

  constructor(nowMs: () => number, lockId = 'front-door') {
    this.lockId = lockId;
    this.nowMs = nowMs;
  }

  commandKey(controllerId: string): Uint8Array {
    return deriveCommandKey(LOCK_KEY, controllerId);
  }

  state(): LockState {
    const { lockId, bootEpoch, bolt, battery } = this;
    const atMs = Math.round(this.nowMs());
    return { v: 1, lockId, bootEpoch, atMs, clock: 'running', bolt, battery, counters: { ...this.counters } };
  }

  /** Carries a command out if it holds; the text to answer with, or `null` where a lock would keep silent. */
  judge(text: string): string | null {
    this.received.push(text);
    if (this.silent) return null;
    const check = checkCommand(text, {
      lockId: this.lockId,
      bootEpoch: this.bootEpoch,
      nowMs: this.nowMs(),
      commandKeyOf: (id) => this.commandKey(id),
      lastCounterOf: (id) => this.counters[id] ?? 0,
    });
    if (check.command === undefined) return null;
    const { lockId, controllerId, counter, name } = check.command;
    if (check.ok) {
      this.counters[controllerId] = counter;
      if (this.bolt !== 'jammed') this.bolt = name === 'lock' ? 'secured' : 'unsecured';
    }
    const reason = check.ok ? (this.bolt === 'jammed' ? 'jammed' : null) : check.reason;
    const answer: Answer = { lockId, controllerId, counter, ok: reason === null, reason };
    return signAnswer(this.commandKey(controllerId), answer);
  }
}
