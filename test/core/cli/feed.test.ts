import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStaycode } from '../../../core/src/cli/main.ts';
import { calendar, days } from '../reservations/feeds.ts';

const FEED = calendar(
  'PRODID:-//Airbnb Inc//Hosting Calendar 1.0//EN',
  days('late@airbnb.com', '20261010', '20261012', 'SUMMARY:Reserved'),
  days(
    'early@airbnb.com',
    '20261001',
    '20261003',
    'SUMMARY:Reserved',
    'DESCRIPTION:details/HMABCDE234\\nPhone Number (Last 4 Digits): 0417',
  ),
  days('block@airbnb.com', '20261003', '20261005', 'SUMMARY:Airbnb (Not available)'),
  days('bad@airbnb.com', '20261020', '20261019', 'SUMMARY:Reserved'),
);

describe('staycode feed', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'staycode-feed-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function run(
    source: string,
    ...more: string[]
  ): Promise<{ status: number; out: string; err: string }> {
    let out = '';
    let err = '';
    const status = await runStaycode(['feed', source, ...more], {
      stdout: (text) => (out += `${text}\n`),
      stderr: (text) => (err += `${text}\n`),
      env: {},
      randomBytes: (length) => new Uint8Array(length),
    });
    return { status, out, err };
  }

  function fileOf(body: string): string {
    const file = join(folder, 'feed.ics');
    writeFileSync(file, body);
    return file;
  }

  it('prints the stays alone as JSON, with instants in UTC', async () => {
    const { status, out, err } = await run(
      fileOf(FEED),
      '--zone',
      'Europe/Berlin',
      '--check-in',
      '16:00',
      '--json',
    );
    assert.equal(status, 0);
    const [first, ...others] = JSON.parse(out) as Record<string, unknown>[];
    assert.deepEqual(first, {
      id: 'early@airbnb.com',
      uid: 'early@airbnb.com',
      dialect: 'airbnb',
      status: 'confirmed',
      startsAt: '2026-10-01T14:00:00Z',
      endsAt: '2026-10-03T09:00:00Z',
      summary: 'Reserved',
      guestName: null,
      reservationCode: 'HMABCDE234',
      phoneLast4: '0417',
      partySize: null,
      mayBeClosure: false,
    });
    assert.deepEqual(
      others.map(({ uid }) => uid),
      ['late@airbnb.com'],
    );
    assert.equal(err, 'staycode feed: event 4: expected an end after the start\n');
  });

  it('prints a table in local time, and counts the rest', async () => {
    const { status, out } = await run(fileOf(FEED), '--zone', 'Europe/Berlin');
    assert.equal(status, 0);
    assert.match(out, /^2026-10-01 15:00 {2}2026-10-03 11:00 {2}Reserved {2}HMABCDE234$/m);
    assert.match(out, /^2 stays, 1 blocked, 0 tentative, 0 cancelled, times in Europe\/Berlin$/m);
  });

  it('leaves out of the table what could steer a terminal', async () => {
    const { out } = await run(
      fileOf(calendar(days('a', '20261001', '20261003', 'SUMMARY:\u001b[2JAda'))),
      '--zone',
      'UTC',
    );
    assert.match(out, / \[2JAda$/m);
  });

  it('reads a feed at an address', async () => {
    const server = createServer((_, response) => response.end(FEED));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const { out } = await run(`http://127.0.0.1:${port}/x.ics`, '--zone', 'Europe/Berlin', '--json');
      assert.equal((JSON.parse(out) as unknown[]).length, 2);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('fails with the reason for a body that is no whole calendar', async () => {
    for (const body of ['', '<html>', '{}', FEED.slice(0, -20)]) {
      const { status, out, err } = await run(fileOf(body), '--zone', 'Europe/Berlin', '--json');
      assert.notEqual(status, 0);
      assert.equal(out, '');
      assert.match(err, /calendar/);
    }
  });

  it('says what was expected of wrong arguments, with status 2', async () => {
    const file = fileOf(FEED);
    const wrong: [string[], RegExp][] = [
      [[], /--zone/],
      [['--zone', 'Berlin'], /IANA time zone/],
      [['--zone', 'Europe/Berlin', '--check-in', '3pm'], /00:00 to 23:59/],
      [['another', '--zone', 'Europe/Berlin'], /one FILE or URL/],
      [['--zoned'], /--zoned/],
    ];
    for (const [args, reason] of wrong) {
      const { status, out, err } = await run(file, ...args);
      assert.deepEqual([status, out], [2, '']);
      assert.match(err, reason);
    }
    assert.equal((await run(join(folder, 'none.ics'), '--zone', 'Europe/Berlin')).status, 2);
  });
});
