/**
 * Codes for platforms and scripts, in Seam's words: what becomes of each code goes out as signed webhooks and to the flow.
 * @module
 */
import { StaycodeError } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { onceStarted } from '../flows-started.mts';
import { shareRegister } from '../register.mts';
import { flowOf, webhookOf } from './endpoints.mts';
import { composeEvent, type EventOf } from './event-body.mts';
import { guarded } from './guarded.mts';
import { serveNewKeys } from './new-keys.mts';
import { openApi } from './open-api.mts';
import { createApiStatus } from './status.mts';
import { openFlowTeller } from './tell-flow.mts';
import { hasWebhook, openWebhook } from './tell-webhook.mts';

export interface StayApiDef extends NodeDef {
  /** Such as `/staycode`, on Node-RED's own web server; empty to answer no calls. */
  readonly path?: string;
  /** The editor keeps numbers as text. */
  readonly callsPerMinute?: string | number;
}

interface Credentials {
  /** JSON: a list of `name` and `hash`. */
  keys?: string;
  webhookUrl?: string;
  /** `whsec_…` */
  webhookSecret?: string;
}

export type StayApiNode = Node<Credentials>;

/** Time alone ends a stay, or makes a code late. */
const LOOK_MS = 30_000;

/** Registers `stay-api`. */
export function stayApi(RED: NodeAPI): void {
  serveNewKeys(RED);
  RED.nodes.registerType<StayApiNode, StayApiDef, object, Credentials>('stay-api', createApi, {
    credentials: {
      keys: { type: 'text' },
      webhookUrl: { type: 'text' },
      webhookSecret: { type: 'password' },
    },
  });

  function createApi(this: StayApiNode, def: StayApiDef): void {
    RED.nodes.createNode(this, def);
    const register = shareRegister(RED, this);
    if (register === null) return;
    const { store } = register;
    // Before any node issues a code, and before there is anybody to be told.
    store.webhooks.subscribe(flowOf(this.id));
    if (hasWebhook(this)) store.webhooks.subscribe(webhookOf(this.id));
    else store.webhooks.unsubscribe(webhookOf(this.id));
    const eventOf: EventOf = (change) => composeEvent(RED, store, change);
    const tellers: { close(): void }[] = [];
    let looking: NodeJS.Timeout | undefined;
    // What waits to be told is for nodes that may not be there yet.
    const start = (): void => {
      forgetOthers(RED, store);
      const status = createApiStatus(RED, this);
      try {
        tellers.push(openFlowTeller(this, store.webhooks, eventOf));
        tellers.push(...openApi(RED, this, { def, store }));
        if (hasWebhook(this))
          tellers.push(openWebhook(RED, this, { store: store.webhooks, status, eventOf }));
      } catch (error) {
        status.badConfig();
        this.error(error instanceof StaycodeError ? error.message : String(error));
      }
      const look = guarded(this, () => {
        store.webhooks.look();
      });
      looking = setInterval(look, LOOK_MS);
      look();
    };
    const callOff = onceStarted(RED, start);
    this.on('close', (removed: boolean, done: () => void) => {
      callOff();
      clearInterval(looking);
      for (const teller of tellers) teller.close();
      if (removed) for (const id of endpointsOf(this.id)) store.webhooks.unsubscribe(id);
      register.release();
      done();
    });
  }
}

/** A node that was taken out of the flow while Node-RED was down has no `close` to say so. */
function forgetOthers(RED: NodeAPI, { webhooks }: AccessCodeStore): void {
  const known = new Set<string>();
  RED.nodes.eachNode(({ id, type }) => {
    if (type === 'stay-api') for (const endpoint of endpointsOf(id)) known.add(endpoint);
  });
  for (const id of webhooks.endpoints()) if (!known.has(id)) webhooks.unsubscribe(id);
}

function endpointsOf(nodeId: string): string[] {
  return [webhookOf(nodeId), flowOf(nodeId)];
}
