/**
 * Signatures of webhooks that we send, as Svix makes them (Standard Webhooks with Svix's header names).
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { readWebhookSecret, signParts } from '../../reservations/pms/webhooks/secrets.ts';

export interface SignedMessage {
  /** The same on every attempt: by it the receiver knows a repetition. */
  readonly id: string;
  /** When it is sent, in milliseconds since 1970 UTC: receivers refuse what is five minutes off. */
  readonly sentAtMs: number;
  readonly body: string;
}

/** The headers that go with the body. @throws StaycodeError `bad-config` for a secret that is none */
export function signWebhook(
  secret: string,
  { id, sentAtMs, body }: SignedMessage,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(sentAtMs / 1000));
  const mac = signParts(
    readWebhookSecret(secret),
    utf8ToBytes(`${id}.${timestamp}.`),
    new TextEncoder().encode(body),
  );
  return {
    'svix-id': id,
    'svix-timestamp': timestamp,
    'svix-signature': `v1,${btoa(String.fromCharCode(...mac))}`,
  };
}
