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
  /** Signed commands to the lock; never retained. */
  readonly command: string;
  /** The lock's signed answers. */
  readonly answer: string;
}

/** @throws StaycodeError `bad-id` */
export function lockTopics(lockId: string): LockTopics {
  checkId(lockId, 'lock id');
  const base = `staycode/${encodeURIComponent(lockId)}`;
  return {
    availability: `${base}/availability`,
    state: `${base}/state`,
    event: `${base}/event`,
    command: `${base}/command`,
    answer: `${base}/answer`,
  };
}
