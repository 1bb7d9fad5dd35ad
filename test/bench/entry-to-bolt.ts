/** From the end of an entry to the bolt, without the tick, beside one bare append and fsync of as many bytes. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deriveCodeKey, formatLine, issueCode } from '@staycode/core';
import { LockDevice, openJournal } from '@staycode/core/edges';
import { exampleJournal } from '../support/example-journal.ts';
import { exampleConfig } from '../support/lock-example.ts';
import type { Contest } from './measure.ts';

const GOAL = 1.5;

/** The lock keeps its journal in `folder`; signing every 64th entry is in the time of the one after it. */
export async function entryToBolt(folder: string): Promise<Contest[]> {
  const config = exampleConfig();
  const digits = issueCode(deriveCodeKey(config.units[0]?.unitKey ?? new Uint8Array(32)), {
    kind: 'stay',
    revision: 0,
    startsAtMs: Date.parse('2026-12-03T14:00:00Z'),
    endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
    alphabet: 'decimal',
  });
  const bornMs = Date.parse('2026-12-03T15:00:00Z');
  let atMs = bornMs;
  const clock = {
    clockMs: () => atMs,
    setClock: () => undefined,
    uptimeMs: () => atMs - bornMs,
    delay: () => Promise.resolve(),
  };
  const firstMoment = { atMs, clock: 'running', poweredMs: 0 } as const;
  const journal = openJournal(exampleJournal(folder, { lockId: 'bench', rules: config.rules, firstMoment }));
  const lockKey = new Uint8Array(32);
  const moveBolt = (): Promise<'moved'> => Promise.resolve('moved');
  const device = new LockDevice({ lockId: 'bench', lockKey, config, journal, clock, tickMs: 0, moveBolt });
  await device.enter(digits);
  const line = `${formatLine({ hash: journal.head().hash, body: JSON.stringify(journal.recent(1)[0]) })}\n`;
  const fd = openSync(join(folder, 'bare'), 'a');
  process.on('exit', () => {
    closeSync(fd);
  });
  const contest = (how: string, entry: string): Contest => ({
    name: `entry to bolt by ${how}, beside append and fsync`,
    goal: GOAL,
    ours: () => {
      atMs += 1;
      return device.enter(entry);
    },
    peer: () => {
      writeSync(fd, line);
      fsyncSync(fd);
    },
    calls: 100,
  });
  return [contest('PIN', digits.slice(0, 6)), contest('twelve digits', digits)];
}
