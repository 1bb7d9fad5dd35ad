/**
 * A node's webhook: sent by core's sender, and the host hears where it does not arrive.
 * @module
 */
import { StaycodeError } from '@staycode/core';
import { openWebhookSender, type WebhookStore } from '@staycode/core/edges';
import type { NodeAPI } from 'node-red';
import { webhookOf } from './endpoints.mts';
import type { EventOf } from './event-body.mts';
import type { StayApiNode } from './stay-api.mts';
import type { ApiStatus } from './status.mts';
import type { Teller } from './tell-flow.mts';

export interface WebhookParts {
  readonly store: WebhookStore;
  readonly status: ApiStatus;
  readonly eventOf: EventOf;
}

export function hasWebhook({ credentials }: StayApiNode): boolean {
  return (credentials.webhookUrl ?? '').trim() !== '';
}

/** @throws StaycodeError `bad-config` for an address or a secret that is none */
export function openWebhook(
  RED: NodeAPI,
  node: StayApiNode,
  { store, status, eventOf }: WebhookParts,
): Teller {
  const { webhookUrl = '', webhookSecret = '' } = node.credentials;
  const endpointId = webhookOf(node.id);
  const note = (reason: 'webhook-failing' | 'webhook-gone' | 'webhook-given-up', detail: string): void => {
    const payload = RED._(`stay-api.note.${reason}`, { detail });
    node.send([null, { topic: node.name ?? '', payload, problem: { reason, detail } }]);
  };
  let isFailing = false;
  return openWebhookSender({
    ...{ store, endpointId, url: checkUrl(webhookUrl.trim()), secret: webhookSecret.trim() },
    bodyOf: (change) => {
      const event = eventOf(change);
      return event && JSON.stringify(event);
    },
    listener: {
      tried(pending, trouble) {
        status.webhook(pending, trouble);
        // Once for each time that it goes, not for each attempt.
        if (trouble !== null && !isFailing) note('webhook-failing', trouble);
        isFailing = trouble !== null;
      },
      givenUp: (change) => {
        note('webhook-given-up', change.type);
      },
      broke: (error) => {
        node.error(error instanceof Error ? error.message : String(error));
      },
      gone: () => {
        status.gone();
        note('webhook-gone', 'HTTP 410');
      },
    },
  });
}

function checkUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/u.test(url.protocol)) return text;
  throw new StaycodeError('bad-config', 'webhook: expected an address that begins with http:// or https://');
}
