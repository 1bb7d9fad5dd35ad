/** A web server that is both the booking site and the host's phone: it serves the feed and takes what the flow sends. */
import { once } from 'node:events';
import { createServer } from 'node:http';

/** What the tests look into of a message of the flow. */
export interface FlowMessage {
  readonly payload: unknown;
  readonly topic: string;
  readonly event: string;
  readonly note: string;
  readonly status: { readonly text: string };
  readonly code: {
    readonly digits: string;
    readonly grouped: string;
    readonly revision: number;
    readonly accessCodeId: string;
  };
  readonly mayBeDuplicate: boolean;
  readonly replacesEarlier: boolean;
  readonly delivery: { readonly id: string; readonly claim: number };
  readonly stillOpen: readonly { readonly accessCodeId: string }[];
}

export interface Received {
  /** `event`, `guest`, `host` or `status`. */
  readonly from: string;
  readonly msg: FlowMessage;
}

export interface SampleHome {
  readonly url: string;
  /** What the feed answers with from now on. */
  feed: { status: number; type: string; body: string };
  readonly received: Received[];
  /** Resolves once `enough` holds of all that was received. */
  waitFor(enough: (received: readonly Received[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startSampleHome(): Promise<SampleHome> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/calendar')) {
      response.writeHead(home.feed.status, { 'content-type': home.feed.type }).end(home.feed.body);
      return;
    }
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      home.received.push({ from: request.url?.slice(1) ?? '', msg: JSON.parse(body) as FlowMessage });
      response.end();
      for (const check of waiting) check();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const home: SampleHome = {
    url: `http://127.0.0.1:${port}`,
    feed: { status: 200, type: 'text/calendar', body: '' },
    received: [],
    waitFor: (enough) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!enough(home.received)) return;
          waiting.delete(check);
          resolve();
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
  return home;
}
