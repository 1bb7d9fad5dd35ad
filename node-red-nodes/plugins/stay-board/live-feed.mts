/**
 * The board's live streams: a snapshot when a page comes, and again whenever what it shows has changed.
 * @module
 */
import type { ServerResponse } from 'node:http';
import type { Role, Snapshot } from './snapshot.mts';

export interface LiveFeed {
  /** Answers a request with the stream, for as long as the page stays. */
  open(response: ServerResponse, role: Role): void;
  /** Something may have changed: looked at at once. */
  look(): void;
}

export interface LiveFeedOptions {
  /** Changes once a snapshot may be another one. */
  readonly version: () => string;
  readonly snapshot: (role: Role) => Snapshot;
  readonly onTrouble: (error: unknown) => void;
  /** The last page is gone. */
  readonly onIdle: () => void;
}

/** What other nodes and programs write into the register is seen so late at most. */
const LOOK_MS = 1_000;
/** States turn by the hour, too; and a page knows a dead connection by the beat that does not come. */
const BEAT_MS = 15_000;
/** A page that takes nothing off its stream for so long is cut off; it comes back by itself. */
const MAX_UNREAD_BYTES = 4_194_304;

/** Who may look is asked when a stream opens; so it opens anew now and then. */
const MAX_STREAM_MS = 15 * 60_000;

interface Stream {
  readonly response: ServerResponse;
  readonly role: Role;
  /** What it was sent last, without the time. */
  sent: string;
}

/** Nothing runs while nobody looks. */
export function createLiveFeed({ version, snapshot, onTrouble, onIdle }: LiveFeedOptions): LiveFeed {
  const streams = new Set<Stream>();
  let timers: NodeJS.Timeout[] = [];
  let seen = '';
  const push = (isBeat: boolean): void => {
    const snapshots = new Map<Role, { text: string; content: string }>();
    for (const stream of streams) {
      const { role, response } = stream;
      const fresh = snapshots.get(role) ?? read(snapshot(role));
      snapshots.set(role, fresh);
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
      else if (fresh.content !== stream.sent) response.write(`data: ${fresh.text}\n\n`);
      else if (isBeat) response.write(': beat\n\n');
      stream.sent = fresh.content;
    }
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      onTrouble(error);
      // The page shows that it has lost us, and comes back.
      for (const { response } of streams) response.end();
    }
  };
  const look = (): void => {
    if (streams.size === 0) return;
    attempt(() => {
      const now = version();
      if (now === seen) return;
      seen = now;
      push(false);
    });
  };
  const beat = (): void => {
    attempt(() => {
      // Before the snapshot: what is written between the two is then seen at the next look.
      seen = version();
      push(true);
    });
  };
  return {
    look,
    open(response, role) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // A proxy that gathers a stream up would make it anything but live.
        'x-accel-buffering': 'no',
      });
      const stream = { response, role, sent: '' };
      streams.add(stream);
      const ending = setTimeout(() => response.end(), MAX_STREAM_MS).unref();
      response.on('close', () => {
        clearTimeout(ending);
        streams.delete(stream);
        if (streams.size > 0) return;
        for (const timer of timers.splice(0)) clearInterval(timer);
        onIdle();
      });
      if (timers.length === 0) timers = [setInterval(look, LOOK_MS), setInterval(beat, BEAT_MS)];
      for (const timer of timers) timer.unref();
      beat();
    },
  };
}

function read(snapshot: Snapshot): { text: string; content: string } {
  return { text: JSON.stringify(snapshot), content: JSON.stringify({ ...snapshot, nowMs: 0 }) };
}
