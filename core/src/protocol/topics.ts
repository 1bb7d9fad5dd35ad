/**
 * The MQTT topics of one lock. Ids are percent-encoded, so an id with `/`, `+` or `#` cannot reach another lock's topics.
 * @module
 */
import { checkId } from '../stay-code/keys.ts';

export interface LockTopics {
  /** Retained `online` or, by last will, `offline`. */
  readonly availability: string;
  /** Retained `LockState`. */
  readonly state: string;
  /** Live `LockEvent`s, never retained and never old ones. */
  readonly event: string;
  /** Retained `LockHealth`. */
  readonly health: string;
  /** A controller asks for a session; never retained. */
  readonly hello: string;
  /** The lock's answers to `hello`. */
  readonly session: string;
  /** Signed commands to the lock; never retained. */
  readonly command: string;
  /** The lock's signed answers. */
  readonly answer: string;
  /** What the lock knows that the roster does not, and the other way round. */
  readonly roster: string;
  /** Retained: the log's newest entry, signed. */
  readonly auditHead: string;
  /** Entries of the log on their way home. */
  readonly auditEntries: string;
  /** The keeper has entries on disk. */
  readonly auditAck: string;
  /** A host misses entries. */
  readonly auditResend: string;
  /** Above what Home Assistant sends to the lock, unsigned. */
  readonly ofHomeAssistant: string;
}

/** @throws StaycodeError `bad-id` */
export function lockTopics(lockId: string): LockTopics {
  const base = baseOf(lockId);
  return {
    availability: `${base}/availability`,
    state: `${base}/state`,
    event: `${base}/event`,
    health: `${base}/health`,
    hello: `${base}/hello`,
    session: `${base}/session`,
    command: `${base}/command`,
    answer: `${base}/answer`,
    roster: `${base}/roster`,
    auditHead: `${base}/audit/head`,
    auditEntries: `${base}/audit/entries`,
    auditAck: `${base}/audit/ack`,
    auditResend: `${base}/audit/resend`,
    ofHomeAssistant: `${base}/home-assistant`,
  };
}

/** What a lock subscribes to, at QoS 1. It publishes on all others. */
export function lockReads({ hello, command, auditAck, auditResend }: LockTopics): string[] {
  return [hello, command, auditAck, auditResend];
}

/** Retained, host to host: the stays at a lock, sealed to one controller. @throws StaycodeError `bad-id` */
export function staysTopic(lockId: string, controllerId: string): string {
  checkId(controllerId, 'controller id');
  return `${baseOf(lockId)}/stays/${encodeURIComponent(controllerId)}`;
}

function baseOf(lockId: string): string {
  checkId(lockId, 'lock id');
  return `staycode/${encodeURIComponent(lockId)}`;
}
