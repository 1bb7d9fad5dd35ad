/** A Node-RED with an API, two flats and a calendar; and Seam's own client at it. */
import { createHash } from 'node:crypto';
import { Seam } from 'seam';
import { flowsFor } from '../sample-flow.ts';
import type { SampleHome } from '../sample-home.ts';

export const SITE_KEY: string = '5c'.repeat(32);
export const API_KEY = 'seam_an-example-key-for-tests-only';
export const WEBHOOK_SECRET = 'whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=';

/** The sample flow with a second flat, and the API at `/staycode`. */
export function apiFlows(
  home: SampleHome,
  { callsPerMinute = 6000 }: { callsPerMinute?: number } = {},
): object[] {
  const post = (to: string): object[] => [
    {
      ...{ id: `pick-${to}`, z: 'tab', type: 'function', outputs: 1, wires: [[`post-${to}`]] },
      func: 'return { payload: { payload: msg.payload, topic: msg.topic } };',
    },
    {
      ...{ id: `post-${to}`, z: 'tab', type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' },
      ...{ url: `${home.url}/${to}`, wires: [[]] },
    },
  ];
  const flatB = { id: 'unit-b', type: 'stay-unit', name: 'Flat B', site: 'site', unitId: 'flat-b' };
  return [
    ...flowsFor(home),
    { ...flatB, alphabet: 'decimal', keyVersion: 1 },
    {
      ...{ id: 'api', z: 'tab', type: 'stay-api', name: '', path: '/staycode', callsPerMinute },
      wires: [['pick-told'], ['pick-noted']],
    },
    ...post('told'),
    ...post('noted'),
  ];
}

export function apiCredentials(
  home: SampleHome,
  webhookUrl = '',
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const hash = createHash('sha256').update(API_KEY).digest('hex');
  return {
    site: { siteKey: SITE_KEY },
    feed: { url: `${home.url}/calendar` },
    api: {
      keys: JSON.stringify([{ name: 'PMS', hash }]),
      webhookUrl,
      webhookSecret: webhookUrl === '' ? '' : WEBHOOK_SECRET,
    },
  };
}

/** Without retries of its own: what it is answered is what is tested. */
export function seamAt(url: string, apiKey: string = API_KEY): Seam {
  return new Seam({ apiKey, endpoint: `${url}/staycode`, axiosRetryOptions: { retries: 0 } });
}
