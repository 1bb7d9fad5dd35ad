/**
 * Polls an OTA's calendar and tells the flow of each stay that is new, changed or cancelled, and the host of what is odd.
 * @module
 */
import type { FeedOptions } from '@staycode/core';
import { FeedFailure, nextPollMs, type Refusals } from '@staycode/core/edges';
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { onceStarted, onStarted } from '../flows-started.mts';
import { makesCodes } from '../makes-codes.mts';
import { shareRegister } from '../register.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';
import { createFeedReader, type FeedReader } from './feed-reader.mts';
import { createTeller, type FeedTeller } from './feed-teller.mts';
import { serveTrial } from './serve-trial.mts';

export interface StayFeedDef extends NodeDef {
  /** Id of the `stay-unit` node. */
  readonly unit: string;
  readonly intervalMinutes: string | number;
  /** Also addresses of the own network, and http:// without encryption; absent in flows of before. */
  readonly allowPrivate?: boolean;
  /** What becomes of Booking.com's ranges that may be closures; `all` in flows of before. */
  readonly closures?: FeedOptions['closures'] | '';
  /** The OTA imports other calendars and exports their stays as its own. */
  readonly imports?: boolean;
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
  serveTrial(RED);
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
    start(RED, this, { unit, url, def });
  }
}

interface Settings {
  readonly unit: StayUnitNode;
  readonly url: string;
  readonly def: StayFeedDef;
}

function start(RED: NodeAPI, node: StayFeedNode, { unit, url, def }: Settings): void {
  const register = shareRegister(RED, node);
  if (register === null) return;
  const stop = new AbortController();
  const { store } = register;
  const { signal } = stop;
  const intervalMs = readIntervalMs(def);
  const reader = createFeedReader({
    ...{ feedId: node.id, url, unit, store, signal },
    allowPrivate: def.allowPrivate === true,
    hasFeed: (feedId) => hasFeed(RED, feedId),
    // Its own as they were resolved: in the flow's text they may be names of variables.
    feedOptions: () => ({ ...feedOptionsOf(RED, def.unit), [node.id]: optionsOf(def) }),
    makesCodes: () => makesCodes(RED, unit.unit.unitId),
  });
  const poll = createPoll({
    teller: createTeller(RED, node, unit),
    ...{ reader, signal },
    askOthers: () => {
      askOthers(RED, node.id, def.unit);
    },
  });
  let timer: NodeJS.Timeout | undefined;
  let refusals: Refusals = { busyInARow: 0, retryAfterMs: null };
  const pollAlone = (): void => {
    void poll({}).then((error) => {
      if (signal.aborted) return;
      if (error) node.error(error.message, {});
      refusals = countRefusals(refusals, error);
      timer = setTimeout(pollAlone, nextPollMs(intervalMs, refusals));
    });
  };
  // Not before every node of the flow stands: what is sent earlier reaches nobody.
  const callOff = onceStarted(RED, pollAlone);
  // A deploy that leaves this node alone may have finished or mended the flow behind it.
  const unlisten = onStarted(RED, reader.lookForLost);
  node.on('input', (msg, _send, done) => {
    void poll(msg).then(done);
  });
  node.on('close', () => {
    callOff();
    unlisten();
    clearTimeout(timer);
    stop.abort();
    register.release();
  });
}

/** Also one that is disabled, and one in a subflow, whose id ends with that of the subflow's own. */
function hasFeed(RED: NodeAPI, feedId: string): boolean {
  let has = false;
  RED.nodes.eachNode(({ id, type }) => {
    has ||= type === 'stay-feed' && (feedId === id || feedId.endsWith(`-${id}`));
  });
  return has;
}

/** The options of all feeds of a unit, by the ids of their nodes. */
function feedOptionsOf(RED: NodeAPI, unitId: string): Record<string, FeedOptions> {
  const options: Record<string, FeedOptions> = {};
  RED.nodes.eachNode((def) => {
    if (def.type !== 'stay-feed') return;
    const feed = def as StayFeedDef;
    if (feed.unit === unitId) options[feed.id] = optionsOf(feed);
  });
  return options;
}

function optionsOf({ closures, imports }: StayFeedDef): FeedOptions {
  return { ...(closures && { closures }), imports: imports === true };
}

/** Nights that two feeds have sold may be one's old news: a guest who is at the door need not wait for its next poll. */
function askOthers(RED: NodeAPI, ownId: string, unitId: string): void {
  for (const id of Object.keys(feedOptionsOf(RED, unitId))) {
    if (id !== ownId) (RED.nodes.getNode(id) as Node | null)?.receive({});
  }
}

/** A server that says "too many requests" or is down is asked less often. */
function countRefusals({ busyInARow }: Refusals, error: Error | undefined): Refusals {
  return error instanceof FeedFailure && error.isBusy
    ? { busyInARow: busyInARow + 1, retryAfterMs: error.retryAfterMs }
    : { busyInARow: 0, retryAfterMs: null };
}

interface PollOptions {
  readonly teller: FeedTeller;
  readonly reader: FeedReader;
  readonly signal: AbortSignal;
  /** Polls the unit's other feeds now. */
  readonly askOthers: () => void;
}

/** Polls once, or takes the host's word, and tells what came of it; resolves to what went wrong. */
function createPoll({
  teller,
  reader,
  signal,
  askOthers,
}: PollOptions): (msg: NodeMessage) => Promise<Error | undefined> {
  let isRunning = false;
  const poll = async (msg: NodeMessage): Promise<Error | undefined> => {
    if (isRunning) return undefined;
    isRunning = true;
    try {
      const fetched = await reader.fetch();
      // From here on without a pause: another feed of the unit may write the same belief.
      if (signal.aborted) return undefined;
      const reading = reader.take(fetched, { forget: msg.reset === true });
      teller.tell(msg, reading);
      if (reading.alerts.some(({ alert }) => alert === 'conflict')) askOthers();
      return fetched instanceof Error ? fetched : undefined;
    } finally {
      isRunning = false;
    }
  };
  return async (msg) => {
    try {
      const word = readWord(msg);
      if (word === null) return await poll(msg);
      teller.tell(msg, reader.say(...word));
      return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      teller.showError(error);
      return error instanceof Error ? error : new Error(String(error));
    }
  };
}

/** The host's answer in a message: about which stay, and whether somebody comes. @throws Error for a word that is none */
function readWord({ word, reservationId }: NodeMessage): Parameters<FeedReader['say']> | null {
  if (word === undefined) return null;
  if (typeof reservationId !== 'string' || (word !== 'stay' && word !== 'no-stay')) {
    throw new Error('stay-feed: expected msg.word to be stay or no-stay, and msg.reservationId');
  }
  return [reservationId, word];
}

function readIntervalMs(def: StayFeedDef): number {
  const minutes = Number(def.intervalMinutes);
  const isFit = minutes >= 1 && minutes <= MAX_INTERVAL_MINUTES;
  return (isFit ? minutes : DEFAULT_INTERVAL_MINUTES) * MINUTE_MS;
}
