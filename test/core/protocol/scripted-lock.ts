/** A lock as the wire sees it, its memory kept in memory: judges as core does, and can be told to stay silent or to jam. */
import { type Bolt, deriveCommandKey, deriveLockKey, type LockState } from '@staycode/core';
import { readyLock } from '../../../core/src/lock/keyring.ts';
import { type LockMemory, newMemory, remember } from '../../../core/src/lock/memory.ts';
import {
  answerHello,
  answerTo,
  judgeCommand,
  type WireContext,
} from '../../../core/src/protocol/judge-command.ts';
import { exampleConfig } from '../../support/lock-example.ts';

/** Bytes for tests, not a secret of anything. */
const LOCK_KEY: Uint8Array = deriveLockKey(new Uint8Array(32).fill(7), 'front-door', 1);
const CONFIG = exampleConfig();

export class ScriptedLock {
  readonly lockId: string;
  bootEpoch = '00112233445566778899aabbccddeeff';
  bolt: Bolt = 'secured';
  battery: number | null = null;
  door: LockState['door'] = null;
  tampered = false;
  silent = false;
  memory: LockMemory;
  /** Texts of the commands that arrived, in order. */
  readonly received: string[] = [];
  readonly nowMs: () => number;
  readonly poweredMs: () => number;

  constructor(nowMs: () => number, lockId = 'front-door', poweredMs: () => number = nowMs) {
    this.lockId = lockId;
    this.nowMs = nowMs;
    this.poweredMs = poweredMs;
    this.memory = newMemory({ atMs: nowMs(), clock: 'running', poweredMs: poweredMs() });
  }

  commandKey(controllerId: string): Uint8Array {
    return deriveCommandKey(LOCK_KEY, controllerId);
  }

  state(): LockState {
    const { lockId, bolt, battery, door, tampered } = this;
    return { v: 1, lockId, atMs: Math.round(this.nowMs()), clock: 'running', bolt, battery, door, tampered };
  }

  /** The session to answer with, or `null` where a lock would keep silent. */
  greet(text: string): string | null {
    return this.silent ? null : answerHello({ text, retained: false }, this.#context());
  }

  /** Carries a command out if it holds; the text to answer with, or `null` where a lock would keep silent. */
  judge(text: string): string | null {
    this.received.push(text);
    if (this.silent) return null;
    const context = this.#context();
    const { record, command, refusal } = judgeCommand({ text, retained: false }, context);
    this.memory = remember(this.memory, { ...record, ...context.now }, CONFIG.rules);
    if (record.type !== 'operation') return answerTo(command, refusal, context);
    if (this.bolt === 'jammed') return answerTo(command, 'jammed', context);
    this.bolt = record.operation === 'lock' ? 'secured' : 'unsecured';
    return answerTo(command, null, context);
  }

  #context(): WireContext {
    const now = { atMs: this.nowMs(), clock: 'running', poweredMs: this.poweredMs() } as const;
    const { lockId, bootEpoch, memory } = this;
    return { lockId, lockKey: LOCK_KEY, bootEpoch, lock: readyLock(CONFIG), memory, now };
  }
}
