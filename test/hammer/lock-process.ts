/**
 * A lock as a process to be killed: reads `label digits` lines, judges each by the real device over a real journal, and moves its
 * bolt by one write of the label into a file. Arguments: the folder, and `no-fsync` to show what a test must notice.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hammerConfig } from './plan.ts';

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
const firstMoment = { atMs: clock.clockMs(), clock: 'running', poweredMs: 0 } as const;
const journal = openJournal({
  folder,
  lockId: 'hammered',
  rules: config.rules,
  firstMoment,
  snapshotEvery: 20,
});
const device = new LockDevice({
  lockId: 'hammered',
  lockKey: new Uint8Array(32),
  config,
  journal,
  clock,
  bootEpoch: '0'.repeat(32),
  tickMs: 1,
  moveBolt: () => {
    fs.writeSync(bolt, `${label}\n`);
    return Promise.resolve('moved');
  },
});

fs.writeSync(1, 'ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [name = '', digits = ''] = line.split(' ');
  label = name;
  const outcome = await device
    .enter(digits)
    .catch((error: unknown) => (error instanceof Error ? error.message : 'failed'));
  fs.writeSync(1, `${name} ${String(outcome)}\n`);
}
