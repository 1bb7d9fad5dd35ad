/**
 * A lock as a process to be killed: the real simulated lock over a real journal and a real broker, at whose door things happen
 * by themselves. Its argument is a `LockPlan`; it appends a line to the file `bolt` for each move of the bolt.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { planCodes } from '../hammer/plan.ts';
import { Random } from '../support/random.ts';
import { lockFileOf, type LockPlan, type Report } from './plan.ts';
import { loseUnsynced } from './power-cut.ts';

loseUnsynced();
const { systemClock } = await import('@staycode/core/edges');
const { connectLock } = await import('../../mqtt-lock-sim/src/mqtt.ts');
const { SimulatedLock } = await import('../../mqtt-lock-sim/src/simulated-lock.ts');
// It will be killed, and what is not written by then is not kept.
flushCompileCache();

const { url, folder, lockId, acts, seed } = JSON.parse(process.argv[2] ?? '') as LockPlan;
const random = new Random(seed);
process.on('disconnect', () => process.exit(1));
const tell = (report: Report): void => {
  process.send?.(report);
};

const lock = new SimulatedLock({
  file: lockFileOf(lockId),
  folder,
  system: systemClock,
  randomBytes,
  autoLockMs: 0,
  journal: { keepAcknowledged: 4 },
});
// No fault is switched on here, so what is told without an event is a move of the bolt.
lock.subscribe((event) => {
  if (event === null) appendFileSync(join(folder, 'bolt'), 'moved\n');
});
connectLock(lock, { url, reconnectMs: 100, keepaliveS: 2, log: console.error });

const stays = planCodes(Date.now()).filter(({ kind }) => kind === 'stay');
/** Now and then a guest, whose verdict takes its time; else the thumbturn, which takes none. */
async function act(n: number): Promise<void> {
  if (random.chance(0.03)) await lock.enter(random.pick(stays).digits);
  else await lock.turnByHand(n % 2 === 0 ? 'unlock' : 'lock');
  tell({ made: 1 });
}

async function makeEntries(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await lock.turnByHand(n % 2 === 0 ? 'unlock' : 'lock');
  tell({ actsDone: true });
}
process.on('message', (message: { day: number }) => void makeEntries(message.day));

for (let n = 0; n < acts; n++) {
  await act(n);
  await delay(random.whole(0, 15));
}
tell({ actsDone: true });
