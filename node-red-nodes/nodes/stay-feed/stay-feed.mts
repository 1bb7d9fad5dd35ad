/**
 * Polls an OTA's calendar and tells the flow of each stay that is new, changed or cancelled.
 * @module
 */
import { StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { shareRegister } from '../register.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';
import type { StayEvent } from './compare-polls.mts';
import { createFeedReader, type FeedReader, type FeedReading } from './feed-reader.mts';

export interface StayFeedDef extends NodeDef {
  /** Id of the `stay-unit` node. */
  readonly unit: string;
  readonly intervalMinutes: string | number;
}

interface Credentials {
  /** The calendar's secret address. */
  url: string | undefined;
}

type StayFeedNode = Node<Credentials>;

const MINUTE_MS = 60_000;
const DEFAULT_INTERVAL_MINUTES = 15;
const MAX_INTERVAL_MINUTES = 24 * 60;

/** Registers `stay-feed`. */
export function stayFeed(RED: NodeAPI): void {
  RED.nodes.registerType<StayFeedNode, StayFeedDef, object, Credentials>('stay-feed', createFeed, {
    credentials: { url: { type: 'password' } },
  });

  function createFeed(this: StayFeedNode, def: StayFeedDef): void {
    RED.nodes.createNode(this, def);
    const unit = RED.nodes.getNode(def.unit) as StayUnitNode | null;
    const { url } = this.credentials;
    if (unit === null || !url) {
      this.status({
        fill: 'red',
        shape: 'ring',
        text: RED._(`stay-feed.status.no-${unit === null ? 'unit' : 'url'}`),
      });
      return;
    }
    start(RED, this, { unit, url, intervalMs: readIntervalMs(def) });
  }
}

interface Settings {
  readonly unit: StayUnitNode;
  readonly url: string;
  readonly intervalMs: number;
}

function start(RED: NodeAPI, node: StayFeedNode, { unit, url, intervalMs }: Settings): void {
  const register = shareRegister(RED, node);
  if (register === null) return;
  const stop = new AbortController();
  const { store } = register;
  const reader = createFeedReader({ feedId: node.id, url, unit, store, signal: stop.signal });
  const poll = createPoll(RED, { node, unit, reader, signal: stop.signal });
  const pollAlone = (): void => {
    void poll({}).then((error) => {
      if (error) node.error(error.message, {});
    });
  };
  // Not before every node of the flow stands: what is sent earlier reaches nobody.
  RED.events.once('flows:started', pollAlone);
  const timer = setInterval(pollAlone, intervalMs);
  node.on('input', (msg, _send, done) => {
    void poll(msg).then(done);
  });
  node.on('close', () => {
    RED.events.off('flows:started', pollAlone);
    clearInterval(timer);
    stop.abort();
    register.release();
  });
}

interface PollOptions {
  readonly node: StayFeedNode;
  readonly unit: StayUnitNode;
  readonly reader: FeedReader;
  readonly signal: AbortSignal;
}

/** Polls once, sends what is new, shows how it went; resolves to what went wrong. */
function createPoll(
  RED: NodeAPI,
  { node, unit, reader, signal }: PollOptions,
): (msg: NodeMessage) => Promise<Error | undefined> {
  let isRunning = false;
  return async (msg) => {
    if (isRunning) return undefined;
    isRunning = true;
    try {
      const reading = await reader.read({ forget: msg.reset === true });
      for (const event of reading.events) node.send(toMessage(RED, msg, unit, event));
      reading.remember();
      show(RED, node, reading);
      return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      const code = error instanceof StaycodeError ? error.code : 'failed';
      node.status({ fill: 'red', shape: 'ring', text: RED._(`stay-feed.status.${code}`) });
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      isRunning = false;
    }
  };
}

function show(RED: NodeAPI, node: StayFeedNode, { stays: count, isEmpty }: FeedReading): void {
  const isOdd = isEmpty && count > 0;
  const text = RED._(`stay-feed.status.${isOdd ? 'empty' : 'stays'}`, { count });
  node.status(isOdd ? { fill: 'yellow', shape: 'ring', text } : { fill: 'green', shape: 'dot', text });
}

function toMessage(
  RED: NodeAPI,
  msg: NodeMessage,
  unit: StayUnitNode,
  { event, reservation }: StayEvent,
): NodeMessage {
  const copy = RED.util.cloneMessage(msg);
  return { ...copy, topic: unit.unitName, payload: reservation, event, unit: unit.unit.unitId };
}

function readIntervalMs(def: StayFeedDef): number {
  const minutes = Number(def.intervalMinutes);
  const isFit = minutes >= 1 && minutes <= MAX_INTERVAL_MINUTES;
  return (isFit ? minutes : DEFAULT_INTERVAL_MINUTES) * MINUTE_MS;
}
