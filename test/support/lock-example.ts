/** A lock with one flat and the default rules of a house in Berlin, for tests. The keys are examples. */
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  deriveUnitKey,
  type LockConfig,
  type LockRules,
} from '@staycode/core';
import { type ReadyLock, readyLock } from '../../core/src/lock/keyring.ts';
import { decideEntry, lockNow } from '../../core/src/lock/decide.ts';
import { type EntryRecord, type LockMemory, newMemory, remember } from '../../core/src/lock/memory.ts';

export const EXAMPLE_SITE_KEY: Uint8Array = new Uint8Array(32).fill(0x42);

export function exampleRules(changes: Partial<LockRules> = {}): LockRules {
  return {
    ...compileRules({ zone: 'Europe/Berlin', ...DEFAULT_HOUSE_RULES }),
    clockLost: 'wait',
    ...changes,
  };
}

export function exampleConfig(changes: Partial<LockConfig> = {}): LockConfig {
  const unitKey = deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1);
  return {
    units: [{ unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', unitKey }],
    rules: exampleRules(),
    staff: [],
    ...changes,
  };
}

/** A pure lock whose clock a test moves by hand; power is never cut. */
export class ExampleLock {
  readonly lock: ReadyLock;
  memory: LockMemory;
  readonly #bornMs: number;

  constructor(config: LockConfig, bornAt: string) {
    this.lock = readyLock(config);
    this.#bornMs = Date.parse(bornAt);
    this.memory = newMemory({ atMs: this.#bornMs, clock: 'running', poweredMs: 0 });
  }

  /** The verdict as `outcome reason`. */
  enter(at: string | number, digits: string): string {
    const record = this.judge(at, digits);
    this.memory = remember(this.memory, record, this.lock.rules);
    return `${record.outcome} ${record.reason}`;
  }

  judge(at: string | number, digits: string): EntryRecord {
    const clockMs = typeof at === 'number' ? at : Date.parse(at);
    const now = lockNow(this.memory, { clockMs, poweredMs: clockMs - this.#bornMs });
    const record = decideEntry(this.lock, this.memory, now, digits);
    if (record === null) throw new Error('an empty entry has no verdict');
    return record;
  }
}
