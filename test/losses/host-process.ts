/**
 * A host as a process to be killed: the real keeper of the lock's log and a real controller, on one connection. Each command is
 * said again, word for word, as a broker or an enemy might. Its argument is a `HostPlan`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { flushCompileCache } from 'node:module';
import { deriveCommandKey, deriveLogKey, LockController } from '@staycode/core';
import { Random } from '../support/random.ts';
import { type HostPlan, lockFileOf, type Report } from './plan.ts';
import { loseUnsynced } from './power-cut.ts';

const plan = JSON.parse(process.argv[2] ?? '') as HostPlan;
const { url, folder, lockId, controllerId, commands, seed } = plan;
loseUnsynced(plan);
const { controllerClock, openLogin, openLogKeeper, openWire, systemClock } =
  await import('@staycode/core/edges');
const { connect } = await import('mqtt');
// It will be killed, and what is not written by then is not kept.
flushCompileCache();

const random = new Random(seed);
process.on('disconnect', () => process.exit(1));
const tell = (report: Report): void => {
  process.send?.(report);
};
const { lockKey } = lockFileOf(lockId);
const own = { lockId, controllerId, commandKey: deriveCommandKey(lockKey, controllerId) };
const keeper = openLogKeeper({ ...own, folder, logKey: deriveLogKey(lockKey) });
const said: string[] = [];
const controller = new LockController({
  ...own,
  clock: controllerClock,
  publish: (topic, text) => {
    wire.say({ topic, text });
    if (topic === topics.command) said.push(text);
  },
  newNonce: () => randomBytes(16).toString('hex'),
  listener: {
    stateCame: () => undefined,
    reachableChanged: () => undefined,
    eventCame: () => undefined,
    messageIgnored: console.error,
  },
});
const { topics } = controller;

async function keep(message: { readonly text: string; readonly retained: boolean }): Promise<void> {
  const { duplicates, ack, resend, fault } = await keeper.receive(message, systemClock.monotonic());
  if (ack !== null) wire.say({ topic: topics.auditAck, text: ack });
  if (resend !== null) wire.say({ topic: topics.auditResend, text: resend });
  if (duplicates > 0) tell({ duplicates });
  if (fault !== null) console.error(`the keeper takes nothing any more: ${fault}`);
}

const client = connect(url, {
  ...openLogin({ url }),
  clientId: `host${createHash('sha256').update(`${controllerId} ${lockId}`).digest('hex').slice(0, 19)}`,
  keepalive: 2,
  reconnectPeriod: 100,
});
const wire = openWire(client, {
  topics: [...controller.subscriptions, topics.auditEntries],
  up: (version) => {
    console.error(`connected with version ${version}`);
    controller.connectionUp();
    wire.say({ topic: topics.auditResend, text: keeper.askFrom(systemClock.monotonic()) });
  },
  down: () => {
    controller.connectionDown();
  },
  messageCame: (message) => {
    if (message.topic === topics.auditEntries) void keep(message);
    else controller.receive(message);
  },
  trouble: console.error,
});

for (let n = 0; n < commands; n++) {
  while (!controller.reachable) await delay(20);
  const outcome = await controller.send({ name: 'unlock' });
  tell({ command: outcome.ok ? 'ok' : outcome.reason });
  wire.say({ topic: topics.command, text: random.pick(said) });
  await delay(random.whole(0, 300));
}
tell({ commandsDone: true });
