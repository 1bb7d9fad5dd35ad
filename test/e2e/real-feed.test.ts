import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  deriveLockKey,
  deriveUnitKey,
  formatLockFile,
  type LockFile,
} from '@staycode/core';
import { createFlow, LOCK_ID, UNIT_ID } from '../../demo/flow.ts';
import { startProgram } from '../../demo/program.ts';
import type { GuestMessage } from '../../demo/sample-ota.ts';
import { startSampleHome } from '../node-red-nodes/sample-home.ts';
import { faketimeEnv, needsFaketime } from '../support/faketime.ts';
import { ExampleLock } from '../support/lock-example.ts';
import { startNodeRed } from '../support/node-red.ts';
import { needsShared, SHARED } from '../support/parts.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const NOW = '2026-03-15T12:00:00Z';
const HOUR_MS = 3_600_000;
const siteKey = new Uint8Array(32).fill(0x31);

/** The events of a feed as a bare line scanner sees them, without the product's reader. */
function scanEvents(text: string): { summary: string; from: string; to: string }[] {
  return text
    .split('BEGIN:VEVENT')
    .slice(1)
    .map((event) => {
      const field = (name: string): string =>
        new RegExp(`^${name}[^:]*:(.*?)\r?$`, 'mu').exec(event)?.[1] ?? '';
      return { summary: field('SUMMARY'), from: field('DTSTART'), to: field('DTEND') };
    });
}

const lockFile: LockFile = {
  lockId: LOCK_ID,
  name: 'Front door',
  zone: 'UTC',
  lockKey: deriveLockKey(siteKey, LOCK_ID, 1),
  units: [
    { unitId: UNIT_ID, keyVersion: 1, alphabet: 'decimal', unitKey: deriveUnitKey(siteKey, UNIT_ID, 1) },
  ],
  rules: compileRules({ zone: 'UTC', ...DEFAULT_HOUSE_RULES }),
  staff: [],
};

describe("a real Airbnb feed of March 2026, in that month's Node-RED and lock", function () {
  this.timeout(120_000);
  const stops: (() => Promise<void>)[] = [];
  let messages: GuestMessage[];
  let stays: { from: string; to: string }[];

  before(async function () {
    needsShared(this);
    needsFaketime(this);
    const body = readFileSync(join(SHARED, 'fixtures/airbnb/real-L6-march.ics'), 'utf8');
    const today = NOW.slice(0, 10).replaceAll('-', '');
    stays = scanEvents(body).filter(({ summary, to }) => summary === 'Reserved' && to > today);
    const home = await startSampleHome();
    stops.push(() => home.close());
    home.feed = { status: 200, type: 'text/calendar', body };
    const nodeRed = await startNodeRed({
      userDir: scratchFolder(),
      flows: createFlow({ zone: 'UTC', messagesUrl: `${home.url}/guest`, brokerPort: 1 }),
      credentials: {
        site: { siteKey: Buffer.from(siteKey).toString('hex') },
        feed: { url: `${home.url}/calendar.ics` },
      },
      env: faketimeEnv(NOW),
    });
    stops.push(() => nodeRed.stop());
    await home.waitFor((received) => received.length >= stays.length);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    messages = home.received.map(({ msg }) => msg as unknown as GuestMessage);
  });
  after(async () => {
    await Promise.all(stops.map((stop) => stop()));
    removeScratch();
  });

  it('gives one code for each stay, at its own times, and none for the block', () => {
    assert(stays.length > 30);
    const windows = messages.map(({ code }) => `${code.startsAt} ${code.endsAt}`).sort();
    const day = (date: string): string => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
    const expected = stays.map(({ from, to }) => `${day(from)}T15:00:00Z ${day(to)}T11:00:00Z`).sort();
    assert.deepEqual(
      windows.map((window) => window.replaceAll('.000Z', 'Z')),
      expected,
    );
    assert.equal(new Set(messages.map(({ code }) => code.digits)).size, stays.length);
  });

  it('gives codes of which each opens inside its own window and in no other', () => {
    for (const { code: stay } of messages) {
      for (const atMs of [Date.parse(stay.startsAt), Date.parse(stay.endsAt) - 1]) {
        for (const { code } of messages) {
          const lock = new ExampleLock(lockFile, new Date(atMs).toISOString());
          const opens = lock.judge(atMs, code.digits).outcome === 'opened';
          assert.equal(
            opens,
            code.digits === stay.digits,
            `${stay.startsAt} and the code of ${code.startsAt}`,
          );
        }
      }
    }
  });

  it('opens the real lock in that month for the first stay, and for the next one when its time has come', async () => {
    const byStart = [...messages].sort((a, b) => Date.parse(a.code.startsAt) - Date.parse(b.code.startsAt));
    const folder = scratchFolder();
    const path = join(folder, 'lock.json');
    writeFileSync(path, formatLockFile(lockFile));
    const program = join(import.meta.dirname, '../../mqtt-lock-sim/dist/staycode-lock.js');
    for (const { code } of byStart.slice(0, 2)) {
      const clock = new Date(Date.parse(code.startsAt) + HOUR_MS).toISOString();
      const lock = startProgram(
        'Lock',
        [program, '--lock', path, '--data', join(folder, 'journal'), '--clock', clock],
        {
          cwd: folder,
        },
      );
      const [, url = ''] = await lock.waitFor(/Keypad (http:\S+)/u);
      const opened = [];
      for (const other of byStart.slice(0, 2)) {
        const response = await fetch(`${url}/api/entry`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ digits: other.code.digits }),
        });
        opened.push(((await response.json()) as { opened: boolean }).opened);
      }
      await lock.stop();
      assert.deepEqual(
        opened,
        byStart.slice(0, 2).map((other) => other.code.digits === code.digits),
      );
    }
  });
});
