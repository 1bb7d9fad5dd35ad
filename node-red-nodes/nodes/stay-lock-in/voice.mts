/**
 * What the node says: to the flow, to the host, to Node-RED's log.
 * @module
 */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { toHostMessage, type Trouble } from './to-message.mts';

export interface Voice {
  readonly tellDoor: (message: NodeMessage) => void;
  readonly warn: (trouble: Trouble, detail?: string | null) => void;
  readonly logFault: (fault: string) => void;
  readonly rosterRefused: (reason: string) => void;
  readonly revokeRefused: (reason: string) => void;
  /** A message that is none of the protocol. */
  readonly ignored: (why: string) => void;
  readonly report: (error: unknown) => void;
}

export function createVoice(
  RED: NodeAPI,
  node: Node,
  lock: { readonly lockId: string; readonly name: string },
): Voice {
  const warn: Voice['warn'] = (trouble, detail = null) => {
    node.send([null, toHostMessage(RED, lock, trouble, detail)]);
  };
  return {
    warn,
    tellDoor: (message) => {
      node.send([message, null]);
    },
    logFault: (fault) => {
      node.error(RED._('stay-lock-in.note.log-fault', { lock: lock.name, detail: fault }));
      warn('log-fault', fault);
    },
    rosterRefused: (reason) => {
      node.warn(`lock ${lock.lockId}: it does not take the list of stays: ${reason}`);
    },
    revokeRefused: (reason) => {
      warn('not-revoked', reason);
    },
    ignored: (why) => {
      node.warn(why);
    },
    report: (error) => {
      node.error(error instanceof Error ? error.message : String(error));
    },
  };
}
