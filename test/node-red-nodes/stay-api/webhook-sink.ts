/** A receiver of webhooks that verifies each by Seam's own library, and answers as it is told. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { schemas } from '@seamapi/types/connect';
import { SeamWebhook } from 'seam';
import type { SeamEvent } from '@staycode/core';

export interface SunkEvent {
  readonly id: string;
  readonly event: SeamEvent;
  /** What it was answered with. */
  readonly status: number;
}

export interface WebhookSink {
  readonly url: string;
  /** What it answers with from now on; 0 to hang up without an answer. */
  status: number;
  /** Every attempt that came, in order. A signature or an event that is none is an error of the run. */
  readonly attempts: SunkEvent[];
  readonly errors: unknown[];
  /** Those that it took, each once. */
  taken(): SunkEvent[];
  waitFor(enough: (sink: WebhookSink) => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startWebhookSink(secret: string): Promise<WebhookSink> {
  const judge = new SeamWebhook(secret);
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { status } = sink;
      try {
        sink.attempts.push({ ...read(judge, Buffer.concat(parts).toString(), request.headers), status });
      } catch (error) {
        sink.errors.push(error);
      }
      if (status === 0) request.socket.destroy();
      else response.writeHead(status).end();
      for (const check of waiting) check();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const sink: WebhookSink = {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`,
    status: 200,
    attempts: [],
    errors: [],
    taken() {
      const accepted = sink.attempts.filter(({ status }) => status === 200);
      return [...new Map(accepted.map((one) => [one.id, one])).values()];
    },
    waitFor: (enough) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!enough(sink)) return;
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
  return sink;
}

function read(
  judge: SeamWebhook,
  body: string,
  headers: IncomingHttpHeaders,
): Pick<SunkEvent, 'id' | 'event'> {
  judge.verify(body, headers as Record<string, string>);
  schemas.seam_event.parse(JSON.parse(body));
  return { id: String(headers['svix-id']), event: JSON.parse(body) as SeamEvent };
}
