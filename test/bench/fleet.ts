/**
 * `npm run fleet`: fleets of locks on one mosquitto, a line of JSON each: how long until all are online, the memory a lock
 * takes, and how many turns of a bolt a second are on disk and heard at the broker, of those that are asked for.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { formatLockFile } from '@staycode/core';
import { connectAsync } from 'mqtt';
import { exampleConfig } from '../support/lock-example.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const MAIN = join(import.meta.dirname, '../../mqtt-lock-sim/src/main.ts');
const FLEETS = [
  { locks: 1000, connections: null, turns: 100 },
  { locks: 1000, connections: null, turns: 400 },
  { locks: 10_000, connections: 50, turns: 100 },
  { locks: 10_000, connections: 50, turns: 400 },
] as const;
const LISTEN_MS = 20_000;

/** What a subscriber to everything has heard. */
interface Ear {
  readonly online: Set<string>;
  events: number;
  messages: number;
  close(): Promise<void>;
}

async function listen(port: number): Promise<Ear> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5 });
  const ear: Ear = { online: new Set(), events: 0, messages: 0, close: () => client.endAsync(true) };
  client.on('message', (topic, payload) => {
    ear.messages += 1;
    if (topic.endsWith('/event')) ear.events += 1;
    if (topic.endsWith('/availability') && payload.toString() === 'online') ear.online.add(topic);
  });
  await client.subscribeAsync('staycode/#', { qos: 0 });
  return ear;
}

function startProgram(port: number, locks: number, connections: number | null, turns: number): ChildProcess {
  const folder = scratchFolder();
  const file = join(folder, 'street.json');
  const names = { lockId: 'street', name: 'Street', zone: 'Europe/Berlin' };
  writeFileSync(file, formatLockFile({ ...exampleConfig(), ...names, lockKey: new Uint8Array(32).fill(7) }));
  const shared = connections === null ? [] : ['--fleet-connections', String(connections)];
  return spawn(
    process.execPath,
    [
      ...['--conditions=staycode-source', MAIN, '--lock', file, '--auto-lock', '0'],
      ...['--mqtt', `mqtt://127.0.0.1:${port}`, '--fleet', String(locks), ...shared],
      ...['--fleet-turns', String(turns)],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

/** MiB that a process holds in memory. */
function residentMb({ pid = 0 }: ChildProcess): number {
  const [, kb = '0'] = /VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1024;
}

async function runFleet(locks: number, connections: number | null, turns: number): Promise<object> {
  const broker = await startMosquitto(scratchFolder(), (port) =>
    [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'max_queued_messages 0'].join('\n'),
  );
  const ear = await listen(broker.port);
  const started = performance.now();
  const program = startProgram(broker.port, locks, connections, turns);
  const ended = once(program, 'exit');
  while (ear.online.size < locks) {
    if (program.exitCode !== null) throw new Error('the fleet ended');
    await pause(100);
  }
  const onlineAfterS = (performance.now() - started) / 1000;
  await pause(2_000);
  const before = { atMs: performance.now(), events: ear.events, messages: ear.messages };
  await pause(LISTEN_MS);
  const seconds = (performance.now() - before.atMs) / 1000;
  const figures = {
    ...{ locks, connections: connections ?? locks, onlineAfterS: rounded(onlineAfterS) },
    residentMb: rounded(residentMb(program)),
    turnsAskedPerS: turns,
    turnsHeardPerS: rounded((ear.events - before.events) / seconds),
    messagesPerS: rounded((ear.messages - before.messages) / seconds),
  };
  program.kill('SIGTERM');
  await ended;
  await ear.close();
  await broker.stop();
  removeScratch();
  return figures;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

const chosen = process.argv.slice(2).map(Number);
for (const { locks, connections, turns } of FLEETS) {
  if (chosen.length > 0 && !chosen.includes(locks)) continue;
  const alone = (await runFleet(1, null, 1)) as { residentMb: number };
  const fleet = (await runFleet(locks, connections, turns)) as { residentMb: number };
  const kbALock = Math.round(((fleet.residentMb - alone.residentMb) * 1024) / locks);
  console.log(JSON.stringify({ ...fleet, kbALock }));
}
