/** An MQTT broker inside the test: the real aedes on a free port of 127.0.0.1. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { freePort } from '../../demo/free-port.ts';

export interface Broker {
  readonly url: string;
  readonly port: number;
  /** What clients published on a topic since the start. */
  published(topic: string): string[];
  /** Cuts every connection without a word, as a pulled cable would once it is noticed. */
  cut(): void;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  /** 0, a free one, unless set. */
  readonly port?: number;
  /** Everyone is let in unless set. */
  readonly password?: string;
  /** Every subscription is granted unless set. */
  readonly grants?: (topic: string) => boolean;
  /** Called with each message of a client as it comes, before anybody else has it. */
  readonly heard?: (topic: string, text: string) => void;
}

export async function startBroker({
  port = 0,
  password,
  grants = () => true,
  heard = () => undefined,
}: BrokerOptions = {}): Promise<Broker> {
  const aedes = await Aedes.createBroker({
    authenticate: (_client, _user, given, done) => {
      done(null, password === undefined || given?.toString() === password);
    },
    // Asked before a message goes on to anybody.
    authorizePublish: (_client, { topic, payload }, done) => {
      heard(topic, payload.toString());
      done(null);
    },
    authorizeSubscribe: (_client, subscription, done) => {
      done(null, grants(subscription.topic) ? subscription : null);
    },
  });
  const messages: { topic: string; text: string }[] = [];
  aedes.on('publish', ({ topic, payload }, client) => {
    if (client !== null) messages.push({ topic, text: payload.toString() });
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  // One that nobody else is given while a test has the broker down.
  const taken = await freePort(port);
  server.listen(taken, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `mqtt://127.0.0.1:${taken}`,
    port: taken,
    published: (topic) => messages.filter((message) => message.topic === topic).map(({ text }) => text),
    cut,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
      await new Promise<void>((resolve) => {
        aedes.close(resolve);
      });
    },
  };
}
