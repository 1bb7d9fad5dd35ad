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
  /** Nothing gets through the connections of now in either direction, and none of the ends hears that they are dead. */
  freeze(): void;
  /** Cuts, at both ends, the connection over which the next so many bytes have gone, in both directions together. */
  cutAfter(bytes: number): void;
  /** Whether it takes connections, as it does at first; those that there are stay. */
  take(connections: boolean): void;
  close(): Promise<void>;
}

interface Wire {
  readonly near: Socket;
  readonly far: Socket;
  swallows: boolean;
  frozen: boolean;
}

/** Forwards to a port of 127.0.0.1. */
export async function startForwarder(to: number): Promise<Forwarder> {
  const wires = new Set<Wire>();
  let swallowed = 0;
  let bytesToCut = Infinity;
  let takes = true;
  /** What still goes through before the cut. */
  const allowed = (data: Buffer): Buffer => {
    const part = data.subarray(0, bytesToCut);
    bytesToCut -= part.length;
    return part;
  };
  const server = createServer((near) => {
    if (!takes) {
      near.destroy();
      return;
    }
    const wire: Wire = { near, far: connect(to, '127.0.0.1'), swallows: false, frozen: false };
    wires.add(wire);
    near.on('error', () => undefined);
    wire.far.on('error', () => undefined);
    near.on('close', () => {
      if (!wire.swallows && !wire.frozen) wire.far.destroy();
    });
    const pass = (data: Buffer, to: Socket): void => {
      to.write(allowed(data));
      if (bytesToCut > 0) return;
      bytesToCut = Infinity;
      // Ended, not destroyed: the bytes before the cut arrive.
      near.destroySoon();
      wire.far.destroySoon();
    };
    near.on('data', (data) => {
      if (wire.swallows || wire.frozen) swallowed += data.length;
      else pass(data, wire.far);
    });
    wire.far.on('data', (data) => {
      if (!wire.frozen) pass(data, near);
    });
    wire.far.on('close', () => {
      near.destroy();
      wires.delete(wire);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutNearEnds = (): void => {
    for (const wire of wires) {
      wire.swallows = true;
      wire.near.destroy();
    }
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
    freeze: () => {
      for (const wire of wires) wire.frozen = true;
    },
    cutAfter: (bytes) => {
      bytesToCut = bytes;
    },
    take: (connections) => {
      takes = connections;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
