/**
 * How nodes hear what Node-RED or another of our nodes tells through its events. Those of one event share a listener, for a house
 * has forty calendars and Node-RED takes more than ten listeners for a leak.
 * @module
 */
import type { NodeAPI } from 'node-red';

type Listener = (news: unknown) => void;

/** By Node-RED's emitter, then by event. */
const listeners = new WeakMap<object, Map<string, Set<Listener>>>();

/** @returns what ends it */
export function hear(RED: NodeAPI, event: string, listener: Listener): () => void {
  const byEvent = listeners.get(RED.events) ?? new Map<string, Set<Listener>>();
  listeners.set(RED.events, byEvent);
  const shared = byEvent.get(event) ?? share(RED, event);
  byEvent.set(event, shared);
  shared.add(listener);
  return () => {
    shared.delete(listener);
  };
}

function share(RED: NodeAPI, event: string): Set<Listener> {
  const shared = new Set<Listener>();
  RED.events.on(event, (news: unknown) => {
    for (const one of [...shared]) {
      // Thrown from here it would end Node-RED, and every door that it judges at.
      try {
        one(news);
      } catch (error) {
        RED.log.error(`staycode: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  });
  return shared;
}
