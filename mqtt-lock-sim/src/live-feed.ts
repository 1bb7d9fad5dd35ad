/**
 * The lock as the page sees it, and the stream of server-sent events that keeps every open page up to date.
 * @module
 */
import type { ServerResponse } from 'node:http';
import type { LockEvent } from '@staycode/core';
import type { Fault } from './faults.ts';
import type { LockStatus, LockView } from './lock-view.ts';

/** What `GET /api/state` answers and `GET /api/live` pushes. */
export interface LockSnapshot {
  readonly lockId: string;
  readonly name: string;
  /** IANA zone. */
  readonly zone: string;
  readonly status: LockStatus;
  /** Those that are on. */
  readonly faults: readonly Fault[];
  /** Oldest first, at most `SHOWN_EVENTS`. */
  readonly events: readonly LockEvent[];
}

export interface LiveFeed {
  /** Answers a request with the stream, for as long as the page stays. */
  readonly open: (response: ServerResponse) => void;
  /** Ends every stream at once. */
  readonly close: () => void;
}

/** How many events the page's log shows. */
const SHOWN_EVENTS = 50;
/** A page that takes nothing off its stream for so long is cut off; its browser comes back by itself. */
const MAX_UNREAD_BYTES = 1_048_576;

/** The lock now. */
export function takeSnapshot(lock: LockView): LockSnapshot {
  return {
    lockId: lock.lockId,
    name: lock.name,
    zone: lock.zone,
    status: lock.status(),
    faults: lock.faults(),
    events: lock.recentEvents(SHOWN_EVENTS),
  };
}

/**
 * Pushes a snapshot on each change and every `beatMs`. The beat carries the snapshot too, not only a comment: the page
 * follows a lock clock that drifts, and knows a dead connection by the beat that does not come.
 */
export function createLiveFeed(lock: LockView, beatMs: number): LiveFeed {
  const streams = new Set<ServerResponse>();
  const push = (comment: string): void => {
    if (streams.size === 0) return;
    const text = formatSnapshot(lock, comment);
    for (const stream of streams) {
      if (stream.writableLength > MAX_UNREAD_BYTES) stream.destroy();
      else stream.write(text);
    }
  };
  const unsubscribe = lock.subscribe(() => {
    push('change');
  });
  const beat = setInterval(push, beatMs, 'beat');
  return {
    open: (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(formatSnapshot(lock, 'hello'));
      streams.add(response);
      response.on('close', () => streams.delete(response));
    },
    close: () => {
      unsubscribe();
      clearInterval(beat);
      for (const stream of streams) stream.end();
    },
  };
}

function formatSnapshot(lock: LockView, comment: string): string {
  return `: ${comment}\nretry: 2000\ndata: ${JSON.stringify(takeSnapshot(lock))}\n\n`;
}
