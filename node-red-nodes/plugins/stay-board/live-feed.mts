/**
 * The board's live streams: all that it shows when a page comes, and then the units that have changed. A house of hundreds of units
 * is read one unit a turn of the event loop, so that calendars, locks and the editor have theirs in between.
 * @module
 */
import type { ServerResponse } from 'node:http';
import { ownTurn } from '../../nodes/own-turn.mts';
import type { Role, Snapshot, UnitReading } from './snapshot.mts';

export interface LiveFeed {
  /** Answers a request with the stream, for as long as the page stays. */
  open(response: ServerResponse, role: Role): void;
  /** Something may have changed: looked at at once, if the last look was not just now. */
  look(): void;
}

/** One look at the whole house. */
export interface Look {
  /** Each reads one unit, as it is when it is asked. */
  readonly units: readonly (() => UnitReading)[];
  tell(role: Role, readings: readonly UnitReading[]): Snapshot;
}

export interface LiveFeedOptions {
  /** Changes once a snapshot may be another one. */
  readonly version: () => string;
  /** Over a deploy there is nothing to read: no look begins, and one that has begun is left. */
  readonly isAway: () => boolean;
  readonly begin: () => Look;
  readonly onTrouble: (error: unknown) => void;
  /** The last page is gone. */
  readonly onIdle: () => void;
}

/** What other nodes and programs write into the register is seen so late at most, in a house that is read in no time. */
const LOOK_MS = 1_000;
/** After a look there is none for so many times as long as it took, unless a page comes: looking is a fifth of the work at most. */
const REST = 4;
/** States turn by the hour, too; and a page knows a dead connection by the beat that does not come. */
const BEAT_MS = 15_000;
/** A page that takes nothing off its stream for so long is cut off; it comes back by itself. */
const MAX_UNREAD_MS = 60_000;
/** Units in one message: a page reads it as it comes. */
const PART_UNITS = 25;
/** Who may look is asked when a stream opens; so it opens anew now and then. */
const MAX_STREAM_MS = 15 * 60_000;

/** Nothing runs while nobody looks. */
export function createLiveFeed(options: LiveFeedOptions): LiveFeed {
  const { version, isAway, begin, onTrouble, onIdle } = options;
  const streams = new Set<Stream>();
  let timers: NodeJS.Timeout[] = [];
  let seen = '';
  let isReading = false;
  let restsUntilMs = 0;
  const push = async (): Promise<void> => {
    if (isReading || isAway()) return;
    isReading = true;
    const startedMs = performance.now();
    try {
      // Before it is read: what is written meanwhile is seen at the next look.
      seen = version();
      const look = begin();
      const readings: UnitReading[] = [];
      for (const readUnit of look.units) {
        readings.push(readUnit());
        await ownTurn();
        if (isAway()) return;
      }
      const snapshots = new Map<Role, Texts>();
      for (const stream of streams) {
        const snapshot = snapshots.get(stream.role) ?? inTexts(look.tell(stream.role, readings));
        snapshots.set(stream.role, snapshot);
        // Whoever has yet to take what came before is told at a later look.
        if (!stream.tell(snapshot)) seen = '';
      }
    } catch (error) {
      onTrouble(error);
      // The page shows that it has lost us, and comes back.
      for (const stream of streams) stream.end();
    } finally {
      isReading = false;
      const endedMs = performance.now();
      restsUntilMs = endedMs + REST * (endedMs - startedMs);
    }
  };
  const isRested = (): boolean => performance.now() >= restsUntilMs;
  const look = (): void => {
    if (streams.size > 0 && isRested() && version() !== seen) void push();
  };
  const beat = (): void => {
    for (const stream of streams) stream.beat();
    if (isRested()) void push();
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
      const stream = new Stream(response, role);
      streams.add(stream);
      const ending = setTimeout(() => {
        stream.end();
      }, MAX_STREAM_MS).unref();
      response.on('close', () => {
        clearTimeout(ending);
        streams.delete(stream);
        if (streams.size > 0) return;
        for (const timer of timers.splice(0)) clearInterval(timer);
        onIdle();
      });
      if (timers.length === 0) timers = [setInterval(look, LOOK_MS), setInterval(beat, BEAT_MS)];
      for (const timer of timers) timer.unref();
      void push();
    },
  };
}

/** A snapshot as it is written, once for all streams of a role. */
interface Texts {
  /** By the units' ids, in their order. */
  readonly units: ReadonlyMap<string, string>;
  /** All else but the time. */
  readonly rest: string;
  readonly nowMs: number;
}

function inTexts({ units, nowMs, role, warnings }: Snapshot): Texts {
  const unitIds = units.map(({ unitId }) => unitId);
  return {
    units: new Map(units.map((unit) => [unit.unitId, JSON.stringify(unit)])),
    rest: JSON.stringify({ role, warnings, unitIds }).slice(1, -1),
    nowMs,
  };
}

/** A page that looks. It is told what is new to it since it last took what it was told. */
class Stream {
  readonly role: Role;
  readonly #response: ServerResponse;
  #told: Omit<Texts, 'nowMs'> = { units: new Map(), rest: '' };
  /** Since when there is something that the page has not taken. */
  #unreadSinceMs: number | null = null;

  constructor(response: ServerResponse, role: Role) {
    this.#response = response;
    this.role = role;
  }

  /**
   * Messages of some units each; the one that has `unitIds`, which are all that there are, is the last of a snapshot. False
   * where the page has yet to take what it was told before.
   */
  tell({ units, rest, nowMs }: Texts): boolean {
    if (this.#isBehind()) return false;
    const changed = [...units]
      .filter(([id, text]) => this.#told.units.get(id) !== text)
      .map(([, text]) => text);
    if (changed.length === 0 && rest === this.#told.rest) return true;
    this.#told = { units, rest };
    do {
      const part = changed.splice(0, PART_UNITS).join(',');
      const end = changed.length === 0 ? `,${rest}` : '';
      this.#response.write(`data: {"nowMs":${nowMs},"units":[${part}]${end}}\n\n`);
    } while (changed.length > 0);
    return true;
  }

  beat(): void {
    if (!this.#isBehind()) this.#response.write(': beat\n\n');
  }

  end(): void {
    this.#response.end();
  }

  /** Whether the page has yet to take what it was told; it is cut off where it takes nothing at all. */
  #isBehind(): boolean {
    const nowMs = performance.now();
    if (this.#response.writableLength === 0) this.#unreadSinceMs = null;
    else this.#unreadSinceMs ??= nowMs;
    if (this.#unreadSinceMs === null) return false;
    if (nowMs - this.#unreadSinceMs > MAX_UNREAD_MS) this.#response.destroy();
    return true;
  }
}
