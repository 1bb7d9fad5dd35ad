/**
 * `npm run latency`: from the key that ends a guest's entry, as the keypad page sends it, through the lock's verdict, its fsync and
 * MQTT to the event at a HomeKit controller; beside a bare plugin in the same Homebridge, which hears the same lock and checks
 * nothing. Each event also from the moment the broker has the lock's word. Prints the distributions and their ratios.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deriveCodeKey, deriveCommandKey, formatLockFile, issueCode, lockTopics } from '@staycode/core';
import { startProgram } from '../../../demo/program.ts';
import { HomeApp } from '../../homebridge-plugin/home-app.ts';
import { startBroker } from '../../support/broker.ts';
import { startHomebridge } from '../../support/homebridge.ts';
import { exampleConfig } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { layPlugins } from './plugins.ts';
import { type Event, EVENTS, type Plugin, printTable, Stopwatch } from './stopwatch.ts';

const ENTRIES = Number(process.argv[2] ?? 150);
/** Homebridge gathers most events for 250 ms; the next entry comes after they are out. */
const PAUSE_MS = 600;
const HOUR_MS = 3_600_000;
const LOCK_ID = 'front-door';
const LOCK_KEY = new Uint8Array(32).fill(7);
const MAIN = join(import.meta.dirname, '../../../mqtt-lock-sim/src/main.ts');

const topics = lockTopics(LOCK_ID);
const watch = new Stopwatch();
const broker = await startBroker({
  heard: (topic, text) => {
    if (topic === topics.event) watch.lockSaid('keypad');
    if (topic === topics.state && text.includes('"bolt":"unsecured"')) watch.lockSaid('current');
  },
});
const config = exampleConfig();
const lock = startLock();
const homes: HomeApp[] = [];
const stops: (() => Promise<void>)[] = [() => lock.stop(), () => broker.stop()];
try {
  const [, keypad = ''] = await lock.waitFor(/Keypad (http:\S+)/u);
  await pairBoth();
  await typeEntries(keypad);
  printTable(watch, ENTRIES);
} finally {
  for (const home of homes) await home.close();
  for (const stop of stops) await stop();
  removeScratch();
}

function startLock(): ReturnType<typeof startProgram> {
  const file = join(scratchFolder(), `${LOCK_ID}.json`);
  const named = { ...config, lockId: LOCK_ID, name: 'Front door', zone: 'Europe/Berlin', lockKey: LOCK_KEY };
  writeFileSync(file, formatLockFile(named));
  const args = ['--lock', file, '--mqtt', broker.url, '--auto-lock', '0'];
  return startProgram('Lock', ['--conditions=staycode-source', MAIN, ...args], { cwd: scratchFolder() });
}

/** A controller for each plugin's lock, which tells the watch of its events. */
async function pairBoth(): Promise<void> {
  const bridge = await startHomebridge({
    storageDir: join(scratchFolder(), 'storage'),
    pluginDir: layPlugins(scratchFolder()),
    config: { platforms: [staycodeBlock(), bareBlock()] },
  });
  stops.unshift(() => bridge.stop());
  const first = new HomeApp(bridge);
  homes.push(first);
  const pairing = await first.pair(bridge.pin);
  for (const at of [0, 1]) {
    const home = new HomeApp(bridge, pairing);
    homes.push(home);
    await home.discover(at);
    const plugin: Plugin = (await home.read('serial')) === LOCK_ID ? 'staycode' : 'bare';
    await home.subscribe(...EVENTS);
    home.told = (told) => {
      const event = EVENTS.find((each) => told.startsWith(each));
      if (event !== undefined && isOfEntry(event, told)) watch.homeTold(plugin, event);
    };
  }
}

/** The bolt also goes back, by hand, between two entries. */
function isOfEntry(event: Event, told: string): boolean {
  return event === 'keypad' || told === 'current 0';
}

async function typeEntries(keypad: string): Promise<void> {
  const startsAtMs = new Date().setUTCHours(14, 0, 0, 0) - 24 * HOUR_MS;
  const digits = issueCode(deriveCodeKey(config.units[0]?.unitKey ?? new Uint8Array(32)), {
    ...{ kind: 'stay', revision: 0, alphabet: 'decimal', startsAtMs },
    endsAtMs: startsAtMs + 92 * HOUR_MS,
  });
  const post = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${keypad}/api/${path}`, { method: 'POST', body: JSON.stringify(body) });
    return answer.json();
  };
  for (let entry = 0; entry < ENTRIES; entry++) {
    await post('turn', { to: 'lock' });
    await pause(PAUSE_MS);
    watch.keyPressed();
    const { opened } = (await post('entry', { digits })) as { opened: boolean };
    if (!opened) throw new Error('expected the entry to open');
    await pause(PAUSE_MS);
    watch.stop();
  }
}

function staycodeBlock(): object {
  const commandKey = Buffer.from(deriveCommandKey(LOCK_KEY, 'homebridge')).toString('hex');
  const locks = [{ name: 'Front door', lockId: LOCK_ID, commandKey }];
  return { platform: 'Staycode', name: 'Staycode', broker: { url: broker.url }, locks };
}

function bareBlock(): object {
  return { platform: 'Bare', name: 'Bare', url: broker.url, topics: [topics.event, topics.state] };
}
