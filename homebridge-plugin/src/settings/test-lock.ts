/**
 * The connection test of the settings page: as far as a lock can be reached, with a real question that only the right key
 * can ask. It moves no bolt.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { lockTopics, readSession, type Session, signHello } from '@staycode/core';
import type { MqttLogin } from '@staycode/core/edges';
import type { LockSettings } from '../config.ts';
import { visitBroker } from './broker-visit.ts';
import { readBlock } from './settings-block.ts';

/** Each step is a sentence for the host; the first that is not ok is the last. */
export interface LockTest {
  readonly ok: boolean;
  readonly steps: readonly { readonly ok: boolean; readonly text: string }[];
}

const ANSWER_MS = 4_000;
/** Beyond it codes may be refused near check-in and check-out. */
const CLOCK_OFF_MS = 60_000;

/** Tests the lock at a place of the block's list. Never throws for what stands there. */
export async function testLock(block: unknown, at: unknown): Promise<LockTest> {
  const { broker, faults, locks } = readBlock(block);
  const lock = locks.find((each) => each.at === at);
  if (!lock?.settings)
    return failed([], `This lock’s settings have a fault ${lock?.faults.join('; ') ?? ''}.`);
  if (broker === null) return failed([], `The broker cannot be used: ${faults.join('; ') || 'none is set'}.`);
  return askLock(broker, lock.settings);
}

async function askLock(
  broker: MqttLogin,
  { lockId, controllerId, commandKey }: LockSettings,
): Promise<LockTest> {
  const topics = lockTopics(lockId);
  const nonce = randomBytes(16).toString('hex');
  const heard: { session?: Session; availability?: string } = {};
  const visit = await visitBroker(broker, {
    topics: [topics.availability, topics.session],
    listenMs: ANSWER_MS,
    arrived: (wire) => {
      wire.say({ topic: topics.hello, text: signHello(commandKey, { lockId, controllerId, nonce }), qos: 0 });
    },
    heard: ({ topic, text, retained }) => {
      const session = topic === topics.session && !retained ? takeSession(commandKey, text, nonce) : null;
      if (session !== null) heard.session = session;
      if (topic === topics.availability) heard.availability = text;
      return session !== null || heard.availability === 'offline';
    },
  });
  if (!visit.ok) return failed([], visit.text);
  const steps = [visit.text];
  if (heard.session) return passed([...steps, 'The lock is online.', tellSession(heard.session)]);
  if (heard.availability === undefined) {
    return failed(
      steps,
      `Nothing is heard of a lock “${lockId}”: has it ever been connected to this broker?`,
    );
  }
  if (heard.availability !== 'online')
    return failed(steps, 'The lock is offline: the broker has lost its connection.');
  return failed(
    [...steps, 'The lock is online.'],
    `The lock does not answer to this key: it was made for another lock, or for another controller than “${controllerId}”, or before the lock got a new key. Paste a new pairing string.`,
  );
}

/** The answer to our own question, or `null`: forged ones and those to others look alike. */
function takeSession(commandKey: Uint8Array, text: string, nonce: string): Session | null {
  try {
    const session = readSession(commandKey, text);
    return session?.nonce === nonce ? session : null;
  } catch {
    return null;
  }
}

function tellSession({ atMs, clock }: Session): string {
  const offMs = atMs - Date.now();
  if (clock === 'lost') return 'The lock takes this key. Its clock is lost: set it.';
  if (Math.abs(offMs) <= CLOCK_OFF_MS) return 'The lock takes this key, and its clock is right.';
  const minutes = Math.round(Math.abs(offMs) / 60_000);
  return `The lock takes this key. Its clock is ${minutes} min ${offMs > 0 ? 'fast' : 'slow'}.`;
}

function passed(texts: readonly string[]): LockTest {
  return { ok: true, steps: texts.map((text) => ({ ok: true, text })) };
}

function failed(before: readonly string[], text: string): LockTest {
  return { ok: false, steps: [...before.map((each) => ({ ok: true, text: each })), { ok: false, text }] };
}
