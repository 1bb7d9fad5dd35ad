/** Programs with many connections to one mosquitto, and what a subscriber to everything hears of them. */
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
import { rounded } from './measure.ts';

export interface FleetSize {
  readonly locks: number;
  /** `null` for one of its own to each lock. */
  readonly connections: number | null;
  /** Turns of a bolt a second, asked for. */
  readonly turns: number;
  /** How long it is listened to once all are online. */
  readonly listenMs: number;
}

export interface FleetFigures {
  readonly locks: number;
  readonly connections: number;
  readonly onlineAfterS: number;
  readonly residentMb: number;
  readonly turnsAskedPerS: number;
  readonly turnsHeardPerS: number;
  readonly messagesPerS: number;
}

const MAIN = join(import.meta.dirname, '../../mqtt-lock-sim/src/main.ts');
const BARE = join(import.meta.dirname, 'bare-connections.ts');
const SETTLE_MS = 2_000;

/** `staycode-lock --fleet`, heard for a while. */
export function runFleet(size: FleetSize): Promise<FleetFigures> {
  return run(size, (port) => startFleet(port, size));
}

/** KiB that a lock with a connection of its own takes, and that a bare connection of MQTT.js with its last will and topics takes. */
export async function memoryBeside(locks: number): Promise<{ oursKb: number; peerKb: number }> {
  const size = { connections: null, turns: 0, listenMs: 0 };
  const kbEach = async (start: (size: FleetSize, port: number) => ChildProcess): Promise<number> => {
    const mb = async (count: number): Promise<number> => {
      const wanted = { ...size, locks: count };
      return (await run(wanted, (port) => start(wanted, port))).residentMb;
    };
    const alone = await mb(1);
    return (((await mb(locks)) - alone) * 1024) / (locks - 1);
  };
  return {
    oursKb: await kbEach((wanted, port) => startFleet(port, wanted)),
    peerKb: await kbEach(({ locks: count }, port) => startBare(port, count)),
  };
}

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

function startFleet(port: number, { locks, connections, turns }: FleetSize): ChildProcess {
  const folder = scratchFolder();
  const file = join(folder, 'street.json');
  const names = { lockId: 'street', name: 'Street', zone: 'Europe/Berlin' };
  writeFileSync(file, formatLockFile({ ...exampleConfig(), ...names, lockKey: new Uint8Array(32).fill(7) }));
  const shared = connections === null ? [] : ['--fleet-connections', String(connections)];
  return startProgram([
    ...[MAIN, '--lock', file, '--auto-lock', '0', '--mqtt', `mqtt://127.0.0.1:${port}`],
    ...['--fleet', String(locks), ...shared, '--fleet-turns', String(turns)],
  ]);
}

function startBare(port: number, count: number): ChildProcess {
  return startProgram([BARE, `mqtt://127.0.0.1:${port}`, String(count)]);
}

function startProgram(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--conditions=staycode-source', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function run(
  { locks, connections, turns, listenMs }: FleetSize,
  start: (port: number) => ChildProcess,
): Promise<FleetFigures> {
  const broker = await startMosquitto(scratchFolder(), (port) =>
    [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'max_queued_messages 0'].join('\n'),
  );
  const ear = await listen(broker.port);
  const started = performance.now();
  const program = start(broker.port);
  const ended = once(program, 'exit');
  while (ear.online.size < locks) {
    if (program.exitCode !== null) throw new Error('the fleet ended');
    await pause(100);
  }
  const onlineAfterS = (performance.now() - started) / 1000;
  await pause(SETTLE_MS);
  const before = { atMs: performance.now(), events: ear.events, messages: ear.messages };
  await pause(listenMs);
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

/** MiB that a process holds in memory. */
function residentMb({ pid = 0 }: ChildProcess): number {
  const [, kb = '0'] = /VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1024;
}
