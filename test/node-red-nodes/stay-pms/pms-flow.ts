/** A home that hears of its bookings from a PMS: what the tests send as webhooks and as answers, and the flow that takes it. */
import { BODIES, PMS_NAMES, readBody, type Variation } from '../../core/reservations/pms/bodies.ts';
import type { PmsName } from '../../../core/src/reservations/pms/mappings/all.ts';
import type { WebhookScheme } from '../../../core/src/reservations/pms/webhooks/verify-webhook.ts';
import { SCHEMES, sign } from '../../core/access-codes/pms-office.ts';
import type { RunningNodeRed } from '../../support/node-red.ts';
import { dayText } from '../sample-feed.ts';
import type { SampleHome } from '../sample-home.ts';

export const SITE_KEY: string = '7d'.repeat(32);
export const API_KEY = 'example key of an API';

/** Days from today that the guest comes and goes on. */
const [ARRIVAL, DEPARTURE] = [20, 23];

/** A body as its PMS sends it, moved to days that are still to come. */
export function bodyOf(pms: PmsName, variation: Variation): unknown {
  const day = (days: number): string => dayText(days).replace(/(\d{4})(\d\d)(\d\d)/u, '$1-$2-$3');
  const text = JSON.stringify(BODIES[pms](variation));
  return JSON.parse(text.replaceAll('2026-11-27', day(ARRIVAL)).replaceAll('2026-11-30', day(DEPARTURE)));
}

const listingOf = (pms: PmsName, room = 41): string => readBody(pms, { room }).rooms[0]!.unitRef;
export const unitIdOf = (pms: PmsName, room = 41): string => `${pms}-${room}`;
export const bookingIdOf = (pms: PmsName): string => `${pms}/${readBody(pms).id}`;

/** The flow: each PMS with a `stay-code` of its own, requests to the stand-in, and all that is told sent on to the home. */
export function pmsFlows(
  home: SampleHome,
  apiUrl: string,
  changes: Readonly<Record<string, object>> = {},
): object[] {
  const flows = [
    { id: 'tab', type: 'tab', label: 'Home' },
    {
      ...{
        id: 'site',
        type: 'stay-site',
        name: 'Home',
        zone: 'Europe/Berlin',
        checkIn: '15:00',
        checkOut: '11:00',
      },
      ...{ checkInFrom: '12:00', checkInTo: '20:00', checkOutFrom: '08:00', checkOutTo: '14:00' },
      ...{ minNights: 1, maxNights: 31 },
    },
    ...PMS_NAMES.flatMap((pms) => nodesOf(pms, apiUrl)),
    { id: 'say', z: 'tab', type: 'http in', url: '/say/:to', method: 'post', wires: [['pick-say']] },
    {
      ...{ id: 'pick-say', z: 'tab', type: 'function', outputs: PMS_NAMES.length * 2 + 1 },
      func: `const to = ${JSON.stringify(PMS_NAMES.flatMap((pms) => [`pms-${pms}`, `code-${pms}`]))}.indexOf(msg.req.params.to);
             const out = Array(${PMS_NAMES.length * 2}).fill(null); out[to] = msg.payload;
             return [...out, msg];`,
      wires: [...PMS_NAMES.flatMap((pms) => [[`pms-${pms}`], [`code-${pms}`]]), ['ok']],
    },
    { id: 'ok', z: 'tab', type: 'http response', statusCode: '200', wires: [] },
    {
      id: 'statuses',
      z: 'tab',
      type: 'status',
      scope: PMS_NAMES.map((pms) => `pms-${pms}`),
      wires: [['pick-status']],
    },
    { id: 'caught', z: 'tab', type: 'catch', scope: null, wires: [['pick-caught']] },
    ...post('status', 'return { payload: { node: msg.status.source.id, ...msg.status } };', home),
    ...post('caught', 'return { payload: { message: msg.error.message } };', home),
    ...post('stay', WHOLE, home),
    ...post('guest', WHOLE, home),
    ...post('host', WHOLE, home),
  ];
  return flows.map((node) => ({ ...node, ...('id' in node && changes[String(node.id)]) }));
}

