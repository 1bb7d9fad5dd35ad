/**
 * What the host should look at, the worst first: what keeps a guest out, then what lets somebody in, then what may become so.
 * @module
 */
import type { FeedState, UnitView } from './snapshot.mts';
import type { StayView } from './stay-view.mts';

export interface Warning {
  /** `bad` needs the host today; `look` can wait. */
  readonly level: 'bad' | 'look';
  /** `held:` and a `HeldReason`, or what else it is about. */
  readonly kind: string;
  readonly unitId: string;
  /** The stay to open; `null` where it is about the unit. */
  readonly stayId: string | null;
  /** When it matters. */
  readonly atMs: number;
  /** A rule, a reservation, or a name. */
  readonly detail: string | null;
}

export interface WarningContext {
  readonly nowMs: number;
  readonly feeds: readonly FeedState[];
  readonly others: readonly Warning[];
}

const SOON_MS = 48 * 3_600_000;
const TELLING_MS = 60_000;

export function warningsOf(units: readonly UnitView[], { nowMs, feeds, others }: WarningContext): Warning[] {
  const ofStays = units.flatMap(({ unitId, stays }) =>
    stays
      .filter((stay) => stay.endsAtMs > nowMs)
      .flatMap((stay) => ofStay(stay, nowMs).map((one) => ({ ...one, unitId, stayId: stay.id }))),
  );
  const ofFeeds = feeds.flatMap(({ unitId, name, suspect, staleSinceMs }): Warning[] => {
    const about = { level: 'look', unitId, stayId: null, atMs: nowMs, detail: name } as const;
    if (suspect !== null) return [{ ...about, kind: `feed-${suspect}` }];
    return staleSinceMs === null ? [] : [{ ...about, kind: 'feed-stale', atMs: staleSinceMs }];
  });
  return [...ofStays, ...ofFeeds, ...others].sort(
    (a, b) => Number(a.level === 'look') - Number(b.level === 'look') || a.atMs - b.atMs,
  );
}

function ofStay(stay: StayView, nowMs: number): Omit<Warning, 'unitId' | 'stayId'>[] {
  const { state, reason, detail, startsAtMs, messageState, messageFailures, endedAt, stillOpenUntilMs } =
    stay;
  const isSoon = startsAtMs - nowMs < SOON_MS;
  const found: Omit<Warning, 'unitId' | 'stayId'>[] = [];
  if ((state === 'held' || state === 'conflict') && reason !== null) {
    const level = state === 'conflict' || isSoon ? 'bad' : 'look';
    found.push({ level, kind: `held:${reason}`, atMs: startsAtMs, detail });
  }
  if (messageState === 'failed' && (state === 'created' || state === 'setting')) {
    found.push({ level: isSoon ? 'bad' : 'look', kind: 'message-failed', atMs: startsAtMs, detail: null });
  } else if (state === 'setting' && startsAtMs <= nowMs && !isBeingTold(stay, nowMs)) {
    found.push({ level: 'bad', kind: 'not-told', atMs: startsAtMs, detail: null });
  } else if (state === 'setting' && messageFailures > 0) {
    found.push({ level: isSoon ? 'bad' : 'look', kind: 'message-retried', atMs: startsAtMs, detail: null });
  }
  for (const door of endedAt) {
    found.push({ level: isSoon ? 'bad' : 'look', kind: 'ended-at-door', atMs: startsAtMs, detail: door });
  }
  if (stillOpenUntilMs !== null && ['revoked', 'held', 'conflict'].includes(state)) {
    found.push({ level: 'look', kind: 'still-open', atMs: stillOpenUntilMs, detail: null });
  }
  return found;
}

/** Of a stay that is changed while the guest is in the house: the message has just been made. */
function isBeingTold({ messageMadeAtMs, messageFailures }: StayView, nowMs: number): boolean {
  return messageMadeAtMs !== null && nowMs - messageMadeAtMs < TELLING_MS && messageFailures === 0;
}
