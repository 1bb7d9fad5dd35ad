/** A wrong twelve-digit entry judged, beside the one FF1 of @noble/ciphers that it cannot do without. */
import { FF1 } from '@noble/ciphers/ff1.js';
import { deriveCodeKey } from '@staycode/core';
import { decideEntry } from '../../core/src/lock/decide.ts';
import { readyLock } from '../../core/src/lock/keyring.ts';
import { newMemory } from '../../core/src/lock/memory.ts';
import { exampleConfig } from '../support/lock-example.ts';
import type { Contest } from './measure.ts';

export function deciding(): Contest {
  const config = exampleConfig();
  const lock = readyLock(config);
  const now = { atMs: Date.parse('2026-12-03T15:00:00Z'), clock: 'running', poweredMs: 0 } as const;
  const memory = newMemory(now);
  const ff1 = FF1(10, deriveCodeKey(config.units[0]?.unitKey ?? new Uint8Array(32)));
  const numerals = Array.from('123456789012', Number);
  return {
    name: 'a wrong twelve-digit entry judged, beside one FF1',
    goal: 1.25,
    ours: () => decideEntry(lock, memory, now, '123456789012'),
    peer: () => ff1.decrypt(numerals),
    calls: 200,
  };
}
