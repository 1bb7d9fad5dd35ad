import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { lockTopics, parseLockEvent, parseLockState } from '@staycode/core';
import { systemClock } from '@staycode/core/edges';
import { type Fleet, type FleetOptions, startFleet } from '../../mqtt-lock-sim/src/fleet.ts';
import { parseOptions } from '../../mqtt-lock-sim/src/options.ts';
import { type Broker, startBroker } from '../support/broker.ts';
import { exampleConfig } from '../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { startWatcher, type Watcher } from './watcher.ts';

const LOCKS = ['street-1', 'street-2', 'street-3', 'street-4', 'street-5'];

describe('a fleet of locks', () => {
  let broker: Broker;
  let watcher: Watcher;
  let fleet: Fleet | undefined;
  let folder: string;
  let lines: string[];

  beforeEach(async () => {
    broker = await startBroker();
    watcher = await startWatcher(broker.url, '#');
    folder = scratchFolder();
    lines = [];
  });
  afterEach(async () => {
    await fleet?.close();
    fleet = undefined;
    await watcher.close();
    await broker.stop();
    removeScratch();
  });

  const start = (changes: Partial<FleetOptions> = {}): Fleet => {
    const names = { lockId: 'street', name: 'Street', zone: 'Europe/Berlin' };
    fleet = startFleet({
      file: { ...exampleConfig(), ...names, lockKey: new Uint8Array(32).fill(7) },
      folder,
      system: systemClock,
      randomBytes,
      autoLockMs: 0,
      size: LOCKS.length,
      connections: null,
      mqtt: { url: broker.url, reconnectMs: 20 },
      turnsPerSecond: 0,
      log: (line) => lines.push(line),
      ...changes,
    });
    return fleet;
  };
  const untilOnline = async (): Promise<void> => {
    for (const lock of LOCKS) await watcher.next(lockTopics(lock).availability, 'online');
  };

  for (const [name, connections] of [
    ['a connection of its own', null],
    ['one of two connections', 2],
  ] as const) {
    it(`speaks for each lock by its own name, each with its own journal, on ${name}`, async () => {
      const own = start({ connections });
      await untilOnline();
      for (const lock of LOCKS) {
        const state = parseLockState(await watcher.next(lockTopics(lock).state));
        assert.equal(state.lockId, lock);
      }
      assert.deepEqual(readdirSync(folder).sort(), LOCKS);
      const { locks, connected, connections: open } = own.figures();
      assert.deepEqual([locks, connected, open], [5, connections ?? 5, connections ?? 5]);
      // Once, not once a lock.
      assert.equal(lines.length, 1, lines.join('\n'));
    });

    it(`hands a message to the lock that it is for, on ${name}`, async () => {
      start({ connections });
      await untilOnline();
      await watcher.publish(lockTopics('street-3').command, 'nobody signed this');
      const refusal = parseLockEvent(await watcher.next(lockTopics('street-3').event));
      assert.deepEqual([refusal.lockId, refusal.source, refusal.reason], ['street-3', 'Remote', 'malformed']);
      const others = LOCKS.filter((lock) => lock !== 'street-3');
      assert.deepEqual(
        others.flatMap((lock) => watcher.texts(lockTopics(lock).event)),
        [],
      );
    });

    it(`comes back after the broker was gone, and says offline for each lock before it goes, on ${name}`, async () => {
      const own = start({ connections });
      await untilOnline();
      broker.cut();
      const onlines = (lock: string): number =>
        broker.published(lockTopics(lock).availability).filter((text) => text === 'online').length;
      await until(() => LOCKS.every((lock) => onlines(lock) > 1));
      await own.close();
      fleet = undefined;
      for (const lock of LOCKS) {
        await until(() => broker.published(lockTopics(lock).availability).at(-1) === 'offline');
      }
    });
  }

  it('turns one lock after the other by hand, each turn on record', async () => {
    const own = start({ turnsPerSecond: 200 });
    await untilOnline();
    for (const lock of LOCKS) {
      await watcher.next(lockTopics(lock).event, '"operation":"Unlock"');
      await watcher.next(lockTopics(lock).event, '"operation":"Lock"');
    }
    assert.ok(own.figures().turns >= 10);
  });

  it('is asked for on the command line, with a broker', () => {
    const fleetOf = (...args: string[]): unknown => {
      const options = parseOptions(['--lock', 'a.json', ...args], {});
      assert(options.mode === 'run');
      return options.fleet;
    };
    const mqtt = ['--mqtt', 'mqtt://127.0.0.1'];
    assert.equal(fleetOf(...mqtt), null);
    assert.deepEqual(fleetOf(...mqtt, '--fleet', '1000'), {
      size: 1000,
      connections: null,
      turnsPerSecond: 0,
    });
    const shared = ['--fleet', '10', '--fleet-connections', '2', '--fleet-turns', '5'];
    assert.deepEqual(fleetOf(...mqtt, ...shared), { size: 10, connections: 2, turnsPerSecond: 5 });
    assert.throws(() => fleetOf('--fleet', '10'), /expected --mqtt URL beside --fleet/u);
    assert.throws(() => fleetOf(...mqtt, '--fleet', '0'), /--fleet: a whole number from 1 to 100000, got 0/u);
  });
});
