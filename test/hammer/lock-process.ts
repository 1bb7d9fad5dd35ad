/**
 * A lock as a process to be killed: reads `label digits` lines, judges each by the real device over a real journal, and moves its
 * bolt by one write of the label into a file. Arguments: the folder, and `no-fsync` to show what a test must notice.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hammerConfig, hammerJournal } from './plan.ts';

const [folder = '.', mode = ''] = process.argv.slice(2);
if (mode === 'no-fsync') {
  fs.fsyncSync = () => undefined;
  syncBuiltinESMExports();
}
// After the patch: a module that is loaded takes fsync as it is then.
const { LockDevice, openJournal, systemClock } = await import('@staycode/core/edges');

const bolt = fs.openSync(join(folder, 'bolt'), 'a');
let label = '';
const started = systemClock.monotonic();
const clock = {
  clockMs: () => systemClock.now(),
  setClock: () => undefined,
  uptimeMs: () => systemClock.monotonic() - started,
  delay: (ms: number) => systemClock.delay(ms),
};
const config = hammerConfig();
const journal = openJournal(hammerJournal(folder, clock.clockMs()));
const device = new LockDevice({
  lockId: 'hammered',
  lockKey: new Uint8Array(32),
  config,
  journal,
  clock,
  tickMs: 1,
  moveBolt: () => {
    fs.writeSync(bolt, `${label}\n`);
    return Promise.resolve('moved');
  },
});

const kept = fs.openSync(join(folder, 'kept'), 'a');
let keptSeq = journal.header.seq;

/** The keeper takes what is new, and only then may the lock forget it. */
function keep(): void {
  for (const { seq, hash, body } of journal.entriesFrom(keptSeq + 1, Infinity)) {
    fs.writeSync(kept, `${body}\n`);
    keptSeq = seq;
    journal.trim(seq, hash);
  }
}

fs.writeSync(1, 'ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [name = '', digits = ''] = line.split(' ');
  label = name;
  const outcome = await device
    .enter(digits)
    .catch((error: unknown) => (error instanceof Error ? error.message : 'failed'));
  fs.writeSync(1, `${name} ${String(outcome)}\n`);
  keep();
}
