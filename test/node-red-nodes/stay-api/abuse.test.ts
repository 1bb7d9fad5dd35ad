import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant, sampleFeed } from '../sample-feed.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';
import { API_KEY, apiCredentials, apiFlows, seamAt } from './api-flow.ts';

interface SeamFailure {
  readonly ok: boolean;
  readonly error: { readonly type: string; readonly message: string };
}

describe('an API under abuse', function () {
  this.timeout(120_000);
  let home: SampleHome;
  let node: RunningNodeRed;
  let held: unknown;

  const call = (path: string, init: RequestInit = {}, base = 'staycode'): Promise<Response> =>
    fetch(`${node.url}/${base}${path}`, {
      method: 'POST',
      body: '{}',
      ...init,
      headers: {
        ...{ authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
        ...(init.headers as Record<string, string> | undefined),
      },
    });
  const failure = async (answer: Response): Promise<[number, string]> => {
    const { ok, error } = (await answer.json()) as SeamFailure;
    assert.deepEqual([ok, typeof error.message], [false, 'string']);
    assert.match(answer.headers.get('seam-request-id') ?? '', /^[0-9a-f-]{36}$/u);
    return [answer.status, error.type];
  };
  const read = async (): Promise<unknown> => seamAt(node.url).accessCodes.list();

  before(async () => {
    home = await startSampleHome();
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'booked', from: 40, to: 44 }]) };
    const credentials = apiCredentials(home);
    const limited = { id: 'limited', z: 'tab', type: 'stay-api', path: '/limited', callsPerMinute: 20 };
    const others = [
      { ...limited, wires: [[], []] },
      { ...limited, id: 'keyless', path: '/keyless', wires: [[], []] },
      { ...limited, id: 'twice', path: '/staycode/', wires: [[], []] },
    ];
    node = await startNodeRed({
      userDir: scratchFolder(),
      flows: [...apiFlows(home), ...others],
      credentials: { ...credentials, limited: credentials.api!, twice: credentials.api! },
    });
    await home.waitFor((received) => received.some(({ from }) => from === 'guest'));
    const device_id = 'flat-b';
    const times = {
      starts_at: new Date(instant(5, 15)).toISOString(),
      ends_at: new Date(instant(8, 11)).toISOString(),
    };
    await seamAt(node.url).accessCodes.create({ device_id, ...times });
    // The guest's message counts as sent two seconds after it left.
    do held = await read();
    while (JSON.stringify(held).includes('setting'));
  });
  afterEach(async () => {
    assert.deepEqual(await read(), held);
  });
  after(async () => {
    assert.doesNotMatch(node.logs(), /internal|stack|TypeError/u);
    await node.stop();
    await home.close();
    removeScratch();
  });

  it('knows nobody without a key, or with half of one', async () => {
    const half = API_KEY.slice(0, -1);
    for (const authorization of [
      '',
      'Bearer',
      `Bearer ${half}`,
      `Basic ${API_KEY}`,
      API_KEY,
      `Bearer ${API_KEY}x`,
      `Bearer ${'x'.repeat(5000)}`,
    ]) {
      const answer = await call('/access_codes/list', { headers: { authorization } });
      assert.deepEqual(await failure(answer), [401, 'unauthorized']);
    }
    await assert.rejects(seamAt(node.url, 'seam_another').accessCodes.list(), { code: 'unauthorized' });
  });

  it('answers no call that there is none of, and says so where it has no key or no path', async () => {
    for (const path of ['/access_codes/', '/access_codes/constructor', '/access_codes/__proto__'])
      assert.deepEqual(await failure(await call(path)), [404, 'not_found']);
    const put = await call('/access_codes/list', { method: 'PUT' });
    assert.equal(put.headers.get('allow'), 'GET, POST');
    assert.deepEqual(await failure(put), [405, 'method_not_allowed']);
    assert.notEqual((await call('/access_codes/list', {}, 'keyless')).status, 200);
    await waitForStatus(node, 'keyless', 'incomplete, see log');
    await waitForStatus(node, 'twice', 'incomplete, see log');
  });

  it('leaves alone what else is below its path, such as the board', async () => {
    const board = await fetch(`${node.url}/staycode/board/api/host/me`);
    assert.deepEqual(await board.json(), { user: null });
    for (const path of ['/api-key', '/nothing'])
      assert.equal((await call(path)).headers.get('seam-request-id'), null);
  });

  it('takes no body that is too large, and none that is no JSON object', async () => {
    const huge = await call('/access_codes/create', { body: `{"name":"${'x'.repeat(10_000_000)}"}` });
    assert.deepEqual(await failure(huge), [413, 'payload_too_large']);
    const bodies = ['{', '[]', '"x"', '17', 'null', '{"device_id":', '['.repeat(60_000), '\0\u{ffff}', 'a=b'];
    for (const body of bodies) {
      const answer = await call('/access_codes/create', { body });
      assert.deepEqual(await failure(answer), [400, 'invalid_input'], body.slice(0, 20));
    }
    const form = {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'device_id=flat-a',
    };
    assert.deepEqual(await failure(await call('/access_codes/create', form)), [400, 'invalid_input']);
  });

  it('outlives whoever hangs up in the middle', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(Number(new URL(node.url).port), '127.0.0.1');
      await once(socket, 'connect');
      const head = `POST /staycode/access_codes/create HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${API_KEY}\r\n`;
      socket.write(`${head}Content-Length: 500\r\n\r\n{"device_id":`);
      await new Promise((resolve) => setTimeout(resolve, i));
      socket.destroy();
    }
  });

  it('refuses whatever fields come, and never fails on them', async () => {
    const field = fc.constantFrom(
      'device_id',
      'access_code_id',
      'starts_at',
      'ends_at',
      'name',
      'code',
      'limit',
      'page_cursor',
      'access_code_ids',
      '__proto__',
      'toString',
    );
    const wild = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('flat-a', 'flat-b', '', '1970-01-01T00:00:00Z', -1, 1e308, null),
    );
    // Without the start of a stay nothing can be made, whatever else there is.
    const body = fc.dictionary(field, wild, { maxKeys: 6 }).map((fields) => ({ ...fields, starts_at: 7 }));
    const path = fc.constantFrom('create', 'update', 'delete', 'get');
    await fc.assert(
      fc.asyncProperty(path, body, async (name, fields) => {
        const answer = await call(`/access_codes/${name}`, { body: JSON.stringify(fields) });
        const [status] = await failure(answer);
        assert.ok(status === 400 || status === 404, `${status}`);
      }),
      { numRuns: 400 },
    );
    const list = fc.dictionary(field, wild, { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(list, async (fields) => {
        const answer = await call('/access_codes/list', { body: JSON.stringify(fields) });
        assert.ok([200, 400, 404].includes(answer.status), `${answer.status}`);
      }),
      { numRuns: 200 },
    );
  });

  it('holds a flood up, of strangers and of callers, each for itself', async () => {
    const flood = async (authorization: string): Promise<Response[]> =>
      Promise.all(
        Array.from({ length: 60 }, () =>
          call('/access_codes/list', { headers: { authorization } }, 'limited'),
        ),
      );
    const strangers = await flood('Bearer seam_stranger');
    const statuses = strangers.map(({ status }) => status);
    assert.deepEqual([...new Set(statuses)].sort(), [401, 429]);
    assert.ok(statuses.filter((status) => status === 401).length <= 21);
    const late = strangers.find(({ status }) => status === 429)!;
    assert.match(late.headers.get('retry-after') ?? '', /^[1-9]\d*$/u);
    assert.deepEqual(await failure(late), [429, 'rate_limit_exceeded']);
    const callers = (await flood(`Bearer ${API_KEY}`)).map(({ status }) => status);
    assert.deepEqual([callers[0], ...new Set(callers)].sort(), [200, 200, 429]);
  });
});
