/**
 * Whether a webhook comes from the PMS, just now and for the first time.
 * @module
 */
import { bytesToUtf8, equalBytes } from '@noble/ciphers/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Deliveries, isRepeated } from './deliveries.ts';
import { checkSecret, decodeBase64, equalSecret, readWebhookSecret, signParts } from './secrets.ts';

/** How a PMS shows that a webhook is its own. */
export type WebhookScheme =
  /** Standard Webhooks and Svix (Guesty). Several secrets while one is being replaced; each with or without `whsec_`. */
  | { readonly kind: 'standard-webhooks'; readonly secrets: readonly string[] }
  /** Hex HMAC-SHA-256 of the raw body, with or without `sha256=` (Hospitable `Signature`, Lodgify `ms-signature`). */
  | { readonly kind: 'hmac-sha256'; readonly header: string; readonly secret: string }
  /** HTTP Basic, RFC 7617 (Hostaway). */
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  /** The last part of the path, or `?token=` (Smoobu, Cloudbeds). */
  | { readonly kind: 'url-token'; readonly token: string }
  /** A header of the host's own (Beds24). */
  | { readonly kind: 'header-token'; readonly header: string; readonly token: string };

export interface WebhookRequest {
  /** Path and query as they came. */
  readonly url: string;
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came: a signature is over these, not over what a parser makes of them. */
  readonly body: Uint8Array;
}

export interface WebhookContext {
  readonly nowMs: number;
  /** What was taken before; see `rememberDelivery`. */
  readonly seen?: Deliveries;
}

export type WebhookRefusal =
  /** No signature or secret where the scheme has one, or none that can be read. */
  | 'malformed'
  | 'forged'
  /** Signed more than five minutes ago, or ahead: then one of the clocks is wrong. */
  | 'late'
  | 'repeated';

export type WebhookCheck =
  | { readonly ok: true; readonly deliveryId: string }
  | { readonly ok: false; readonly reason: WebhookRefusal };

/** Standard Webhooks leaves the tolerance to the receiver; its libraries take five minutes either way. */
const WEBHOOK_TOLERANCE_MS: number = 5 * 60_000;

/** What the check of a scheme finds; without id and time of its own, the body's hash is the id. */
type Finding = { readonly id?: string; readonly signedAtMs?: number } | 'malformed' | 'forged';

/**
 * Judges a webhook. Never throws on what came over the wire.
 * @throws StaycodeError `bad-config` for a secret of the host's that is too short or no secret
 */
export function verifyWebhook(
  scheme: WebhookScheme,
  request: WebhookRequest,
  { nowMs, seen = [] }: WebhookContext,
): WebhookCheck {
  const finding = checkScheme(scheme, request);
  if (typeof finding === 'string') return { ok: false, reason: finding };
  const { signedAtMs, id = `sha256:${bytesToHex(sha256(request.body))}` } = finding;
  if (signedAtMs !== undefined && Math.abs(nowMs - signedAtMs) > WEBHOOK_TOLERANCE_MS)
    return { ok: false, reason: 'late' };
  if (isRepeated(seen, id, nowMs)) return { ok: false, reason: 'repeated' };
  return { ok: true, deliveryId: id };
}

function checkScheme(scheme: WebhookScheme, request: WebhookRequest): Finding {
  switch (scheme.kind) {
    case 'standard-webhooks':
      return checkStandard(scheme.secrets, request);
    case 'hmac-sha256':
      return checkHex(checkSecret(scheme.secret, 'webhook secret'), scheme.header, request);
    case 'basic':
      return checkBasic(`${scheme.user}:${checkSecret(scheme.password, 'webhook password')}`, request);
    case 'url-token':
      return compare(checkSecret(scheme.token, 'webhook token'), tokenOf(request.url));
    case 'header-token':
      return compare(checkSecret(scheme.token, 'webhook token'), headerOf(request, scheme.header));
  }
}

/** Over `id.timestamp.body`; the header has any number of `v1,base64`, one for each secret in use. */
function checkStandard(secrets: readonly string[], request: WebhookRequest): Finding {
  const keys = secrets.map(readWebhookSecret);
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map(
    (name) => headerOf(request, `webhook-${name}`) ?? headerOf(request, `svix-${name}`),
  );
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/u.test(timestamp)) return 'malformed';
  const given = signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => decodeBase64(signature.slice(3)))
    .filter((signature) => signature !== null);
  if (given.length === 0) return 'malformed';
  const expected = keys.map((key) => signParts(key, utf8ToBytes(`${id}.${timestamp}.`), request.body));
  const isGenuine = expected.some((mac) => given.some((signature) => equalBytes(mac, signature)));
  return isGenuine ? { id, signedAtMs: Number(timestamp) * 1000 } : 'forged';
}

function checkHex(secret: string, header: string, request: WebhookRequest): Finding {
  const [, hex] = /^(?:sha256=)?([0-9a-f]{64})$/iu.exec(headerOf(request, header) ?? '') ?? [];
  if (hex === undefined) return 'malformed';
  return equalBytes(signParts(utf8ToBytes(secret), request.body), hexToBytes(hex)) ? {} : 'forged';
}

function checkBasic(credentials: string, request: WebhookRequest): Finding {
  const [, encoded] = /^Basic +(\S+)$/iu.exec(headerOf(request, 'authorization') ?? '') ?? [];
  const bytes = encoded === undefined ? null : decodeBase64(encoded);
  return compare(credentials, bytes === null ? null : bytesToUtf8(bytes));
}

function compare(expected: string, given: string | null): Finding {
  if (given === null || given === '') return 'malformed';
  return equalSecret(expected, given) ? {} : 'forged';
}

function tokenOf(url: string): string | null {
  const [path = '', query = ''] = url.split('?', 2);
  return new URLSearchParams(query).get('token') ?? path.split('/').at(-1) ?? null;
}

/** One value of a header; of a repeated one none, since it is open which of them a proxy has looked at. */
function headerOf({ headers }: WebhookRequest, name: string): string | null {
  const values = Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .flatMap(([, value]) => value ?? []);
  return values.length === 1 ? (values[0]?.trim() ?? null) : null;
}
