import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  deriveCodeKey,
  deriveCommandKey,
  deriveUnitKey,
  issueCode,
  lockTopics,
  parseHead,
  readHead,
  readRosterReport,
  readSession,
  rosterOf,
  signCommand,
  signHello,
} from '@staycode/core';
import { openLogKeeper } from '@staycode/core/edges';
import { connectLock } from '../../mqtt-lock-sim/src/mqtt.ts';
import { SimulatedLock } from '../../mqtt-lock-sim/src/simulated-lock.ts';
import { deriveLogKey } from '../../core/src/stay-code/keys.ts';
import { startBroker } from '../support/broker.ts';
import { EXAMPLE_LOCK_KEY, exampleBytes } from '../support/example-journal.ts';
import { EXAMPLE_SITE_KEY, exampleConfig } from '../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { HandClock } from './hand-clock.ts';
import { startWatcher } from './watcher.ts';

const START = '2026-12-03T14:00:00Z';
const topics = lockTopics('front-door');
const startsAtMs = Date.parse(START);
const STAY = issueCode(deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1)), {
  ...{ kind: 'stay', revision: 0, startsAtMs, endsAtMs: startsAtMs + 4 * 86_400_000 - 4 * 3_600_000 },
  alphabet: 'decimal',
} as const);

describe('the lock’s log over a broker', () => {
  afterEach(removeScratch);

  it('brings home what happened offline, marked as history and never as an event, and forgets it once it is kept', async () => {
    const folder = scratchFolder();
    const broker = await startBroker();
    const lock = new SimulatedLock({
      file: {
        ...exampleConfig(),
        ...{ lockId: 'front-door', name: 'Front door', zone: 'Europe/Berlin', lockKey: EXAMPLE_LOCK_KEY },
        keeper: 'node-red',
      },
      folder,
      system: new HandClock(START),
      randomBytes: exampleBytes,
      autoLockMs: 0,
      journal: { keepAcknowledged: 1 },
    });
    const commandKey = deriveCommandKey(EXAMPLE_LOCK_KEY, 'node-red');
    const keeper = openLogKeeper({
      ...{ folder: scratchFolder(), lockId: 'front-door', controllerId: 'node-red', commandKey },
      logKey: deriveLogKey(EXAMPLE_LOCK_KEY),
    });
    const watcher = await startWatcher(broker.url, 'staycode/#');
    await lock.applyFault({ fault: 'network-off', on: true });
    const link = connectLock(lock, { url: broker.url, reconnectMs: 20, log: () => undefined });
    try {
      for (let i = 0; i < 5; i++) await lock.enter(STAY);
      await lock.applyFault({ fault: 'network-off', on: false });
      const step = await keeper.receive(
        { text: await watcher.next(topics.auditEntries), retained: false },
        0,
      );
      assert.deepEqual([step.fault, step.historical], [null, true]);
      assert.equal(step.entries.filter(({ event }) => event === 'LockOperation').length, 5);
      assert.deepEqual(watcher.texts(topics.event), []);
      const head = readHead(parseHead(broker.published(topics.auditHead).at(-1) ?? ''));
      assert.equal(head?.logId, keeper.state?.logId);
      const before = readFileSync(join(folder, 'journal.jsonl'), 'utf8').length;
      await watcher.publish(topics.auditAck, step.ack ?? '');
      await until(() => readFileSync(join(folder, 'journal.jsonl'), 'utf8').length < before);
      await lock.enter(STAY);
      const news = await keeper.receive(
        { text: await watcher.next(topics.auditEntries), retained: false },
        0,
      );
      assert.deepEqual([news.historical, news.duplicates], [false, 0]);
      const hello = { lockId: 'front-door', controllerId: 'node-red', nonce: '0'.repeat(32) };
      await watcher.publish(topics.hello, signHello(commandKey, hello));
      const session = readSession(commandKey, await watcher.next(topics.session));
      if (session === null) throw new Error('expected a session');
      const { bootEpoch, counter, poweredMs } = session;
      const command = { lockId: 'front-door', controllerId: 'node-red', bootEpoch, counter: counter + 1 };
      const expiresAtPoweredMs = poweredMs + 30_000;
      const text = signCommand(commandKey, { ...command, expiresAtPoweredMs, act: rosterOf(commandKey, []) });
      await watcher.publish(topics.command, text);
      const report = readRosterReport(commandKey, await watcher.next(topics.roster));
      assert.deepEqual(
        report?.unlisted.map(({ startsAtMs: start }) => start),
        [startsAtMs],
      );
    } finally {
      await link.close();
      await watcher.close();
      await broker.stop();
      lock.close();
      await keeper.close();
    }
  });
});
