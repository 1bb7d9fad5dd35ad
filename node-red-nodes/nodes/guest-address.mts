/**
 * How the node that sends a guest's message hears whether the node that words it knew where to: one that goes nowhere is not sent,
 * however well it left.
 * @module
 */
import type { NodeAPI } from 'node-red';
import { hear } from './hear.mts';

export interface AddressNews {
  /** Of `msg.delivery`. */
  readonly id: string;
  readonly hasAddress: boolean;
}

const EVENT = 'staycode:guest-address';

export function tellAddress(RED: NodeAPI, news: AddressNews): void {
  RED.events.emit(EVENT, news);
}

/** @returns what ends it */
export function onAddress(RED: NodeAPI, listener: (news: AddressNews) => void): () => void {
  return hear(RED, EVENT, (news) => {
    listener(news as AddressNews);
  });
}
