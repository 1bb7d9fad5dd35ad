/** The scripted lock on the wire: last will, retained state, commands judged and answered. */
import { connect, type MqttClient } from 'mqtt';
import { lockTopics, type LockTopics } from '@staycode/core';
import { ScriptedLock } from '../core/protocol/scripted-lock.ts';

export class WiredLock extends ScriptedLock {
  readonly topics: LockTopics = lockTopics(this.lockId);
  readonly #url: string;
  #client: MqttClient | undefined;

  constructor(url: string) {
    // Ten minutes ahead: commands have to be made in the lock's time.
    super(() => Date.now() + 600_000);
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
    client.on('message', (_topic, payload) => {
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

  async #announce(client: MqttClient): Promise<void> {
    await client.subscribeAsync(this.topics.command, { qos: 1 });
    await this.publishAvailability('online');
    await this.publishState();
  }

  async #publish(topic: keyof LockTopics, text: string, retain: boolean): Promise<void> {
    await this.#client?.publishAsync(this.topics[topic], text, { qos: 1, retain });
  }
}
