/** Stand-ins for ordinary locks, on a real broker: what Node-RED publishes reaches them, and they answer. */
import { connectAsync } from 'mqtt';
import type { StandInLock } from '../../support/programmed-locks/stand-in-lock.ts';

export interface LocksOnBroker {
  /** Someone types a PIN at a lock; the slot that opened, or `null`. */
  enter(lock: StandInLock, pin: string): Promise<number | null>;
  close(): Promise<void>;
}

export async function connectLocks(
  url: string,
  locks: Readonly<Record<string, StandInLock>>,
): Promise<LocksOnBroker> {
  const client = await connectAsync(url);
  const say = (messages: readonly { topic: string; payload: string }[]): void => {
    for (const { topic, payload } of messages) client.publish(topic, payload, { qos: 1 });
  };
  client.on('message', (topic, payload) => {
    const [, lock] =
      Object.entries(locks).find(([start]) => topic.startsWith(start) && isCommand(topic)) ?? [];
    if (lock) say(lock.receive({ topic, payload: payload.toString() }, Date.now()));
  });
  await client.subscribeAsync('#');
  return {
    async enter(lock, pin) {
      const { slot, messages } = lock.enter(pin, Date.now());
      for (const { topic, payload } of messages) await client.publishAsync(topic, payload, { qos: 1 });
      return slot;
    },
    close: () => client.endAsync(),
  };
}

/** What a lock is told; the rest is what locks say. */
function isCommand(topic: string): boolean {
  return /\/(set|get|actionJson|query\/keypad)$/u.test(topic);
}
