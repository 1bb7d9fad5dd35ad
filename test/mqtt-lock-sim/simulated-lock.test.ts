import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  deriveCodeKey,
  deriveCommandKey,
  deriveLockKey,
  deriveUnitKey,
  issueClockCode,
  issueCode,
  lockTopics,
  parseLockEvent,
  readAnswer,
  readSession,
  type Session,
  signCommand,
  signHello,
} from '@staycode/core';
import { type LockServer, serveLock } from '../../mqtt-lock-sim/src/http.ts';
import type { LockSnapshot } from '../../mqtt-lock-sim/src/live-feed.ts';
import { connectLock } from '../../mqtt-lock-sim/src/mqtt.ts';
import { SimulatedLock, type SimulatedLockOptions } from '../../mqtt-lock-sim/src/simulated-lock.ts';
import { startBroker } from '../support/broker.ts';
import { exampleBytes } from '../support/example-journal.ts';
import { EXAMPLE_SITE_KEY, exampleConfig } from '../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { HandClock } from './hand-clock.ts';
import { startWatcher, until } from './watcher.ts';

const LOCK_ID = 'front-door';
const START = '2026-12-03T14:00:00Z';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const lockKey = deriveLockKey(EXAMPLE_SITE_KEY, LOCK_ID, 1);
const commandKey = deriveCommandKey(lockKey, 'homebridge');
const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));

/** The code of a stay of so many days from 14:00 UTC to 10:00 UTC. */
function stayCode(startsAt: string, days: number): string {
  const startsAtMs = Date.parse(startsAt);
  const endsAtMs = startsAtMs + days * DAY_MS - 4 * HOUR_MS;
  return issueCode(codeKey, { kind: 'stay', revision: 0, startsAtMs, endsAtMs, alphabet: 'decimal' });
}
const STAY = stayCode(START, 4);
const PIN = STAY.slice(0, 6);

