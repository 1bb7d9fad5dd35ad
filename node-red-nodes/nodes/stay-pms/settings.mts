/**
 * What a host has set up of his PMS, read from the node; what does not fit is an error with the reason.
 * @module
 */
import {
  parseMapping,
  PMS_APIS,
  PMS_MAPPINGS,
  type PmsApi,
  type PmsMapping,
  type PmsName,
  StaycodeError,
  verifyWebhook,
  type WebhookScheme,
} from '@staycode/core';
import type { NodeDef } from 'node-red';

/** A listing of the PMS's and the `stay-unit` node that it is. */
export interface UnitRow {
  readonly ref: string;
  readonly unit: string;
}

/** What a flow of before, or one written by hand, may lack is optional. */
export interface StayPmsDef extends NodeDef {
  /** A PMS that is known by name, or `own` for a mapping of the host's. */
  readonly pms: PmsName | 'own';
  /** JSON. */
  readonly mapping?: string;
  /** Ids of `stay-unit` nodes; a list of its own, so that Node-RED sees what the node hangs on. */
  readonly units?: readonly string[];
  /** For each of these units the listing of the PMS's that it is. */
  readonly refs?: readonly string[];
  /** Below Node-RED's root; empty for no webhooks. */
  readonly path?: string;
  readonly scheme: WebhookScheme['kind'];
  readonly user?: string;
  /** The header of a signature or a token. */
  readonly header?: string;
  /** Where requests go; empty for the PMS's own address. */
  readonly baseUrl?: string;
  /** The path of a request for all reservations; empty for none. */
  readonly pollPath?: string;
  /** Channels that collect the price themselves, with commas. */
  readonly prepaid?: string;
  /** Of write-backs: the placeholder, custom field or key type that the code goes into. */
  readonly field?: string;
  /** Whether a code counts as told once it is written back. */
  readonly confirms?: boolean;
}

export interface Credentials {
  /** Secret, token or password of the webhooks; of Standard Webhooks several, with spaces, while one is replaced. */
  webhookSecret: string | undefined;
  /** The key of the PMS's API. */
  apiKey: string | undefined;
}

export interface PmsSettings {
  readonly mapping: PmsMapping;
  readonly api: PmsApi;
  /** Without a slash at the end; empty where there is none. */
  readonly origin: string;
  readonly apiKey: string;
  /** `null` where the host takes no webhooks. */
  readonly hook: { readonly path: string; readonly scheme: WebhookScheme } | null;
  readonly units: readonly UnitRow[];
  readonly prepaidChannels: readonly string[];
}

const OWN_API: PmsApi = { origin: null, keyHeader: 'Authorization', keyPrefix: 'Bearer ', webhook: null };

/** @throws StaycodeError `bad-config`, naming what was expected */
export function readSettings(def: StayPmsDef, { webhookSecret, apiKey }: Partial<Credentials>): PmsSettings {
  const { pms, mapping = '', path = '', baseUrl = '', prepaid = '' } = def;
  const api = pms === 'own' ? OWN_API : PMS_APIS[pms];
  const units = readUnits(def);
  if (units.length === 0) throw bad('units: expected a listing with its unit');
  const origin = baseUrl.trim() === '' ? (api.origin ?? '') : baseUrl.trim();
  return {
    mapping: pms === 'own' ? readMapping(mapping) : PMS_MAPPINGS[pms],
    api,
    origin: origin.replace(/\/+$/u, ''),
    apiKey: apiKey?.trim() ?? '',
    hook: path.trim() === '' ? null : { path: readPath(path), scheme: readScheme(def, webhookSecret) },
    units,
    prepaidChannels: prepaid
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  };
}

function readUnits({ units = [], refs = [] }: StayPmsDef): UnitRow[] {
  return units
    .map((unit, index) => ({ ref: (refs[index] ?? '').trim(), unit }))
    .filter(({ ref, unit }) => ref !== '' && unit !== '');
}

function readMapping(json: string): PmsMapping {
  try {
    return parseMapping(JSON.parse(json));
  } catch (error) {
    if (error instanceof StaycodeError) throw error;
    throw bad('mapping: expected JSON');
  }
}

function readPath(path: string): string {
  const trimmed = path.trim().replace(/\/+$/u, '');
  if (/^\/[\w./~-]+$/u.test(trimmed)) return trimmed;
  throw bad('path: expected one such as /staycode/pms');
}

function readScheme({ scheme: kind, user = '', header = '' }: StayPmsDef, secret = ''): WebhookScheme {
  const scheme = toScheme(kind, { user, header: header.trim(), secret: secret.trim() });
  // Judged once on nothing, so that a secret that is none shows before the first webhook comes.
  verifyWebhook(scheme, { url: '/', headers: {}, body: new Uint8Array() }, { nowMs: 0 });
  return scheme;
}

function toScheme(
  kind: WebhookScheme['kind'],
  { user, header, secret }: { user: string; header: string; secret: string },
): WebhookScheme {
  if ((kind === 'hmac-sha256' || kind === 'header-token') && header === '') {
    throw bad('header: expected the name of a header');
  }
  switch (kind) {
    case 'standard-webhooks':
      return { kind, secrets: secret.split(/\s+/u) };
    case 'hmac-sha256':
      return { kind, header, secret };
    case 'basic':
      return { kind, user, password: secret };
    case 'header-token':
      return { kind, header, token: secret };
    case 'url-token':
      return { kind, token: secret };
  }
}

function bad(expected: string): StaycodeError {
  return new StaycodeError('bad-config', `stay-pms: ${expected}`);
}
