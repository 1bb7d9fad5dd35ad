/** A stand-in for a PMS's API on this machine: it answers with one reservation and keeps what is written to it. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface Written {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface StandIn {
  readonly url: string;
  /** By the first part of the path: the PMS that is asked. */
  readonly answers: Map<string, unknown>;
  /** The status of all answers. */
  status: number;
  readonly asked: Written[];
  /** Resolves to the first request for which `fits` holds, among those of before too. */
  waitFor(fits: (written: Written) => boolean): Promise<Written>;
  close(): Promise<void>;
}

export async function startStandIn(): Promise<StandIn> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      standIn.asked.push({ method, path, headers, body });
      response.writeHead(standIn.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(standIn.answers.get(path.split('/')[1] ?? '') ?? {}));
      for (const check of waiting) check();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const standIn: StandIn = {
    url: `http://127.0.0.1:${port}`,
    answers: new Map(),
    status: 200,
    asked: [],
    waitFor: (fits) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = standIn.asked.find(fits);
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return standIn;
}
