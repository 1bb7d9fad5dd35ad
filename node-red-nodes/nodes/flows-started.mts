/**
 * What nodes do once every node of the flow stands: what is sent earlier reaches nobody.
 * @module
 */
import type { NodeAPI } from 'node-red';
import { hear } from './hear.mts';

/** Calls `work` at each start of the flows. @returns what ends it */
export function onStarted(RED: NodeAPI, work: () => void): () => void {
  return hear(RED, 'flows:started', work);
}

/** Calls `work` once, at the next start of the flows. @returns what takes it back */
export function onceStarted(RED: NodeAPI, work: () => void): () => void {
  const callOff = onStarted(RED, () => {
    callOff();
    work();
  });
  return callOff;
}
