/**
 * Sends the guests' messages that are due: claimed on disk first, and counted as sent once the flow says so, or, where it does
 * not, once it has had time to pass them on. What a crash cuts off is sent again at the next start, marked. A flow that promised
 * its word and keeps silent gets the message once more; then the host is told.
 * @module
 */
import type { OutboxMessage, OutboxPolicy } from '@staycode/core';
import type { ClaimedMessage } from '@staycode/core/edges';
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { onAddress } from '../guest-address.mts';
import { createRound, type RoundOptions } from './sending-round.mts';

export interface SenderOptions extends RoundOptions {
  readonly policy: OutboxPolicy;
  /** Whether the flow says when a message is sent. */
  readonly isConfirmed: boolean;
  /** Runs what a timer or another node asks for, and says what goes wrong with it. */
  readonly attempt: (work: () => void) => void;
}

export interface Sender {
  readonly sendDue: () => void;
  /** The fields of the message that brought a stay travel on with what its guest gets, until the guest is told or Node-RED ends. */
  accompany(stay: { readonly unitId: string; readonly reservationId: string }, msg: NodeMessage): void;
  /** The flow's word on a message. @throws Error for a word without the message's `delivery` */
  hear(msg: NodeMessage): void;
  close(): void;
}

/** Retries, long releases and leases that end come due by themselves. */
const LOOK_MS = 30_000;
/** Node-RED hands a message on in the next turns of its loop; a flow that keeps it for longer says itself when it is sent. */
const PASSED_ON_MS = 2_000;

/** So long before its lease is over a message of which nothing was heard has failed: later it would be one whose sender died. */
const SILENCE_MS = 10_000;

/** A message that the flow has. */
interface Passing {
  readonly claim: number;
  /** As `stayKey` names it. */
  readonly stay: string;
  /** What it was given of the message that brought the stay. */
  readonly companion: NodeMessage | undefined;
  timer: NodeJS.Timeout;
  isPassedOn: boolean;
  /** Whether a node that words it knew where to; `null` where none has said. */
  hasAddress: boolean | null;
}

export function createSender(RED: NodeAPI, node: Node, options: SenderOptions): Sender {
  const { store, policy, isConfirmed, attempt } = options;
  const passing = new Map<string, Passing>();
  /** By unit and stay. */
  const companions = new Map<string, NodeMessage>();
  const sendDue: Sender['sendDue'] = () => {
    const round = createRound(RED, node, options);
    const next = (): ClaimedMessage | null => store.outbox.claimNext(Date.now(), policy, round.isMine);
    for (let claimed = next(); claimed !== null; claimed = next()) {
      const message = round.compose(claimed);
      const { companion } = follow(claimed.message);
      node.send([{ ...companion, ...message }, null]);
    }
  };
  const follow = (message: OutboxMessage): Passing => {
    const { id, claims: claim } = message;
    const stay = stayKey(message);
    const timer = setTimeout(() => {
      attempt(() => {
        passedOn(id, one);
      });
    }, PASSED_ON_MS);
    const companion = companions.get(stay);
    const one: Passing = { claim, stay, companion, timer, isPassedOn: false, hasAddress: null };
    clearTimeout(passing.get(id)?.timer);
    passing.set(id, one);
    return one;
  };
  const passedOn = (id: string, one: Passing): void => {
    one.isPassedOn = true;
    if (one.hasAddress === false) {
      goesNowhere(id, one);
      return;
    }
    one.timer = setTimeout(() => {
      attempt(() => {
        heardNothing(id, one);
      });
    }, policy.leaseMs - SILENCE_MS);
    if (isConfirmed) return;
    store.outbox.markSent(id, Date.now());
    // Newer word for the same guest has waited for this.
    sendDue();
  };
  /** Trying again would not find an address: the host is told at once. */
  const goesNowhere = (id: string, { claim }: Passing): void => {
    failed(id, claim, false, []);
  };
  const heardNothing = (id: string, one: Passing): void => {
    if (!isConfirmed) {
      told(id);
      return;
    }
    node.warn(RED._('stay-code.warn.silent'));
    failed(id, one.claim, true, policy.retryAfterMs.slice(0, 1));
  };
  const failed = (
    id: string,
    claim: number,
    mayHaveArrived: boolean,
    retryAfterMs = policy.retryAfterMs,
  ): void => {
    const one = passing.get(id);
    if (one?.claim === claim) {
      clearTimeout(one.timer);
      passing.delete(id);
    }
    const failure = { claim, mayHaveArrived, nowMs: Date.now(), wasAssumedSent: !isConfirmed };
    store.outbox.markFailed(id, failure, { ...policy, retryAfterMs });
    sendDue();
  };
  /** The guest has it, so what came with the stay is needed no more. */
  const told = (id: string): void => {
    const one = passing.get(id);
    if (one === undefined) return;
    clearTimeout(one.timer);
    passing.delete(id);
    if (companions.get(one.stay) === one.companion) companions.delete(one.stay);
  };
  const unlisten = onAddress(RED, ({ id, hasAddress }) => {
    const one = passing.get(id);
    if (one === undefined) return;
    // Of several channels one is enough.
    one.hasAddress = one.hasAddress === true || hasAddress;
    // A flow may hold messages back for longer, as one that sends a few a minute.
    if (one.isPassedOn && !one.hasAddress) goesNowhere(id, one);
  });
  const looking = setInterval(() => {
    attempt(sendDue);
  }, LOOK_MS);
  return {
    sendDue,
    accompany({ unitId, reservationId }, msg) {
      const waiting = store.outbox
        .readUnit(unitId)
        .findLast((message) => message.reservationId === reservationId && message.state === 'queued');
      if (waiting) companions.set(stayKey(waiting), RED.util.cloneMessage(msg));
    },
    hear(msg) {
      const { id, claim } = readDelivery(msg);
      if (msg.event !== 'sent') {
        failed(id, claim, msg.mayHaveArrived !== false);
        return;
      }
      told(id);
      store.outbox.markSent(id, Date.now());
      sendDue();
    },
    close() {
      clearInterval(looking);
      unlisten();
      for (const { timer } of passing.values()) clearTimeout(timer);
    },
  };
}

function stayKey({ unitId, reservationId }: Pick<OutboxMessage, 'unitId' | 'reservationId'>): string {
  return JSON.stringify([unitId, reservationId]);
}

function readDelivery(msg: NodeMessage): { id: string; claim: number } {
  const { id, claim } = (msg.delivery ?? {}) as Record<string, unknown>;
  if (typeof id === 'string' && typeof claim === 'number') return { id, claim };
  throw new Error('stay-code: expected msg.delivery as the message to the guest had it');
}
