/**
 * Many locks in one program, for load and scale: each with its id and its journal, on connections of their own or a few shared.
 * @module
 */
import { join } from 'node:path';
import { HEARTBEAT_MS, type LockFile } from '@staycode/core';
import type { Wire } from '@staycode/core/edges';
import { createLockSide, type LockSide } from './lock-side.ts';
import { connectLock, type MqttLink, type MqttOptions, openLockWire } from './mqtt.ts';
import { SimulatedLock, type SimulatedLockOptions } from './simulated-lock.ts';

export interface FleetOptions extends Omit<SimulatedLockOptions, 'report'> {
  /** The locks are named after it, with a number each, and have its keys and rules. */
  readonly file: LockFile;
  /** Holds a folder for each lock's journal. */
  readonly folder: string;
  readonly size: number;
  /** How many connections they share; `null` for one of its own to each. */
  readonly connections: number | null;
  readonly mqtt: Omit<MqttOptions, 'log'>;
  /** How often a second someone in the fleet turns a bolt by hand, lock after lock; 0 for never. */
  readonly turnsPerSecond: number;
  readonly log: (line: string) => void;
}

export interface FleetFigures {
  readonly locks: number;
  readonly connections: number;
  readonly connected: number;
  /** Turns of a bolt that are on disk and were told. */
  readonly turns: number;
  readonly residentMb: number;
}

export interface Fleet {
  figures(): FleetFigures;
  close(): Promise<void>;
}

/** How often the turns that are due are made. */
const TURN_EVERY_MS = 100;

/** Starts every lock and its connection. @throws StaycodeError as the lock and its connection */
export function startFleet(options: FleetOptions): Fleet {
  const log = logOnce(options.log);
  const mqtt = { ...options.mqtt, log };
  const locks = Array.from({ length: options.size }, (_, i) => startLock(options, i + 1, log));
  const links =
    options.connections === null
      ? locks.map((lock) => connectLock(lock, mqtt))
      : deal(locks, options.connections).map((some, i) =>
          connectTogether(some, `${options.file.lockId}/fleet/${i}`, mqtt),
        );
  let turns = 0;
  const stopTurning = turnInTurn(locks, options.turnsPerSecond, () => (turns += 1), log);
  return {
    figures: () => ({
      locks: locks.length,
      connections: links.length,
      connected: links.filter((link) => link.connected()).length,
      turns,
      residentMb: Math.round(process.memoryUsage.rss() / 1_048_576),
    }),
    close: async () => {
      stopTurning();
      await Promise.all(links.map((link) => link.close()));
      for (const lock of locks) lock.close();
    },
  };
}

function startLock(options: FleetOptions, number: number, log: (line: string) => void): SimulatedLock {
  const lockId = `${options.file.lockId}-${number}`;
  return new SimulatedLock({
    ...options,
    file: { ...options.file, lockId, name: `${options.file.name} ${number}` },
    folder: join(options.folder, lockId),
    report: log,
  });
}

/**
 * Puts locks on one connection. It has no last will: a broker takes one a connection, and these locks are many. Who listens
 * knows that they are gone by their heartbeats, which no longer come.
 */
function connectTogether(locks: readonly SimulatedLock[], name: string, options: MqttOptions): MqttLink {
  const sides = locks.map((lock) =>
    createLockSide(
      lock,
      (saying) => {
        wire.say(saying);
      },
      options,
    ),
  );
  const byTopic = new Map(sides.flatMap((side) => side.topics.map((topic) => [topic, side])));
  const forAll = (act: (side: LockSide) => void) => (): void => {
    for (const side of sides) act(side);
  };
  const wire: Wire = openLockWire(
    {
      name,
      topics: [...byTopic.keys()],
      up: forAll((side) => {
        side.announce();
      }),
      down: forAll((side) => {
        side.down();
      }),
      take: (message) => byTopic.get(message.topic)?.take(message),
    },
    options,
  );
  const beat = forAll((side) => {
    side.beat();
  });
  const heartbeat = setInterval(beat, options.heartbeatMs ?? HEARTBEAT_MS);
  const unsubscribers = sides.map((side, i) => locks[i]?.subscribe(side.tell));
  return {
    connected: () => wire.connected,
    close: async () => {
      clearInterval(heartbeat);
      for (const unsubscribe of unsubscribers) unsubscribe?.();
      for (const side of sides) side.close();
      await wire.leave(sides.map(({ goodbye }) => goodbye));
    },
  };
}

function turnInTurn(
  locks: readonly SimulatedLock[],
  perSecond: number,
  turned: () => void,
  log: (line: string) => void,
): () => void {
  if (perSecond === 0) return () => undefined;
  let asked = 0;
  let due = 0;
  const timer = setInterval(() => {
    // What a busy program could not do in time is not made up for: the figures say how far it came.
    for (due += (perSecond * TURN_EVERY_MS) / 1000; due >= 1; due--) {
      const lock = locks[asked % locks.length];
      const to = Math.floor(asked / locks.length) % 2 === 0 ? 'unlock' : 'lock';
      asked += 1;
      lock?.turnByHand(to).then(turned, (error: unknown) => {
        log(String(error));
      });
    }
  }, TURN_EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}

/** Into so many hands, as evenly as it goes. */
function deal<T>(items: readonly T[], hands: number): T[][] {
  const dealt = Array.from({ length: Math.min(hands, items.length) }, (): T[] => []);
  for (const [i, item] of items.entries()) dealt[i % dealt.length]?.push(item);
  return dealt;
}

/** What a thousand locks say, said once. */
function logOnce(log: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (said.has(line)) return;
    said.add(line);
    log(line);
  };
}
