/** Stand-ins for locks on a real broker, over a wire that drops, doubles and delays by seed; times are of the fast clock. */
import { connectAsync, type MqttClient } from 'mqtt';
import type { MqttMessage } from '../../../core/src/programmed-locks/target.ts';
import type { Random } from '../../support/random.ts';
import { deliveries, type WireFaults } from '../unreliable-wire.ts';
import { BEAT, type Door } from './flow.ts';

export interface FastWire {
  /** What a lock says; nothing gets out of one that is out. */
  say(door: Door, messages: readonly MqttMessage[]): void;
  close(): Promise<void>;
}

export interface FastWireOptions {
  readonly url: string;
  readonly doors: readonly Door[];
  readonly random: Random;
  readonly faults: WireFaults;
  readonly nowMs: () => number;
  /** Runs after so many milliseconds of the fast clock. */
  readonly after: (ms: number, work: () => void) => void;
  readonly isOut: (door: Door) => boolean;
  /** Node-RED was heard. */
  readonly beat: () => void;
  /** A lock was told something. */
  readonly received: (door: Door) => void;
}

export async function openFastWire(options: FastWireOptions): Promise<FastWire> {
  const { url, doors, random, faults, nowMs, after, isOut, beat, received } = options;
  const client: MqttClient = await connectAsync(url);
  const carry = (work: () => void): void => {
    for (const ms of deliveries(random, faults)) after(ms, work);
  };
  const say: FastWire['say'] = (door, messages) => {
    if (isOut(door)) return;
    for (const { topic, payload } of messages) carry(() => client.publish(topic, payload, { qos: 1 }));
  };
  client.on('message', (topic, bytes) => {
    if (topic === BEAT) beat();
    const door = doors.find((one) => topic.startsWith(one.topic));
    if (door === undefined || !COMMAND.test(topic)) return;
    const payload = bytes.toString();
    carry(() => {
      if (isOut(door)) return;
      const answers = door.lock.receive({ topic, payload }, nowMs());
      received(door);
      say(door, answers);
    });
  });
  await client.subscribeAsync('#');
  return { say, close: () => client.endAsync(true) };
}

/** What a lock is told; the rest is what locks say. */
const COMMAND = /\/(set|get|actionJson|query\/keypad)$/u;
