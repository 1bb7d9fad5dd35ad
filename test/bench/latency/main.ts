/**
 * `npm run latency`: from a guest's entry, as the lock tells it over MQTT, to the event at a HomeKit controller; beside a bare
 * plugin in the same Homebridge, which hears the same messages and checks nothing. Prints both distributions and their ratio.
 */
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HomeApp } from '../../homebridge-plugin/home-app.ts';
import { WiredLock } from '../../homebridge-plugin/wired-lock.ts';
import { startBroker } from '../../support/broker.ts';
import { startHomebridge } from '../../support/homebridge.ts';
import { unpackPlugin } from '../../support/packed-plugin.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const ENTRIES = Number(process.argv[2] ?? 150);
/** Homebridge gathers most events for 250 ms; the next entry comes after they are out. */
const PAUSE_MS = 500;
const WHO = ['staycode', 'bare'] as const;
const WHAT = ['keypad', 'current'] as const;

type Times = Record<(typeof WHO)[number], Record<(typeof WHAT)[number], number[]>>;

const broker = await startBroker();
const lock = new WiredLock(broker.url);
const bridge = await startHomebridge({
  storageDir: join(scratchFolder(), 'storage'),
  pluginDir: layPlugins(),
  config: { platforms: [staycodeBlock(), bareBlock()] },
});
const homes: HomeApp[] = [];
try {
  print(await measure());
} finally {
  for (const home of homes) await home.close();
  await bridge.stop();
  await lock.leave();
  await broker.stop();
  removeScratch();
}

async function measure(): Promise<Times> {
  const times: Times = { staycode: { keypad: [], current: [] }, bare: { keypad: [], current: [] } };
  let startedMs = 0;
  await lock.join();
  const first = new HomeApp(bridge);
  homes.push(first);
  const pairing = await first.pair(bridge.pin);
  for (const at of [0, 1]) {
    const home = new HomeApp(bridge, pairing);
    homes.push(home);
    await home.discover(at);
    const who = (await home.read('serial')) === lock.lockId ? 'staycode' : 'bare';
    await home.subscribe(...WHAT);
    home.told = (event) => {
      const what = WHAT.find((each) => event.startsWith(each));
      if (what !== undefined && startedMs > 0) times[who][what].push(performance.now() - startedMs);
    };
  }
  for (let entry = 0; entry < ENTRIES; entry++) {
    await pause(PAUSE_MS);
    lock.bolt = lock.bolt === 'secured' ? 'unsecured' : 'secured';
    startedMs = performance.now();
    await Promise.all([lock.publishEvent({ unitId: 'flat-a' }), lock.publishState()]);
  }
  await pause(PAUSE_MS);
  return times;
}

function layPlugins(): string {
  const plugins = unpackPlugin(scratchFolder());
  const bare = join(plugins, 'homebridge-bare');
  cpSync(join(import.meta.dirname, 'bare-plugin'), bare, { recursive: true });
  mkdirSync(join(bare, 'node_modules'));
  symlinkSync(
    join(import.meta.dirname, '../../../node_modules/mqtt'),
    join(bare, 'node_modules/mqtt'),
    'dir',
  );
  return plugins;
}

function staycodeBlock(): object {
  const commandKey = Buffer.from(lock.commandKey('homebridge')).toString('hex');
  const locks = [{ name: 'Front door', lockId: lock.lockId, commandKey }];
  return { platform: 'Staycode', name: 'Staycode', broker: { url: broker.url }, locks };
}

function bareBlock(): object {
  const { event, state } = lock.topics;
  return { platform: 'Bare', name: 'Bare', url: broker.url, topics: [event, state] };
}

function print(times: Times): void {
  console.log('| event | plugin | events | median ms | 95 % | 99 % | most |');
  console.log('|---|---|---|---|---|---|---|');
  for (const what of WHAT) {
    for (const who of WHO) {
      const sorted = times[who][what].toSorted((a, b) => a - b);
      const figures = [0.5, 0.95, 0.99, 1].map((part) => quantile(sorted, part).toFixed(1));
      console.log(`| ${[what, who, `${sorted.length} of ${ENTRIES}`, ...figures].join(' | ')} |`);
    }
    const [ours, bare] = WHO.map((who) =>
      quantile(
        times[who][what].toSorted((a, b) => a - b),
        0.5,
      ),
    );
    console.log(`${what}: staycode ÷ bare at the median: ${((ours ?? NaN) / (bare ?? NaN)).toFixed(2)}`);
  }
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}