describe('the simulated lock with faults', () => {
  let clock: HandClock;
  let lock: SimulatedLock;
  let server: LockServer;
  let reports: string[];
  let countBoots: () => number;
  const open: { close(): Promise<void> }[] = [];

  const start = async (changes: Partial<SimulatedLockOptions> = {}): Promise<void> => {
    clock = new HandClock(START);
    reports = [];
    const folder = scratchFolder();
    countBoots = () => readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('"type":"boot"').length - 1;
    lock = new SimulatedLock({
      file: { ...exampleConfig(), lockId: LOCK_ID, name: 'Front door', zone: 'Europe/Berlin', lockKey },
      folder,
      system: clock,
      randomBytes: exampleBytes,
      autoLockMs: 0,
      report: (line) => reports.push(line),
      ...changes,
    });
    server = await serveLock(lock);
  };
  beforeEach(() => start());
  afterEach(async () => {
    for (const part of open.splice(0)) await part.close();
    await server.close();
    lock.close();
    removeScratch();
    assert.deepEqual(reports, []);
  });

  const post = async (path: string, content: object): Promise<{ status: number; answer: unknown }> => {
    const response = await fetch(server.url + path, { method: 'POST', body: JSON.stringify(content) });
    return { status: response.status, answer: await response.json() };
  };
  const state = async (): Promise<LockSnapshot> =>
    (await (await fetch(`${server.url}/api/state`)).json()) as LockSnapshot;
  /** The faults that are on after it. */
  const apply = async (fault: object): Promise<unknown> => {
    const { status, answer } = await post('/api/faults', fault);
    assert.equal(status, 200, JSON.stringify(answer));
    return (answer as { faults: unknown }).faults;
  };
  const cutPower = (more: object = {}) => apply({ fault: 'power-cut', on: true, ...more });
  const restorePower = () => apply({ fault: 'power-cut', on: false });
  /** The signal at the door and the reason in the log. */
  const enter = async (digits: string): Promise<string> => {
    const { status, answer } = await post('/api/entry', { digits });
    if (status !== 200) return `no answer: ${status}`;
    const last = (await state()).events.findLast(({ source }) => source === 'Keypad');
    return `${(answer as { signal: string }).signal} ${last?.reason ?? ''}`;
  };

  const receive = async (topic: 'hello' | 'command', text: string): Promise<string> => {
    const replies = await lock.receive({ topic: lockTopics(LOCK_ID)[topic], text, retained: false });
    return replies[0]?.text ?? '';
  };
  const greet = async (): Promise<Session> => {
    const hello = { lockId: LOCK_ID, controllerId: 'homebridge', nonce: 'ab'.repeat(16) };
    const session = readSession(commandKey, await receive('hello', signHello(commandKey, hello)));
    if (session === null) throw new Error('expected a session');
    return session;
  };
  /** The reason of the answer. */
  const command = async (text: string): Promise<string | null | undefined> =>
    readAnswer(commandKey, await receive('command', text))?.reason;

  describe('without power', () => {
    it('answers no entry with 503 and judges none, and lists the fault', async () => {
      const cut = { fault: 'power-cut', on: true, clock: 'kept', seconds: null };
      assert.deepEqual(await cutPower(), [cut]);
      assert.deepEqual(await post('/api/entry', { digits: STAY }), {
        status: 503,
        answer: { error: 'lock: expected power, got none' },
      });
      assert.deepEqual((await state()).faults, [cut]);
      assert.deepEqual((await state()).events, []);
      assert.deepEqual(await restorePower(), []);
      assert.equal(await enter(STAY), 'opened stay');
    });

    it('moves no bolt for a verdict that was under way, but knows the code afterwards', async () => {
      const entry = lock.enter(STAY);
      // The entry is on disk, and its verdict waits for the tick.
      await Promise.resolve();
      await lock.applyFault({ fault: 'power-cut', on: true, clock: 'kept', seconds: null });
      await assert.rejects(entry, { code: 'no-power' });
      assert.equal(lock.status().bolt, 'secured');
      await restorePower();
      assert.equal(await enter(PIN), 'opened pin');
    });

    it('turns by hand, and writes nothing of it', async () => {
      await cutPower();
      await apply({ fault: 'jammed', on: true });
      assert.deepEqual((await post('/api/turn', { to: 'unlock' })).answer, { bolt: 'jammed' });
      await apply({ fault: 'jammed', on: false });
      assert.deepEqual((await post('/api/turn', { to: 'unlock' })).answer, { bolt: 'unsecured' });
      await restorePower();
      assert.deepEqual((await state()).events, []);
      assert.equal((await state()).status.bolt, 'unsecured');
    });

    it('does not open sooner after wrong entries: the wait begins again and only powered time counts', async () => {
      for (const wrong of ['1', '2', '3', '4', '5']) assert.equal(await enter(wrong), 'refused unknown');
      clock.pass(50_000);
      await cutPower();
      clock.pass(HOUR_MS);
      await restorePower();
      clock.pass(59_000);
      assert.equal(await enter('6'), 'refused closed');
      clock.pass(MINUTE_MS);
      assert.equal(await enter('7'), 'refused unknown');
    });

    it('forgets no PIN, and its clock runs on', async () => {
      await enter(STAY);
      await cutPower();
      clock.pass(DAY_MS);
      await restorePower();
      assert.equal((await state()).status.atMs, clock.now());
      assert.equal(await enter(PIN), 'opened pin');
    });

    it('has power again by itself after the seconds asked for, and not twice when it was back before', async () => {
      await cutPower({ seconds: 600 });
      clock.pass(599_000);
      assert.equal(await enter(STAY), 'no answer: 503');
      clock.pass(1_000);
      await until(() => lock.faults().length === 0);
      assert.equal(await enter(STAY), 'opened stay');
      await cutPower({ seconds: 600 });
      await restorePower();
      await cutPower();
      clock.pass(HOUR_MS);
      assert.equal(await enter(STAY), 'no answer: 503');
      assert.equal(countBoots(), 3);
    });

    it('takes no command that was signed for the boot before', async () => {
      const sign = async (): Promise<string> => {
        const { bootEpoch, counter, poweredMs } = await greet();
        return signCommand(commandKey, {
          ...{ lockId: LOCK_ID, controllerId: 'homebridge', bootEpoch, counter: counter + 1 },
          expiresAtPoweredMs: poweredMs + 30_000,
          act: { name: 'unlock' },
        });
      };
      const before = await sign();
      await cutPower();
      await assert.rejects(command(before), { code: 'no-power' });
      await restorePower();
      assert.equal(await command(before), 'other-boot');
      assert.equal(await command(await sign()), null);
    });

    it('locks a door again that was unlocked when the power went', async () => {
      lock.close();
      await server.close();
      await start({ autoLockMs: 20 });
      await cutPower();
      await post('/api/turn', { to: 'unlock' });
      await restorePower();
      await until(() => lock.status().bolt === 'secured');
      assert.equal((await state()).events.at(-1)?.source, 'Auto');
    });

    it('reports why it does not start when its journal was damaged meanwhile, and stays without power', async () => {
      lock.close();
      await server.close();
      const folder = scratchFolder();
      await start({ folder });
      await cutPower({ seconds: 10 });
      writeFileSync(`${folder}/journal.jsonl`, 'not a journal\n');
      clock.pass(10_000);
      await until(() => reports.length > 0);
      assert.match(reports.splice(0).join(), /expected a lock's journal/u);
      assert.equal(await enter(STAY), 'no answer: 503');
    });
  });

  describe('with a wrong clock', () => {
    it('lets nobody new in with the clock lost, until a clock code mends it', async () => {
      await apply({ fault: 'clock-lost' });
      assert.deepEqual((await state()).faults, []);
      assert.equal((await state()).status.clock, 'lost');
      clock.pass(HOUR_MS);
      assert.equal(await enter(STAY), 'refused clock-lost');
      const code = issueClockCode(codeKey, { atMs: clock.now(), alphabet: 'decimal' });
      assert.equal(await enter(code), 'done clock');
      await cutPower();
      await restorePower();
      assert.equal((await state()).status.clock, 'running');
      assert.equal(await enter(STAY), 'opened stay');
    });

    it('lets those in who were in before with the clock lost, but no longer than their powered time', async () => {
      await enter(STAY);
      await cutPower({ clock: 'lost' });
      clock.pass(30 * DAY_MS);
      await restorePower();
      assert.equal(await enter(PIN), 'opened pin');
      clock.pass(4 * DAY_MS);
      assert.equal(await enter(PIN), 'refused unknown');
      assert.equal(await enter(STAY), 'refused clock-lost');
    });

    it('loses its clock in a power cut that is on already, and has power again when that ends', async () => {
      await cutPower({ seconds: 60 });
      await apply({ fault: 'clock-lost' });
      assert.equal(await enter(STAY), 'no answer: 503');
      clock.pass(60_000);
      await until(() => lock.faults().length === 0);
      assert.equal(await enter(STAY), 'refused clock-lost');
    });

    it('drifts from now on: fast, it holds a stay for over at its end', async () => {
      clock.pass(DAY_MS);
      assert.deepEqual(await apply({ fault: 'drift', ppm: 100 }), [{ fault: 'drift', ppm: 100 }]);
      assert.equal((await state()).status.atMs, clock.now());
      // Nearly 77 days at 100 ppm: eleven minutes.
      clock.pass(76 * DAY_MS);
      const late = stayCode('2027-02-18T14:00:00Z', 1);
      clock.pass(Date.parse('2027-02-19T09:59:30Z') - clock.now());
      assert.equal(await enter(late), 'refused expired');
    });

    it('drifts from now on: slow, it holds a stay for early at its start', async () => {
      await apply({ fault: 'drift', ppm: -100 });
      clock.pass(76 * DAY_MS);
      const next = stayCode('2027-02-17T14:00:00Z', 1);
      clock.pass(Date.parse('2027-02-17T14:00:00Z') - clock.now());
      assert.equal(await enter(next), 'refused early');
      assert.deepEqual(await apply({ fault: 'drift', ppm: 0 }), []);
      clock.pass(2 * MINUTE_MS);
      assert.equal(await enter(next), 'opened stay');
    });

    it('jumps, either way', async () => {
      await apply({ fault: 'clock-jump', seconds: 5 * 86_400 });
      assert.equal(await enter(STAY), 'refused expired');
      assert.deepEqual(await apply({ fault: 'clock-jump', seconds: -5 * 86_400 }), []);
      assert.equal(await enter(STAY), 'opened stay');
    });
  });

  describe('at the door', () => {
    it('shows a jam with the verdict opened, raises an alarm, and opens once it is cleared', async () => {
      await apply({ fault: 'jammed', on: true });
      assert.equal(await enter(STAY), 'opened stay');
      const { status, events } = await state();
      assert.equal(status.bolt, 'jammed');
      const told = events.map(({ event, reason }) => `${event} ${reason ?? ''}`);
      assert.deepEqual(told, ['LockOperation stay', 'DoorLockAlarm jammed']);
      assert.deepEqual(await apply({ fault: 'jammed', on: false }), []);
      assert.equal((await state()).status.bolt, 'jammed');
      assert.equal(await enter(PIN), 'opened pin');
      assert.equal((await state()).status.bolt, 'unsecured');
    });

    it('raises an alarm with a number of its own when the door is forced', async () => {
      await enter(STAY);
      await apply({ fault: 'forced' });
      await enter(PIN);
      const { events } = await state();
      assert.deepEqual(
        events.map(({ reason }) => reason),
        ['stay', 'forced', 'pin'],
      );
      assert.equal(new Set(events.map(({ seq }) => seq)).size, 3);
    });

    it('is tampered with from then on until a code opens it, and shows how far its log has come', async () => {
      const { last } = lock.health().log;
      await apply({ fault: 'forced' });
      assert.deepEqual([lock.status().tampered, lock.health().log.last], [true, last + 1]);
      await enter(STAY);
      assert.deepEqual([lock.status().tampered, lock.health().log.last], [false, last + 2]);
    });

    it('says whether its door stands open, as it does after it was forced, and nothing of it without a contact', async () => {
      assert.equal(lock.status().door, 'closed');
      await apply({ fault: 'forced' });
      assert.equal(lock.status().door, 'open');
      await apply({ fault: 'door-open', on: false });
      assert.equal(lock.status().door, 'closed');
      await apply({ fault: 'door-open', on: true });
      assert.equal(lock.status().door, 'open');
      await apply({ fault: 'no-contact', on: true });
      assert.equal(lock.status().door, null);
    });

    it('is locked out after too many wrong entries, until the wait is over', async () => {
      for (let i = 0; i < 5; i++) await enter('000000');
      assert.equal(lock.health().lockout, true);
      clock.pass(DAY_MS);
      assert.equal(lock.health().lockout, false);
    });

    it('moves on an unsigned word that its host trusts, and has it on record as remote', async () => {
      await lock.operateUnsigned('unlock');
      assert.equal(lock.status().bolt, 'unsecured');
      assert.equal(lock.recentEvents(1)[0]?.source, 'Remote');
    });

    it('can raise none without power', async () => {
      await cutPower();
      assert.equal((await post('/api/faults', { fault: 'forced' })).status, 503);
    });

    it('shows a low battery, and none again', async () => {
      await apply({ fault: 'battery-low', on: true, percent: 4 });
      assert.equal((await state()).status.battery, 4);
      await apply({ fault: 'battery-low', on: false });
      assert.equal((await state()).status.battery, null);
    });
  });

  describe('on the network', () => {
    const topics = lockTopics(LOCK_ID);

    const connect = async () => {
      const broker = await startBroker();
      const watcher = await startWatcher(broker.url, 'staycode/#');
      const lines: string[] = [];
      const link = connectLock(lock, { url: broker.url, reconnectMs: 20, log: (line) => lines.push(line) });
      open.push(link, watcher, { close: () => broker.stop() });
      await watcher.next(topics.availability, 'online');
      return { watcher, link, lines };
    };

    it('is offline by its last will while the network is off, opens all the same, and comes back', async () => {
      const { watcher, link, lines } = await connect();
      await apply({ fault: 'network-off', on: true });
      await watcher.next(topics.availability, 'offline');
      assert.equal(await enter(STAY), 'opened stay');
      assert.equal(link.connected(), false);
      await apply({ fault: 'network-off', on: false });
      await watcher.next(topics.availability, 'online');
      assert.deepEqual(watcher.texts(topics.event), []);
      assert.deepEqual(
        lines.map((line) => line.replace(/ mqtt:.*\d/u, '')),
        ['MQTT: connected to', 'MQTT: cut off from by a fault', 'MQTT: connected to'],
      );
    });

    it('keeps to what was switched last when the network goes and comes quickly', async () => {
      const { link } = await connect();
      for (const on of [true, false, true]) await lock.applyFault({ fault: 'network-off', on });
      assert.equal(link.connected(), false);
      for (const on of [false, true, false]) await lock.applyFault({ fault: 'network-off', on });
      await until(() => link.connected());
    });

    it('goes with the power without a goodbye, and is another boot when it comes back', async () => {
      const { watcher } = await connect();
      const before = await greet();
      await apply({ fault: 'clock-lost' });
      await watcher.next(topics.availability, 'offline');
      await watcher.next(topics.availability, 'online');
      assert.notEqual((await greet()).bootEpoch, before.bootEpoch);
    });

    it('tells an alarm as it happens', async () => {
      const { watcher } = await connect();
      await apply({ fault: 'forced' });
      assert.equal(parseLockEvent(await watcher.next(topics.event)).event, 'DoorLockAlarm');
    });
  });
});
