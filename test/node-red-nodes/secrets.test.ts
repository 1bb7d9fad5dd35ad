import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  deriveCodeKey,
  deriveCommandKey,
  deriveLockKey,
  deriveLogKey,
  deriveUnitKey,
  groupDigits,
} from '@staycode/core';
import { type Broker, startBroker } from '../support/broker.ts';
import { type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { sampleFeed } from './sample-feed.ts';
import { brokerNode, flowsFor } from './sample-flow.ts';
import { type SampleHome, startSampleHome } from './sample-home.ts';
import { type SampleLock, startSampleLock } from './sample-lock.ts';

const SITE_KEY = '5c'.repeat(32);
const siteKey = Uint8Array.from(Buffer.from(SITE_KEY, 'hex'));
const FEED_TOKEN = 'feed-token-7f3a91';
/** Node-RED's own example of a hash, in its settings.js: of `password`. */
const PASSWORD_HASH = '$2a$08$zZWtXTja0fB1pzD4sHCMyOCMYz2Z6dNbM6tl8sJogENOMcxWV9DN.';
const HOUSE = { zone: 'UTC', checkIn: '15:00', checkOut: '11:00' };
const SETTINGS = {
  credentialSecret: 'a secret of the test',
  adminAuth: {
    type: 'credentials',
    users: [
      { username: 'host', password: PASSWORD_HASH, permissions: '*' },
      { username: 'viewer', password: PASSWORD_HASH, permissions: 'read' },
    ],
  },
  logging: { console: { level: 'trace', metrics: true, audit: true } },
};

describe('the secrets of a home, with logins on and the log at its most talkative', function () {
  this.timeout(90_000);
  const userDir = scratchFolder();
  const comms: string[] = [];
  const codes: string[] = [];
  let home: SampleHome;
  let broker: Broker;
  let sample: SampleLock;
  let node: RunningNodeRed;
  let token = '';

  const logIn = async (username: string): Promise<string> => {
    const body = { client_id: 'node-red-admin', grant_type: 'password', scope: '*', username };
    const answer = await fetch(`${node.url}/auth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, password: 'password' }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  const ask = (path: string, as: string | null, headers = {}): Promise<Response> =>
    fetch(`${node.url}/${path}`, {
      headers: {
        accept: 'application/json',
        ...headers,
        ...(as !== null && { authorization: `Bearer ${as}` }),
      },
    });
  const inject = async (id: string): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await fetch(`${node.url}/inject/${id}`, { method: 'POST', headers })).status, 200);
  };
  /** As the editor does once its host has filled in the dialogs. */
  const deploy = async (): Promise<void> => {
    const credentials = { site: { siteKey: SITE_KEY }, feed: { url: feedUrl(home) } };
    const flows = (await (await ask('flows', token)).json()) as { id: keyof typeof credentials }[];
    const body = JSON.stringify(flows.map((one) => ({ ...one, credentials: credentials[one.id] })));
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    assert.equal((await fetch(`${node.url}/flows`, { method: 'POST', headers, body })).status, 204);
  };
  const untilGuests = (count: number): Promise<void> =>
    home.waitFor((received) => received.filter(({ from }) => from === 'guest').length >= count);

  before(async () => {
    home = await startSampleHome();
    broker = await startBroker();
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'running', from: -1, to: 2 }]) };
    sample = startSampleLock({ siteKey: SITE_KEY, lockId: 'door', unitId: 'flat-a', brokerUrl: broker.url });
    node = await startNodeRed({
      ...{ userDir, settings: SETTINGS },
      flows: [...flowsFor(home).map(alsoKept), ...moreNodes(home, broker.port)],
    });
    token = await logIn('host');
    await deploy();
    const socket = new WebSocket(`${node.url.replace('http', 'ws')}/comms`);
    socket.addEventListener('message', ({ data }) => comms.push(String(data)));
    await new Promise((resolve) => {
      socket.addEventListener('open', resolve);
    });
    socket.send(JSON.stringify({ auth: token }));
    while (!comms.includes('{"auth":"ok"}')) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const topic of ['status/#', 'notification/#', 'debug'])
      socket.send(JSON.stringify({ subscribe: topic }));
    await liveADay();
    socket.close();
  });
  after(async () => {
    await node.stop();
    await sample.stop();
    await broker.stop();
    await home.close();
    removeScratch();
  });

  /** One that is polled already is not polled again. */
  async function pollUntil(status: string): Promise<void> {
    for (let look = 0; !comms.some((text) => text.includes(status)); look++) {
      assert.ok(look < 300, `the feed never showed: ${status}`);
      await inject('poll');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** All that a home sees: a code, its change, entries right and wrong, a feed that fails, a message that makes no sense. */
  async function liveADay(): Promise<void> {
    await untilGuests(1);
    const first = lastDigits(home);
    await sample.lock.enter(first);
    await sample.lock.enter('000000000000');
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'running', from: -1, to: 3 }]) };
    await inject('poll');
    await untilGuests(2);
    codes.push(first, lastDigits(home));
    home.feed = { status: 500, type: 'text/plain', body: 'sorry' };
    await pollUntil('calendar unreachable');
    home.feed = { status: 200, type: 'text/html', body: `<a href="${feedUrl(home)}">calendar</a>` };
    await pollUntil('not a calendar');
    await inject('nonsense');
    await inject('type-right');
    await inject('type-wrong');
    await inject('ask');
    await home.waitFor((received) => received.some(({ from }) => from === 'opened'));
  }

  const secrets = (): [string, string][] => {
    const unitKey = deriveUnitKey(siteKey, 'flat-a', 1);
    const lockKey = deriveLockKey(siteKey, 'door', 1);
    const keys = {
      ...{ site: siteKey, unit: unitKey, code: deriveCodeKey(unitKey), lock: lockKey },
      ...{ log: deriveLogKey(lockKey), command: deriveCommandKey(lockKey, 'node-red') },
    };
    return [
      ['the address of the calendar', FEED_TOKEN],
      ...Object.entries(keys).flatMap(([name, key]): [string, string][] => {
        const bytes = Buffer.from(key);
        return [
          [`${name} key, hex`, bytes.toString('hex')],
          [`${name} key, base64`, bytes.toString('base64').replace(/=+$/u, '')],
        ];
      }),
      ...codes.flatMap((digits, i): [string, string][] => [
        [`code ${i}`, digits],
        [`code ${i}, grouped`, groupDigits(digits)],
        [`code ${i}, its short PIN`, `"${digits.slice(0, 6)}"`],
      ]),
    ];
  };
  const assertSecret = (where: string, text: string): void => {
    const low = text.toLowerCase();
    const found = secrets().filter(([, secret]) => low.includes(secret.toLowerCase()));
    assert.deepEqual(
      found.map(([name]) => `${name} in ${where}`),
      [],
    );
  };

  it('were all in use: the host got two codes, a lock and a keypad opened, the feed failed', () => {
    assert.equal(new Set(codes).size, 2);
    assert.ok(comms.some((text) => text.includes('status/feed')));
    assert.match(node.logs(), /\[trace\]|\[audit\]/u);
    // The search itself finds what is there.
    assert.throws(() => {
      assertSecret('a test', `a text with ${codes[0] ?? ''}`);
    });
  });

  it('are in no flow that the editor gets or exports, and no credentials go back to it', async () => {
    for (const headers of [{}, { 'node-red-api-version': 'v2' }]) {
      assertSecret('the flows', await (await ask('flows', token, headers)).text());
    }
    assertSecret('the tab', await (await ask('flow/tab', token)).text());
    assertSecret('the global flow', await (await ask('flow/global', token)).text());
    for (const path of ['credentials/stay-site/site', 'credentials/stay-feed/feed']) {
      const answer = await (await ask(path, token)).text();
      assert.match(answer, /"has_\w+":true/u);
      assertSecret(path, answer);
    }
  });

  it('are not in the log, whatever went wrong', () => {
    assertSecret('the log', node.logs());
  });

  it('are not in what the test of a calendar answers, which only who may change flows can ask', async () => {
    const test = (as: string | null, fields = {}): Promise<Response> =>
      fetch(`${node.url}/stay-feed/test`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(as !== null && { authorization: `Bearer ${as}` }),
        },
        body: JSON.stringify({ ...HOUSE, id: 'feed', allowPrivate: true, ...fields }),
      });
    assert.equal((await test(null)).status, 401);
    assert.equal((await test(await logIn('viewer'))).status, 401);
    home.feed = { status: 200, type: 'text/calendar', body: sampleFeed([{ uid: 'one', from: 2, to: 5 }]) };
    const seen = await (await test(token)).text();
    assert.match(seen, /"dialect":"airbnb"/u);
    home.feed = { ...home.feed, status: 500 };
    const failed = await (await test(token)).text();
    assert.match(failed, /feed-failed/u);
    const bad = await (await test(token, { url: `not an address ${FEED_TOKEN}` })).text();
    assert.match(bad, /"error"/u);
    for (const text of [seen, failed, bad]) assertSecret('the answer', text);
    // Another node's secrets are nothing that it could be made to ask for.
    assert.match(await (await test(token, { id: 'site' })).text(), /bad-config/u);
  });

  it('are in no status and nothing else that the editor hears', () => {
    for (const text of comms) assertSecret('comms', text);
  });

  it('are in no file of the user directory in clear', () => {
    const files = readdirSync(userDir, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    assert.ok(files.some(({ name }) => name === 'register.sqlite'));
    for (const { name, parentPath } of files) {
      assertSecret(name, readFileSync(join(parentPath, name)).toString('latin1'));
    }
  });

  it('are not told to somebody without a login, nor is anything else', async () => {
    for (const path of ['flows', 'credentials/stay-site/site', 'credentials/stay-feed/feed', 'nodes']) {
      assert.equal((await ask(path, null)).status, 401, path);
    }
    const heard: string[] = [];
    const socket = new WebSocket(`${node.url.replace('http', 'ws')}/comms`);
    socket.addEventListener('message', ({ data }) => heard.push(String(data)));
    await new Promise((resolve) => {
      socket.addEventListener('open', resolve);
    });
    socket.send(JSON.stringify({ subscribe: 'status/#' }));
    await new Promise((resolve) => {
      socket.addEventListener('close', resolve);
      setTimeout(resolve, 1_000);
    });
    assert.ok(!heard.join('').includes('status/'), heard.join(''));
    socket.close();
  });
});

function feedUrl(home: SampleHome): string {
  return `${home.url}/calendar-${FEED_TOKEN}.ics`;
}

function lastDigits(home: SampleHome): string {
  return home.received.findLast(({ from }) => from === 'guest')?.msg.code.digits ?? '';
}

/** Beside the sample flow: a keypad, a lock over MQTT, the check of tonight, and one who sends nonsense. */
function moreNodes(home: SampleHome, brokerPort: number): object[] {
  const on = (rest: object): object => ({ z: 'tab', ...rest });
  const inject = (id: string, to: string): object => on({ id, type: 'inject', props: [], wires: [[to]] });
  const keypad = { id: 'lock-b', type: 'stay-lock', name: 'Keypad', site: 'site', units: ['unit'] };
  return [
    { ...keypad, lockId: 'keypad', keepsLog: false },
    brokerNode(brokerPort),
    on({ id: 'door', type: 'stay-lock-in', lock: 'lock', broker: 'broker', wires: [[], ['pick-host']] }),
    on({ id: 'tonight', type: 'stay-tonight', site: 'site', time: '', wires: [[]] }),
    inject('ask', 'tonight'),
    inject('nonsense', 'make-nonsense'),
    on({ id: 'make-nonsense', type: 'function', outputs: 1, func: NONSENSE, wires: [['code']] }),
    on({ id: 'keep', type: 'function', outputs: 1, func: KEEP, wires: [[]] }),
    inject('type-right', 'make-right'),
    on({ id: 'make-right', type: 'function', outputs: 1, func: RIGHT, wires: [['verify']] }),
    inject('type-wrong', 'make-wrong'),
    on({ id: 'make-wrong', type: 'function', outputs: 1, func: WRONG, wires: [['verify']] }),
    on({
      ...{ id: 'verify', type: 'stay-verify', source: 'lock', lock: 'lock-b', lockFile: '', groups: 'whole' },
      ...{ property: 'payload', wires: [['pick-opened'], [], []] },
    }),
    on({ id: 'pick-opened', type: 'function', outputs: 1, func: WHOLE, wires: [['post-opened']] }),
    on({
      ...{ id: 'post-opened', type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' },
      ...{ url: `${home.url}/opened`, wires: [[]] },
    }),
  ];
}

/** The guest's message goes to a node that keeps its code, too. */
function alsoKept(node: object): object {
  return 'id' in node && node.id === 'code'
    ? { ...node, wires: [['pick-guest', 'keep'], ['pick-host']] }
    : node;
}

const WHOLE = 'return { payload: msg };';
const NONSENSE = 'return { payload: { id: "x", code: global.get("digits") }, unit: "flat-a" };';
const KEEP = 'global.set("digits", msg.code.digits); return null;';
const RIGHT = 'return { payload: global.get("digits"), topic: global.get("digits") };';
const WRONG = 'return { payload: Number(global.get("digits")) };';
