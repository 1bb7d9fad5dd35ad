/** A wire of 127.0.0.1 with faults: a test can cut it, at both ends or at one, or let it swallow what is sent. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Forwarder {
  readonly port: number;
  /** Cuts every connection at both ends. */
  cut(): void;
  /** Cuts the near ends alone: what is behind the wire goes on believing in its connections. */
  cutNearEnds(): void;
  /** Nothing that the connections of now send arrives any more. */
  swallow(): void;
  /** How many bytes were swallowed. */
  swallowed(): number;
  close(): Promise<void>;
}

/** Forwards to a port of 127.0.0.1. */
export async function startForwarder(to: number): Promise<Forwarder> {
  const wires = new Set<{ near: Socket; far: Socket; swallows: boolean }>();
  let swallowed = 0;
  const server = createServer((near) => {
    const wire = { near, far: connect(to, '127.0.0.1'), swallows: false };
    wires.add(wire);
    near.on('error', () => undefined);
    wire.far.on('error', () => undefined);
    near.on('data', (data) => {
      if (wire.swallows) swallowed += data.length;
      else wire.far.write(data);
    });
    wire.far.on('data', (data) => near.write(data));
    wire.far.on('close', () => {
      near.destroy();
      wires.delete(wire);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutNearEnds = (): void => {
    for (const { near } of wires) near.destroy();
  };
  const cut = (): void => {
    cutNearEnds();
    for (const { far } of wires) far.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    cutNearEnds,
    swallow: () => {
      for (const wire of wires) wire.swallows = true;
    },
    swallowed: () => swallowed,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
