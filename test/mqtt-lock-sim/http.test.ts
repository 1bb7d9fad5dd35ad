import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createFakeLock, CLOCK_CODE, type FakeLock, GOOD_CODE } from '../support/fake-lock-view.ts';
import { type LockServer, serveLock } from '../../mqtt-lock-sim/src/http.ts';
import type { LockSnapshot } from '../../mqtt-lock-sim/src/live-feed.ts';

describe('the HTTP API', () => {
  let lock: FakeLock;
  let server: LockServer;
  const lines: string[] = [];

  beforeEach(async () => {
    lines.length = 0;
    lock = createFakeLock();
    server = await serveLock(lock, { log: (line) => lines.push(line) });
  });
  afterEach(() => server.close());

  async function post(path: string, body: string): Promise<{ status: number; answer: unknown }> {
    const response = await fetch(server.url + path, { method: 'POST', body });
    return { status: response.status, answer: await response.json() };
  }

  /** A request with headers that `fetch` does not let one set. */
  async function ask(
    path: string,
    headers: Record<string, string>,
    method = 'GET',
  ): Promise<IncomingMessage> {
    const asked = request(server.url + path, { headers, method }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    return response;
  }

  describe('entries', () => {
    it('opens on a right code and says so', async () => {
      const right = await post('/api/entry', JSON.stringify({ digits: GOOD_CODE }));
      assert.deepEqual(right, { status: 200, answer: { opened: true, signal: 'opened' } });
    });

    it('answers a wrong code with 200 and no reason', async () => {
      const wrong = await post('/api/entry', '{"digits":"1234"}');
      assert.deepEqual(wrong, { status: 200, answer: { opened: false, signal: 'refused' } });
    });

    it('tells a code that was done from one that opened', async () => {
      const done = await post('/api/entry', JSON.stringify({ digits: CLOCK_CODE }));
      assert.deepEqual(done.answer, { opened: false, signal: 'done' });
    });

    const malformed: [string, string, string][] = [
      ['no JSON', '{"digits":', 'body: expected a JSON object with "digits", got no JSON'],
      ['an array', '["1234"]', 'body: expected a JSON object with "digits", got an array'],
      ['null', 'null', 'body: expected a JSON object with "digits", got null'],
      ['no digits', '{}', 'digits: expected a string of 1 to 64 ASCII digits, got nothing'],
      [
        'a number',
        '{"digits":1234}',
        'digits: expected a string of 1 to 64 ASCII digits, got a value of type number',
      ],
      [
        'an empty entry',
        '{"digits":""}',
        'digits: expected a string of 1 to 64 ASCII digits, got a string of 0 characters',
      ],
      [
        'letters',
        '{"digits":"12a4"}',
        'digits: expected a string of 1 to 64 ASCII digits, got a string of 4 characters',
      ],
      [
        'digits of other scripts',
        '{"digits":"١٢٣٤"}',
        'digits: expected a string of 1 to 64 ASCII digits, got a string of 4 characters',
      ],
      [
        '65 digits',
        `{"digits":"${'1'.repeat(65)}"}`,
        'digits: expected a string of 1 to 64 ASCII digits, got a string of 65 characters',
      ],
    ];
    for (const [what, body, error] of malformed) {
      it(`answers 400 to ${what}, and the lock judges nothing`, async () => {
        assert.deepEqual(await post('/api/entry', body), { status: 400, answer: { error } });
        assert.deepEqual(lock.entries, []);
      });
    }

    it('answers 413 to a body over 4 KiB', async () => {
      const large = await post(
        '/api/entry',
        JSON.stringify({ digits: GOOD_CODE, more: 'x'.repeat(100_000) }),
      );
      assert.deepEqual(large, {
        status: 413,
        answer: { error: 'body: expected at most 4096 bytes, got more' },
      });
      assert.deepEqual(lock.entries, []);
    });

    it('answers 500 when the lock fails, and writes why without the digits', async () => {
      lock.breakDown();
      const { status } = await post('/api/entry', JSON.stringify({ digits: GOOD_CODE }));
      assert.equal(status, 500);
      assert.deepEqual(lines, ['HTTP: POST failed: the journal is full']);
    });
  });

  describe('the thumbturn', () => {
    it('turns the bolt both ways', async () => {
      assert.deepEqual((await post('/api/turn', '{"to":"unlock"}')).answer, { bolt: 'unsecured' });
      assert.deepEqual((await post('/api/turn', '{"to":"lock"}')).answer, { bolt: 'secured' });
    });

    it('answers 400 to any other turn', async () => {
      const other = await post('/api/turn', '{"to":"open"}');
      assert.deepEqual(other, {
        status: 400,
        answer: { error: 'to: expected "lock" or "unlock", got another string' },
      });
    });
  });

  describe('faults', () => {
    it('takes each in its form, fills in what may be left out, and answers with those that are on', async () => {
      const forms: [object, object][] = [
        [{ fault: 'network-off', on: true }, {}],
        [{ fault: 'drift', ppm: -20.5 }, {}],
        [{ fault: 'clock-jump', seconds: -3600 }, {}],
        [{ fault: 'clock-lost' }, {}],
        [
          { fault: 'power-cut', on: true },
          { clock: 'kept', seconds: null },
        ],
        [{ fault: 'battery-low', on: true }, { percent: 5 }],
        [{ fault: 'jammed', on: true }, {}],
        [{ fault: 'forced' }, {}],
      ];
      let answer: unknown;
      for (const [form] of forms) ({ answer } = await post('/api/faults', JSON.stringify(form)));
      const taken = forms.map(([form, defaults]) => ({ ...form, ...defaults }));
      assert.deepEqual(lock.applied, taken);
      const lasting = [
        'network-off',
        'drift',
        'power-cut',
        'battery-low',
        'jammed',
        'door-open',
        'no-contact',
      ];
      const on = lock.applied.filter(({ fault }) => lasting.includes(fault));
      assert.deepEqual(answer, { faults: on });
      const state = (await (await fetch(`${server.url}/api/state`)).json()) as LockSnapshot;
      assert.deepEqual(state.faults, on);
    });

    it('replaces a fault that is on, and takes it off the list when it ends', async () => {
      for (const ppm of [20, 100]) await post('/api/faults', `{"fault":"drift","ppm":${ppm}}`);
      assert.deepEqual(lock.faults(), [{ fault: 'drift', ppm: 100 }]);
      const ended = await post('/api/faults', '{"fault":"drift","ppm":0}');
      assert.deepEqual(ended.answer, { faults: [] });
    });

    const malformed: [string, string][] = [
      ['{', 'whole: expected JSON'],
      ['[]', 'fault: expected ("network-off" | "drift" |'],
      ['{}', 'fault: expected ("network-off" | "drift" |'],
      ['{"fault":"fire"}', 'fault: expected ("network-off" | "drift" |'],
      ['{"fault":"jammed"}', 'on: expected "on"'],
      ['{"fault":"jammed","on":1}', 'on: expected boolean'],
      ['{"fault":"jammed","on":true,"off":true}', 'off: expected never'],
      ['{"fault":"drift","ppm":"100"}', 'ppm: expected number'],
      ['{"fault":"drift","ppm":1000001}', 'ppm: expected <=1000000'],
      ['{"fault":"clock-jump","seconds":0.5}', 'seconds: expected integer'],
      ['{"fault":"clock-jump","seconds":1e12}', 'seconds: expected <=316224000'],
      ['{"fault":"power-cut","on":true,"clock":"gone"}', 'clock: expected ("kept" | "lost")'],
      ['{"fault":"power-cut","on":true,"seconds":0}', 'seconds: expected >=1'],
      ['{"fault":"battery-low","on":true,"percent":101}', 'percent: expected <=100'],
    ];
    for (const [body, error] of malformed) {
      it(`answers 400 to ${body}, and nothing fails`, async () => {
        const { status, answer } = await post('/api/faults', body);
        const said = (answer as { error: string }).error;
        assert.deepEqual([status, said.slice(0, 7 + error.length)], [400, `fault: ${error}`]);
        assert.deepEqual(lock.applied, []);
      });
    }
  });

  describe('the state', () => {
    it('shows name, zone, status and events, and nothing of the commands', async () => {
      lock.happen({ operation: 'Lock', source: 'Manual' });
      const state = (await (await fetch(`${server.url}/api/state`)).json()) as LockSnapshot;
      const { atMs } = lock.status();
      assert.deepEqual(state.status, {
        ...{ bolt: 'secured', atMs, clock: 'running', battery: 87, door: 'closed', tampered: false },
      });
      assert.equal(state.zone, 'Asia/Kathmandu');
      assert.equal(state.events[0]?.operation, 'Lock');
    });

    it('pushes the state at once, after each change, and now and then to say that it is there', async () => {
      const beating = await serveLock(lock, { beatMs: 20 });
      try {
        const read = await openStream(beating.url);
        assert.equal((await read('hello')).status.bolt, 'secured');
        lock.change({ bolt: 'jammed' });
        assert.equal((await read('change')).status.bolt, 'jammed');
        assert.equal((await read('beat')).status.bolt, 'jammed');
      } finally {
        await beating.close();
      }
    });

    it('closes at once though the lock is still judging an entry', async () => {
      const release = lock.holdVerdicts();
      const cutOff = assert.rejects(post('/api/entry', JSON.stringify({ digits: GOOD_CODE })));
      while (lock.entries.length === 0) await new Promise(setImmediate);
      await server.close();
      await cutOff;
      release();
      server = await serveLock(lock);
    });

    it('ends open streams when it closes, and frees the port', async () => {
      const stream = await fetch(`${server.url}/api/live`);
      await server.close();
      assert.match(await stream.text(), /^: hello\nretry: 2000\ndata: \{.*\}\n\n$/u);
      await assert.rejects(fetch(server.url));
      server = await serveLock(lock, { port: Number(new URL(server.url).port) });
    });
  });

  describe('who may ask', () => {
    it('knows itself as localhost and by address', async () => {
      for (const name of ['localhost', '127.0.0.1', '[::1]', '192.168.1.20']) {
        assert.equal((await ask('/api/state', { host: `${name}:8080` })).statusCode, 200, name);
      }
    });

    it('refuses a request under any other name with 403: a foreign site could point its name here', async () => {
      for (const name of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', 'a b']) {
        assert.equal((await ask('/api/state', { host: name })).statusCode, 403, name);
      }
    });

    it('refuses an entry that a foreign page sends through its visitor', async () => {
      for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1']) {
        assert.equal((await ask('/api/entry', { origin }, 'POST')).statusCode, 403, origin);
      }
      const own = await ask('/api/turn', { origin: server.url }, 'POST');
      assert.equal(own.statusCode, 400);
    });

    it('answers 404 to an unknown path, folders above the page among them, and 405 to a wrong method', async () => {
      for (const path of ['/nothing', '/../package.json', '//', '/constructor']) {
        assert.equal((await ask(path, {})).statusCode, 404, path);
      }
      const wrong = await ask('/api/entry', {});
      assert.deepEqual([wrong.statusCode, wrong.headers.allow], [405, 'POST']);
    });

    it('serves every file of the page with its type, uncached, and forbids scripts from elsewhere', async () => {
      const types = {
        '/': 'text/html',
        '/page.css': 'text/css',
        '/page.js': 'text/javascript',
        '/icon.svg': 'image/svg+xml',
      };
      for (const [path, type] of Object.entries(types)) {
        const { headers, statusCode } = await ask(path, {});
        assert.equal(statusCode, 200, path);
        assert.equal(headers['content-type'], `${type}; charset=utf-8`);
        assert.equal(headers['cache-control'], 'no-store');
        assert.match(headers['content-security-policy'] as string, /default-src 'none'; script-src 'self';/u);
      }
    });
  });
});

/** Reads the live stream up to the next message with this comment. */
async function openStream(url: string): Promise<(comment: string) => Promise<LockSnapshot>> {
  const response = await fetch(`${url}/api/live`);
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.ok(response.body);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return async (comment) => {
    for (;;) {
      const found = new RegExp(`: ${comment}\\n.*\\ndata: (.*)\\n\\n`, 'u').exec(text);
      if (found) {
        text = text.slice(found.index + found[0].length);
        return JSON.parse(found[1] ?? '') as LockSnapshot;
      }
      const { value, done } = await reader.read();
      assert.ok(!done, `the stream ended before "${comment}"`);
      text += value;
    }
  };
}
