import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  deriveCodeKey,
  deriveCommandKey,
  deriveUnitKey,
  issueCode,
  lifecycleOf,
  lockTopics,
} from '@staycode/core';
import { type LogKeeper, openAccessCodeStore, openLogKeeper } from '@staycode/core/edges';
import { deriveLogKey } from '../../core/src/stay-code/keys.ts';
import { connectLock } from '../../mqtt-lock-sim/src/mqtt.ts';
import { SimulatedLock } from '../../mqtt-lock-sim/src/simulated-lock.ts';
import { facts, LEFT } from '../core/access-codes/record-example.ts';
import { HandClock } from '../mqtt-lock-sim/hand-clock.ts';
import { startWatcher } from '../mqtt-lock-sim/watcher.ts';
import { startBroker } from '../support/broker.ts';
import { EXAMPLE_LOCK_KEY, exampleBytes } from '../support/example-journal.ts';
import { EXAMPLE_SITE_KEY, exampleConfig } from '../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const lockId = 'front-door';
const topics = lockTopics(lockId);
const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const commandKey = deriveCommandKey(EXAMPLE_LOCK_KEY, 'node-red');

describe('a code that a guest used while the lock was offline', () => {
  afterEach(removeScratch);

  it('turns from set to verified, with the time of use, once the network is back, and only once', async () => {
    const folder = scratchFolder();
    const broker = await startBroker();
    const watcher = await startWatcher(broker.url, 'staycode/#');
    const usedAtMs = LEFT.startsAtMs + 3_600_000;
    const lock = new SimulatedLock({
      file: {
        ...exampleConfig(),
        ...{ lockId, name: 'Front door', zone: 'Europe/Berlin', lockKey: EXAMPLE_LOCK_KEY },
        keeper: 'node-red',
      },
      folder: join(folder, 'lock'),
      system: new HandClock(new Date(usedAtMs).toISOString()),
      randomBytes: exampleBytes,
      autoLockMs: 0,
    });
    const openKeeper = (): LogKeeper =>
      openLogKeeper({
        ...{ folder: join(folder, 'keeper'), lockId, controllerId: 'node-red', commandKey },
        logKey: deriveLogKey(EXAMPLE_LOCK_KEY),
      });
    const keeper = openKeeper();
    const register = openAccessCodeStore(join(folder, 'register.sqlite'));
    const lifecycle = (): string =>
      lifecycleOf(facts({ code: LEFT, verifiedAtMs: register.uses.firstUsedAtMs(LEFT) }), usedAtMs + 60_000);
    await lock.applyFault({ fault: 'network-off', on: true });
    const link = connectLock(lock, { url: broker.url, reconnectMs: 20, log: () => undefined });
    try {
      const digits = issueCode(codeKey, LEFT);
      for (const entry of [digits, digits.slice(0, 6)]) {
        assert.equal((await lock.enter(entry)).signal, 'opened');
      }
      assert.equal(lifecycle(), 'set');
      await lock.applyFault({ fault: 'network-off', on: false });
      const message = { text: await watcher.next(topics.auditEntries), retained: false };
      const { entries } = await keeper.receive(message, 0);
      assert.deepEqual(
        register.uses.take(entries).map((use) => [use.lockId, use.usedAtMs]),
        [[lockId, usedAtMs]],
      );
      assert.deepEqual([lifecycle(), register.uses.firstUsedAtMs(LEFT)], ['verified', usedAtMs]);
      // A host that was killed before it acted, or after, goes on from its register.
      const again = openKeeper();
      const taken = register.uses.takenUpTo(lockId, again.state?.logId ?? '');
      assert.deepEqual([taken, again.entriesAfter(taken, 10)], [entries.at(-1)?.seq, []]);
      assert.deepEqual(register.uses.take(again.entriesAfter(0, 100)), []);
      await again.close();
    } finally {
      await link.close();
      await watcher.close();
      await broker.stop();
      lock.close();
      await keeper.close();
      register.close();
    }
  });
});
