/**
 * What may keep a guest out, as an ordered list of looks: the calendar first, for without it nothing else is known.
 * @module
 */
import type { HeldReason, StayRecord } from '../access-codes/wanted-stay.ts';
import { FEED_STALE_MS } from '../reservations/belief/belief.ts';
import { type FeedFact, isSilent, liveCodeOf, type LockFact, type UnitFacts } from './facts.ts';

/** Why a line is red. `name` is the calendar or lock that it is about. */
export type Trouble =
  | { readonly reason: 'feed-never-read' | 'feed-stale' | 'feed-suspect'; readonly name: string }
  | { readonly reason: 'held'; readonly why: HeldReason; readonly detail: string | null }
  | { readonly reason: 'no-code' | 'not-sent' | 'send-failed' }
  | { readonly reason: 'code-ended' | 'lock-silent' | 'clock-lost'; readonly name: string }
  /** By how many minutes the lock's clock is ahead of the host's; negative for behind. */
  | { readonly reason: 'clock-off'; readonly name: string; readonly minutes: number }
  | { readonly reason: 'battery-low'; readonly name: string; readonly percent: number };

/** Percent; the same that `stay-lock-in` warns of. */
export const LOW_BATTERY_PERCENT = 20;
const MINUTE_MS = 60_000;

/** @param record the arrival; `null` where nobody comes, so that code, message and locks do not matter */
export function findTroubles(facts: UnitFacts, record: StayRecord | null, nowMs: number): Trouble[] {
  return [
    ...facts.feeds.flatMap((feed) => troubleOfFeed(feed, nowMs)),
    ...(record === null ? [] : troubleOfCode(facts, record)),
    ...(record === null ? [] : facts.locks.flatMap((lock) => troublesOfLock(lock, nowMs))),
  ];
}

function troubleOfFeed({ name, lastGoodMs, suspect }: FeedFact, nowMs: number): Trouble[] {
  if (lastGoodMs === null) return [{ reason: 'feed-never-read', name }];
  if (nowMs - lastGoodMs >= FEED_STALE_MS) return [{ reason: 'feed-stale', name }];
  return suspect === null ? [] : [{ reason: 'feed-suspect', name }];
}

/** Doors that the code opens no more, and the first thing that is missing on its way to the guest. */
function troubleOfCode({ records, messages, ended }: UnitFacts, { stay, held }: StayRecord): Trouble[] {
  if (held !== null) return [{ reason: 'held', why: held.reason, detail: held.detail }];
  const code = liveCodeOf(records.codes, stay.id);
  if (code === undefined) return [{ reason: 'no-code' }];
  // Of several the last is what the guest goes by; one about an earlier code is not about this one.
  const message = messages.findLast(({ accessCodeId }) => accessCodeId === code.id);
  const shut = ended.filter(({ codeIds }) => codeIds.has(code.id));
  const troubles = shut.map(({ name }): Trouble => ({ reason: 'code-ended', name }));
  if (message?.state === 'sent') return troubles;
  return [...troubles, { reason: message?.state === 'failed' ? 'send-failed' : 'not-sent' }];
}

function troublesOfLock({ name, heard, skewMinutes }: LockFact, nowMs: number): Trouble[] {
  if (heard === null || isSilent(heard, nowMs)) return [{ reason: 'lock-silent', name }];
  const { clock, battery } = heard.state;
  const minutes = Math.round((heard.aheadMs ?? 0) / MINUTE_MS);
  // Half of what the lock forgives: there is time to set it before anybody stands there.
  const isOff = Math.abs(minutes) * 2 > skewMinutes;
  return [
    ...(clock === 'lost' ? [{ reason: 'clock-lost', name } as const] : []),
    ...(clock === 'running' && isOff ? [{ reason: 'clock-off', name, minutes } as const] : []),
    ...(battery !== null && battery <= LOW_BATTERY_PERCENT
      ? [{ reason: 'battery-low', name, percent: battery } as const]
      : []),
  ];
}
