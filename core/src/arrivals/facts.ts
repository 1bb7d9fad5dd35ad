/**
 * What the check of tonight's arrivals goes by: facts that Node-RED has at hand.
 * @module
 */
import { type AccessCode, isLive } from '../access-codes/access-code.ts';
import type { OutboxMessage } from '../access-codes/outbox.ts';
import type { UnitRecords } from '../access-codes/reconcile.ts';
import { type LockState, STALE_MS } from '../protocol/messages.ts';

/** What is known of a calendar that tells of the unit. */
export interface FeedFact {
  /** As the host calls it. */
  readonly name: string;
  /** Its last good reading, in milliseconds since 1970; `null` for none yet. */
  readonly lastGoodMs: number | null;
  /** What is odd about the last reading: entries that vanished were kept. */
  readonly suspect: 'empty' | 'together' | null;
}

/** What is known of a lock that the unit's codes open. */
export interface LockFact {
  /** As the host calls it. */
  readonly name: string;
  /** The last state that came; `null` where none has. Locks that nobody listens to are no facts. */
  readonly heard: HeardState | null;
  /** By how many minutes the lock's clock may be off before a guest is refused: `skewMinutes` of its rules. */
  readonly skewMinutes: number;
}

/** A lock's state as it came. */
export interface HeardState {
  readonly state: Pick<LockState, 'clock' | 'battery'>;
  /** When it came, by the host's clock. */
  readonly heardAtMs: number;
  /** The lock's clock less the host's; `null` where a broker had kept the message, for then nobody knows for how long. */
  readonly aheadMs: number | null;
}

export interface UnitFacts {
  readonly unitId: string;
  readonly unitName: string;
  readonly records: Pick<UnitRecords, 'codes' | 'stays'>;
  /** The unit's messages to guests, oldest first. */
  readonly messages: readonly OutboxMessage[];
  /** Ids of codes that have opened a door. */
  readonly usedCodeIds: ReadonlySet<string>;
  /** Doors at which codes were ended, by a command or at the keypad, and the ids of these. */
  readonly ended: readonly { readonly name: string; readonly codeIds: ReadonlySet<string> }[];
  readonly feeds: readonly FeedFact[];
  readonly locks: readonly LockFact[];
}

export function liveCodeOf(codes: readonly AccessCode[], reservationId: string): AccessCode | undefined {
  return codes.find((code) => isLive(code) && code.reservationId === reservationId);
}

/** Whether a lock has been silent for so long that it counts as out of reach. */
export function isSilent({ heardAtMs }: HeardState, nowMs: number): boolean {
  return nowMs - heardAtMs > STALE_MS;
}