export function credentialsOf(): Record<string, Record<string, string>> {
  const secrets = PMS_NAMES.map((pms) => {
    const scheme = SCHEMES[pms];
    const secret =
      scheme === undefined
        ? ''
        : 'secrets' in scheme
          ? scheme.secrets[0]!
          : 'secret' in scheme
            ? scheme.secret
            : 'password' in scheme
              ? scheme.password
              : scheme.token;
    return [`pms-${pms}`, { apiKey: API_KEY, ...(secret && { webhookSecret: secret }) }] as const;
  });
  return { site: { siteKey: SITE_KEY }, ...Object.fromEntries(secrets) };
}

/** Posts a webhook as its PMS would, signed with `scheme`; answers with the status. */
export async function hook(
  node: RunningNodeRed,
  pms: PmsName,
  body: unknown,
  { scheme = SCHEMES[pms]!, atMs = Date.now() }: { scheme?: WebhookScheme; atMs?: number } = {},
): Promise<number> {
  const signed = sign(scheme, body, atMs);
  const path = signed.url.replace(/^\/hook/u, `/pms/${pms}`);
  const response = await fetch(`${node.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(signed.headers as Record<string, string>) },
    body: Buffer.from(signed.body),
  });
  return response.status;
}

/** Hands a message to a node. */
export async function say(node: RunningNodeRed, to: string, msg: object): Promise<void> {
  const response = await fetch(`${node.url}/say/${to}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(msg),
  });
  if (response.status !== 200) throw new Error(`say ${to}: ${response.status}`);
}

const WHOLE = 'const { req, res, ...rest } = msg; return { payload: rest };';

function nodesOf(pms: PmsName, apiUrl: string): object[] {
  const scheme = SCHEMES[pms];
  return [
    ...[41, 42].map((room) => ({
      ...{ id: `unit-${pms}-${room}`, type: 'stay-unit', name: `${pms} ${room}`, site: 'site' },
      ...{ unitId: unitIdOf(pms, room), alphabet: 'decimal', keyVersion: 1 },
    })),
    {
      ...{ id: `pms-${pms}`, z: 'tab', type: 'stay-pms', name: '', pms, mapping: '', prepaid: '' },
      units: [41, 42].map((room) => `unit-${pms}-${room}`),
      refs: [41, 42].map((room) => listingOf(pms, room)),
      ...{ path: scheme ? `/pms/${pms}` : '', scheme: scheme?.kind ?? 'basic' },
      ...{ user: 'staycode', header: scheme && 'header' in scheme ? scheme.header : '' },
      ...{ baseUrl: `${apiUrl}/${pms}`, pollPath: scheme ? '' : '/api/bookings', field: FIELDS[pms] ?? '' },
      confirms: false,
      wires: [[`code-${pms}`, 'pick-stay'], [`ask-${pms}`], ['pick-host']],
    },
    {
      ...{
        id: `ask-${pms}`,
        z: 'tab',
        type: 'http request',
        method: 'use',
        ret: 'txt',
        paytoqs: 'ignore',
        url: '',
      },
      wires: [[`pms-${pms}`]],
    },
    {
      ...{ id: `code-${pms}`, z: 'tab', type: 'stay-code', unit: '' },
      wires: [['pick-guest', ...(HAS_NO_PLACE.has(pms) ? [] : [`pms-${pms}`])], ['pick-host']],
    },
  ];
}

/** Where the host has to name a field before a code can be written back. */
const FIELDS: Readonly<Partial<Record<PmsName, string>>> = { cloudbeds: 'pin, staycode' };
export const HAS_NO_PLACE: ReadonlySet<PmsName> = new Set(['hospitable', 'qloapps']);

function post(id: string, func: string, home: SampleHome): object[] {
  const request = { type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' };
  return [
    { id: `pick-${id}`, z: 'tab', type: 'function', func, outputs: 1, wires: [[`post-${id}`]] },
    { id: `post-${id}`, z: 'tab', ...request, url: `${home.url}/${id}`, wires: [[]] },
  ];
}
