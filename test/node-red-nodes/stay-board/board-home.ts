/**
 * A small house with its flow: two flats, a keypad for each that Node-RED itself is the lock of, a third whose lock no network
 * reaches, and a phone for the guests.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { SITE_KEY } from '../../support/busy-house.ts';
import { type NodeRedOptions, type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { instant } from '../sample-feed.ts';

/** A site as its dialog keeps it. */
export const MILL_HOUSE: Readonly<Record<string, unknown>> = {
  ...{ id: 'site', type: 'stay-site', name: 'Mill House', zone: 'UTC', checkIn: '15:00', checkOut: '11:00' },
  ...{ checkInFrom: '14:00', checkInTo: '18:00', checkOutFrom: '09:00', checkOutTo: '12:00' },
  ...{ minNights: 1, maxNights: 31 },
};

export interface BoardLook extends BrowserContextOptions {
  /** Takes what the page's scripts throw and what its console calls an error. */
  readonly errors?: string[];
}

/** Chromium calls it an error that a request is refused, or its server away, which a page that asks is made for. */
const REFUSED = /^Failed to load resource: (?:.* status of 4(?!04)|net::ERR_(?:INCOMPLETE|CONNECTION))/u;

/** The board of the Node-RED at `url` in a window of its own: English and on a desk unless told. */
export async function openBoard(
  browser: Browser,
  url: string,
  { errors, ...look }: BoardLook = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en', ...look });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', ({ message }) => errors?.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !REFUSED.test(message.text())) errors?.push(message.text());
  });
  await page.goto(`${url}/staycode/board/`);
  return page;
}

export interface BoardHome {
  readonly node: RunningNodeRed;
  /** Hands the flow a stay, as a calendar would. */
  book(stay: BookedStay): Promise<void>;
  /** What the lock says to digits, as `outcome reason`. */
  type(flat: 'a' | 'b', digits: string): Promise<string>;
  /** The messages that guests were sent. */
  sent(): Promise<readonly SentMessage[]>;
}

export interface BookedStay {
  readonly id: string;
  readonly unit?: string;
  /** Days from today on. */
  readonly from: number;
  readonly to: number;
  readonly name?: string;
  readonly status?: string;
}

export interface SentMessage {
  readonly payload: string;
  readonly code: { readonly digits: string };
}

export interface BoardHomeOptions extends Pick<NodeRedOptions, 'settings'> {
  /** As the site's dialog keeps them. */
  readonly staff?: readonly object[];
}

export async function startBoardHome(
  userDir: string,
  { staff = [], ...options }: BoardHomeOptions = {},
): Promise<BoardHome> {
  const node = await startNodeRed({
    ...{ userDir, flows: boardFlow(staff), credentials: { site: { siteKey: SITE_KEY } }, ...options },
  });
  const ask = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${node.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  };
  return {
    node,
    async book({ id, unit = 'flat-a', from, to, name, status = 'confirmed' }) {
      const payload = {
        id,
        status,
        guestName: name ?? null,
        startsAtMs: instant(from, 15),
        endsAtMs: instant(to, 11),
      };
      await ask('/book', { ...payload, unit, dialect: 'generic' });
    },
    async type(flat, digits) {
      const { outcome, reason } = (await ask(`/type-${flat}`, { digits })) as {
        outcome: string;
        reason: string;
      };
      return `${outcome} ${reason}`;
    },
    sent: async () => (await ask('/sent', {})) as SentMessage[],
  };
}

function boardFlow(staff: readonly object[]): object[] {
  const http = (name: string, next: string): object => ({
    ...{ id: `in-${name}`, z: 'tab', type: 'http in', url: `/${name}`, method: 'post', wires: [[next]] },
  });
  const run = (id: string, func: string, wires: string[]): object => ({
    ...{ id, z: 'tab', type: 'function', func, outputs: 1, wires: [wires] },
  });
  const flat = (name: 'a' | 'b' | 'c'): object[] => [
    {
      ...{ id: `unit-${name}`, type: 'stay-unit', name: `Flat ${name.toUpperCase()}`, site: 'site' },
      ...{ unitId: `flat-${name}`, alphabet: 'decimal', keyVersion: 1 },
    },
    {
      ...{ id: `lock-${name}`, type: 'stay-lock', name: `Door ${name.toUpperCase()}`, site: 'site' },
      ...{ lockId: `door-${name}`, units: [`unit-${name}`] },
    },
  ];
  const keypad = (name: 'a' | 'b'): object[] => [
    http(`type-${name}`, `pick-${name}`),
    run(`pick-${name}`, 'msg.payload = msg.payload.digits; return msg;', [`verify-${name}`]),
    {
      ...{ id: `verify-${name}`, z: 'tab', type: 'stay-verify', source: 'lock', lock: `lock-${name}` },
      ...{ lockFile: '', groups: 'off', property: 'payload', wires: [['answer'], ['answer'], ['answer']] },
    },
  ];
  return [
    { id: 'tab', type: 'tab', label: 'Stays' },
    { ...MILL_HOUSE, staff },
    ...flat('a'),
    ...flat('b'),
    ...flat('c'),
    ...keypad('a'),
    ...keypad('b'),
    http('book', 'unpack'),
    run('unpack', 'msg.unit = msg.payload.unit; return msg;', ['code', 'booked']),
    run('booked', 'return { ...msg, payload: {} };', ['answer']),
    { id: 'code', z: 'tab', type: 'stay-code', unit: '', daysBefore: '30', wires: [['phone'], []] },
    run(
      'phone',
      "const all = flow.get('sent') ?? []; all.push({ payload: msg.payload, code: msg.code }); flow.set('sent', all);",
      [],
    ),
    http('sent', 'told'),
    run('told', "msg.payload = flow.get('sent') ?? []; return msg;", ['answer']),
    { id: 'answer', z: 'tab', type: 'http response', statusCode: '', headers: {}, wires: [] },
  ];
}
