/** How tests open the journal of the example lock, with randomness from a seed. */
import { deriveLockKey } from '@staycode/core';
import type { JournalOptions } from '@staycode/core/edges';
import { EXAMPLE_SITE_KEY, exampleRules } from './lock-example.ts';
import { Random } from './random.ts';

export const EXAMPLE_LOCK_KEY: Uint8Array = deriveLockKey(EXAMPLE_SITE_KEY, 'front-door', 1);
export const EXAMPLE_BOOT_ID: string = 'ab'.repeat(16);
const seeded = new Random(1);

export function exampleBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, () => seeded.whole(0, 255));
}

export function exampleJournal(folder: string, changes: Partial<JournalOptions> = {}): JournalOptions {
  return {
    folder,
    lockId: 'front-door',
    lockKey: EXAMPLE_LOCK_KEY,
    rules: exampleRules(),
    bootId: EXAMPLE_BOOT_ID,
    randomBytes: exampleBytes,
    firstMoment: { atMs: Date.parse('2026-12-03T13:00:00Z'), clock: 'running', poweredMs: 0 },
    ...changes,
  };
}
