/**
 * How one talks to the PMSs that are known by name: where their API answers, how a request shows the host's key, and how a
 * webhook shows that it is theirs. Guesty's, Beds24's, Lodgify's and Smoobu's were looked up in November 2026; the others are to be
 * held against the PMS's own pages. None was tried on a live account.
 * @module
 */
import type { PmsName } from './mappings/all.ts';
import type { WebhookScheme } from './webhooks/verify-webhook.ts';

export interface PmsApi {
  /** Where the paths of requests begin; `null` for a PMS that every host runs for himself. */
  readonly origin: string | null;
  /** The header that the host's key goes into, and what stands before it there. */
  readonly keyHeader: string;
  readonly keyPrefix: string;
  /** The usual check of its webhooks, and the signature's header; `null` for a PMS without webhooks. */
  readonly webhook: { readonly kind: WebhookScheme['kind']; readonly header?: string } | null;
}

const BEARER = { keyHeader: 'Authorization', keyPrefix: 'Bearer ' };

export const PMS_APIS: Readonly<Record<PmsName, PmsApi>> = {
  hostaway: { origin: 'https://api.hostaway.com', ...BEARER, webhook: { kind: 'basic' } },
  guesty: { origin: 'https://open-api.guesty.com', ...BEARER, webhook: { kind: 'standard-webhooks' } },
  // Keys that may write last a day: the flow has to fetch a new one in time.
  beds24: {
    ...{ origin: 'https://beds24.com', keyHeader: 'token', keyPrefix: '' },
    webhook: { kind: 'header-token', header: 'X-Staycode' },
  },
  // Said to end on 31 October 2026 in favour of signed requests, by a page that is not Smoobu's own.
  smoobu: {
    ...{ origin: 'https://login.smoobu.com', keyHeader: 'Api-Key', keyPrefix: '' },
    webhook: { kind: 'url-token' },
  },
  hospitable: {
    ...{ origin: 'https://public.api.hospitable.com', ...BEARER },
    webhook: { kind: 'hmac-sha256', header: 'Signature' },
  },
  lodgify: {
    ...{ origin: 'https://api.lodgify.com', keyHeader: 'X-ApiKey', keyPrefix: '' },
    webhook: { kind: 'hmac-sha256', header: 'ms-signature' },
  },
  cloudbeds: {
    ...{ origin: 'https://api.cloudbeds.com', keyHeader: 'x-api-key', keyPrefix: '' },
    webhook: { kind: 'url-token' },
  },
  qloapps: { origin: null, keyHeader: 'Authorization', keyPrefix: 'Basic ', webhook: null },
};
