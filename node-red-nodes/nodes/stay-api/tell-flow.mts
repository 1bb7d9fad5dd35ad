/**
 * Tells the flow each event on the first output. It counts as told once the flow has had time to pass it on; what a kill cuts off
 * is told again, with the same id.
 * @module
 */
import type { WebhookStore } from '@staycode/core/edges';
import type { Node } from 'node-red';
import { flowOf } from './endpoints.mts';
import type { EventOf } from './event-body.mts';
import { guarded } from './guarded.mts';

export interface Teller {
  close(): void;
}

/** Changes come from every program that has the register open, so it is asked. */
const ASK_MS = 500;
/** Node-RED hands a message on in the next turns of its loop. */
const PASSED_ON_MS = 1_000;
const MOST_AT_ONCE = 50;

export function openFlowTeller(node: Node, store: WebhookStore, eventOf: EventOf): Teller {
  const endpointId = flowOf(node.id);
  const passing = new Map<string, NodeJS.Timeout>();
  store.subscribe(endpointId);
  const settle = (eventId: string): void => {
    passing.delete(eventId);
    store.markDelivered({ endpointId, eventId });
  };
  const tell = (): void => {
    for (const { change } of store.listPending(endpointId, MOST_AT_ONCE)) {
      const { eventId } = change;
      const event = passing.has(eventId) ? null : eventOf(change);
      if (event === null) continue;
      node.send([{ topic: event.event_type, payload: event }, null]);
      passing.set(eventId, setTimeout(guarded(node, settle), PASSED_ON_MS, eventId));
    }
  };
  const asking = setInterval(guarded(node, tell), ASK_MS);
  return {
    close() {
      clearInterval(asking);
      for (const [eventId, timer] of passing) {
        clearTimeout(timer);
        settle(eventId);
      }
    },
  };
}
