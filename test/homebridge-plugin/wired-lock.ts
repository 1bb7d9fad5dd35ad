/** The scripted lock on the wire: last will, retained state, commands judged and answered. */
import { connect, type MqttClient } from 'mqtt';
import { type LockEvent, lockTopics, type LockTopics, staysTopic } from '@staycode/core';
import { ScriptedLock } from '../core/protocol/scripted-lock.ts';

export class WiredLock extends ScriptedLock {
  readonly topics: LockTopics;
  readonly #url: string;
  #seq = 0;
  #client: MqttClient | undefined;

  constructor(url: string, lockId?: string) {
    // Ten minutes ahead: commands have to be made in the lock's time.
    super(() => Date.now() + 600_000, lockId);
    this.topics = lockTopics(this.lockId);
    this.#url = url;
  }

  /** Connects, again after each loss, and resolves once the lock has announced itself for the first time. */
  async join(): Promise<void> {
    const client = connect(this.#url, {
      protocolVersion: 4,
      reconnectPeriod: 100,
      will: { topic: this.topics.availability, payload: Buffer.from('offline'), qos: 1, retain: true },
    });
    this.#client = client;
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => {
      if (topic === this.topics.hello) {
        const session = this.greet(payload.toString());
        if (session !== null) void this.#publish('session', session, false);
        return;
      }
      const answer = this.judge(payload.toString());
      if (answer === null) return;
      void this.#publish('answer', answer, false);
      void this.publishState();
    });
    await new Promise<void>((resolve) => {
      client.on('connect', () => {
        void this.#announce(client).then(resolve);
      });
    });
  }

  async leave(): Promise<void> {
    await this.#client?.endAsync(true);
  }

  publishAvailability(text: 'online' | 'offline'): Promise<void> {
    return this.#publish('availability', text, true);
  }

  publishState(): Promise<void> {
    return this.#publish('state', JSON.stringify(this.state()), true);
  }

  /** An entry of a stay's code that opened, unless a part says otherwise. */
  publishEvent(part: Partial<LockEvent>): Promise<void> {
    this.#seq += 1;
    const head = { v: 1, lockId: this.lockId, seq: this.#seq, atMs: Math.round(this.nowMs()) } as const;
    const opening = {
      event: 'LockOperation',
      operation: 'Unlock',
      source: 'Keypad',
      reason: 'stay',
    } as const;
    const event: LockEvent = { ...head, ...opening, unitId: null, window: null, ...part };
    return this.#publish('event', JSON.stringify(event), false);
  }

  /** What the host tells a controller of the stays here, as the host would publish it. */
  async publishStays(text: string): Promise<void> {
    await this.#client?.publishAsync(staysTopic(this.lockId, 'homebridge'), text, { qos: 1, retain: true });
  }

  async #announce(client: MqttClient): Promise<void> {
    await client.subscribeAsync([this.topics.hello, this.topics.command], { qos: 1 });
    await this.publishAvailability('online');
    await this.publishState();
  }

  async #publish(topic: keyof LockTopics, text: string, retain: boolean): Promise<void> {
    await this.#client?.publishAsync(this.topics[topic], text, { qos: 1, retain });
  }
}
