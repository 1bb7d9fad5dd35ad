/**
 * How nodes hear that another one changed a unit's stays: those who tell guests and hosts of them look again.
 * @module
 */
import type { Action } from '@staycode/core';
import type { NodeAPI } from 'node-red';
import { hear } from './hear.mts';

export interface UnitChanges {
  readonly unitId: string;
  /** What was done, for who tells of it. */
  readonly actions: readonly Action[];
}

const EVENT = 'staycode:unit-changed';

export function tellChanged(RED: NodeAPI, changes: UnitChanges): void {
  RED.events.emit(EVENT, changes);
}

/** @returns what ends it */
export function onChanged(RED: NodeAPI, listener: (changes: UnitChanges) => void): () => void {
  return hear(RED, EVENT, (news) => {
    listener(news as UnitChanges);
  });
}
