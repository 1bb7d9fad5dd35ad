/**
 * What nodes do once every node of the flow stands: what is sent earlier reaches nobody. They share one listener, for a house has
 * forty calendars and Node-RED takes more than ten listeners for a leak.
 * @module
 */
import type { NodeAPI } from 'node-red';

/** By Node-RED's events. */
const waiting = new WeakMap<object, Set<() => void>>();

/** Calls `work` once, at the next start of the flows. @returns what takes it back */
export function onceStarted(RED: NodeAPI, work: () => void): () => void {
  const works = waiting.get(RED.events) ?? listen(RED);
  works.add(work);
  return () => {
    works.delete(work);
  };
}

function listen(RED: NodeAPI): Set<() => void> {
  const works = new Set<() => void>();
  waiting.set(RED.events, works);
  RED.events.on('flows:started', () => {
    const due = [...works];
    works.clear();
    for (const work of due) work();
  });
  return works;
}
