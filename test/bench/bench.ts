/**
 * `npm run bench`: a line of JSON for each contest, peers beside us in one run. A peer that the registry does not have is not here:
 * OpenPAYGO publishes its JavaScript verifier nowhere that npm finds.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FF1 } from '@noble/ciphers/ff1.js';
import { deriveCodeKey, formatLine, issueCode, type LockConfig } from '@staycode/core';
import { LockDevice, openJournal } from '@staycode/core/edges';
import { decideEntry } from '../../core/src/lock/decide.ts';
import { readyLock } from '../../core/src/lock/keyring.ts';
import { newMemory } from '../../core/src/lock/memory.ts';
import { exampleJournal } from '../support/example-journal.ts';
import { exampleConfig } from '../support/lock-example.ts';
import { feedLinearity, feedParsing } from './feed-parsing.ts';
import { type Contest, measure } from './measure.ts';
import { reconciling, reconcilingMemory } from './reconciling.ts';

const folder = mkdtempSync(join(tmpdir(), 'staycode-bench-'));
const config: LockConfig = exampleConfig();
const nowMs = Date.parse('2026-12-03T15:00:00Z');
const codeKey = deriveCodeKey(config.units[0]?.unitKey ?? new Uint8Array(32));
const digits = issueCode(codeKey, {
  kind: 'stay',
  revision: 0,
  startsAtMs: Date.parse('2026-12-03T14:00:00Z'),
  endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
  alphabet: 'decimal',
});

const contests: Contest[] = [
  decision(),
  ...(await entryToBolt()),
  feedParsing(),
  feedLinearity(),
  reconciling(),
];
for (const contest of contests) console.log(JSON.stringify(await measure(contest)));
console.log(JSON.stringify({ name: 'megabytes of reconciling 10,000 stays', ...reconcilingMemory() }));
rmSync(folder, { recursive: true, force: true });

/** A wrong twelve-digit entry judged, beside the one FF1 that it cannot do without. */
function decision(): Contest {
  const lock = readyLock(config);
  const now = { atMs: nowMs, clock: 'running', poweredMs: 0 } as const;
  const memory = newMemory(now);
  const ff1 = FF1(10, codeKey);
  const numerals = Array.from('123456789012', Number);
  return {
    name: 'decision beside one FF1',
    goal: null,
    ours: () => decideEntry(lock, memory, now, '123456789012'),
    peer: () => ff1.decrypt(numerals),
    calls: 200,
  };
}

/** From the end of an entry to the bolt, without the tick, beside one bare append and fsync of as many bytes. */
async function entryToBolt(): Promise<Contest[]> {
  let atMs = nowMs;
  const clock = {
    clockMs: () => atMs,
    setClock: () => undefined,
    uptimeMs: () => atMs - nowMs,
    delay: () => Promise.resolve(),
  };
  const firstMoment = { atMs, clock: 'running', poweredMs: 0 } as const;
  const journal = openJournal(exampleJournal(folder, { lockId: 'bench', rules: config.rules, firstMoment }));
  const device = new LockDevice({
    lockId: 'bench',
    lockKey: new Uint8Array(32),
    config,
    journal,
    clock,
    tickMs: 0,
    moveBolt: () => Promise.resolve('moved'),
  });
  await device.enter(digits);
  const line = `${formatLine({ hash: journal.head().hash, body: JSON.stringify(journal.recent(1)[0]) })}\n`;
  const fd = openSync(join(folder, 'bare'), 'a');
  process.on('exit', () => {
    closeSync(fd);
  });
  const contest = (name: string, entry: string, goal: number | null): Contest => ({
    name,
    goal,
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
  return [
    contest('entry to bolt by PIN, beside append and fsync', digits.slice(0, 6), 1.5),
    contest('entry to bolt by twelve digits, beside append and fsync', digits, 1.5),
  ];
}
