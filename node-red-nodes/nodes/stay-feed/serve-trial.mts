/**
 * What the button "Test" of the dialog asks: the calendar is read once, on behalf of who may change flows, and nothing is kept.
 * @module
 */
import { type HouseOptions, readReservations, StaycodeError } from '@staycode/core';
import { fetchFeed } from '@staycode/core/edges';
import type { Request, RequestHandler, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { jsonBody } from '../json-body.mts';
import { MAX_RESERVATIONS } from './feed-reader.mts';
import { type FeedTrial, summariseReading } from './feed-trial.mts';

const TRIAL_PATH = '/stay-feed/test';

/** `message` is for the host, and names no more of the address than its host. */
export type TrialAnswer = FeedTrial | { readonly error: { readonly code: string; readonly message: string } };

interface TrialRequest extends HouseOptions {
  /** As typed; `null` for the one that the node has. */
  readonly url: string | null;
  readonly nodeId: string;
  readonly allowPrivate: boolean;
}

/** Registers the route: whoever may use it has the server fetch an address, so reading flows is not enough. */
export function serveTrial(RED: NodeAPI): void {
  if (RED.settings.httpAdminRoot === false) return;
  const allowed = RED.auth.needsPermission('stay-feed.write') as RequestHandler;
  RED.httpAdmin.post(TRIAL_PATH, allowed, (request: Request, response: Response) => {
    const gone = new AbortController();
    response.on('close', () => {
      gone.abort();
    });
    void tryFeed(RED, jsonBody(request), gone.signal).then((answer) => {
      if (!gone.signal.aborted) response.set('cache-control', 'no-store').json(answer);
    });
  });
}

async function tryFeed(
  RED: NodeAPI,
  body: ReturnType<typeof jsonBody>,
  signal: AbortSignal,
): Promise<TrialAnswer> {
  try {
    const { url, nodeId, allowPrivate, ...house } = readRequest(body);
    const address = url ?? storedUrl(RED, nodeId);
    if (address === '') throw new StaycodeError('bad-config', 'url: expected an address, got none');
    const feed = await fetchFeed(address, { allowPrivate, signal });
    const reading = readReservations(feed.body, { ...house, maxReservations: MAX_RESERVATIONS });
    return summariseReading(reading, { zone: house.zone, nowMs: Date.now() });
  } catch (error) {
    // Of other errors nobody knows what their text holds.
    if (error instanceof StaycodeError) return { error: { code: error.code, message: error.message } };
    return { error: { code: 'failed', message: '' } };
  }
}

/** @throws StaycodeError `bad-config` */
function readRequest(fields: ReturnType<typeof jsonBody>): TrialRequest {
  if (fields === null) throw new StaycodeError('bad-config', 'expected JSON');
  const text = (name: string): string => {
    const value = fields[name];
    if (typeof value === 'string') return value;
    throw new StaycodeError('bad-config', `${name}: expected a text`);
  };
  return {
    url: fields.url === undefined ? null : text('url').trim(),
    nodeId: text('id'),
    allowPrivate: fields.allowPrivate === true,
    ...{ zone: text('zone'), checkIn: text('checkIn'), checkOut: text('checkOut') },
  };
}

/** The address of a feed's node as it is deployed; `''` for none, and for what is no feed. */
function storedUrl(RED: NodeAPI, nodeId: string): string {
  const feeds = new Set<string>();
  RED.nodes.eachNode(({ id, type }) => {
    if (type === 'stay-feed') feeds.add(id);
  });
  if (!feeds.has(nodeId)) return '';
  // A node that was never given an address has none.
  const kept = RED.nodes.getCredentials(nodeId) as { url?: string } | null;
  return kept?.url ?? '';
}
