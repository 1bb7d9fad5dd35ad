/** What a broker gives to one that listens. */
import { connectAsync, type MqttClient } from 'mqtt';
import { until } from '../support/until.ts';

export interface Watcher {
  /** The next message on the topic, in order of arrival, that contains the text. */
  next(topic: string, text?: string): Promise<string>;
  /** All that came on the topic so far. */
  texts(topic: string): string[];
  everything(): string;
  publish(topic: string, text: string, retain?: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Subscribes to the filter. */
export async function startWatcher(url: string, filter: string): Promise<Watcher> {
  const client: MqttClient = await connectAsync(url, { reconnectPeriod: 0 });
  const all: { topic: string; text: string }[] = [];
  const unread: { topic: string; text: string }[] = [];
  client.on('message', (topic, payload) => {
    all.push({ topic, text: payload.toString() });
    unread.push({ topic, text: payload.toString() });
  });
  await client.subscribeAsync(filter, { qos: 1 });
  const find = (topic: string, text: string): number =>
    unread.findIndex((message) => message.topic === topic && message.text.includes(text));
  return {
    next: async (topic, text = '') => {
      await until(() => find(topic, text) >= 0);
      const at = find(topic, text);
      const [message] = unread.splice(at, 1);
      return message?.text ?? '';
    },
    texts: (topic) => all.filter((message) => message.topic === topic).map(({ text }) => text),
    everything: () => JSON.stringify(all),
    publish: async (topic, text, retain = false) => {
      await client.publishAsync(topic, text, { qos: 1, retain });
    },
    close: () => client.endAsync(true),
  };
}
