/**
 * `npm run feeds [-- FEEDS BOOKINGS codes|no-codes]`: so many calendars of so many bookings in one Node-RED, 500 of 100 unless said:
 * memory, delay of the event loop and how long the editor waits for an answer, empty, at the first reading of all, while each is read
 * once a minute, and while somebody looks at the board besides; how long one waits for canvas, dialog and board. A line of JSON for
 * each. Without codes the calendars' stays go nowhere: the reading alone is measured.
 */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { sampleFeed } from '../node-red-nodes/sample-feed.ts';
import { openBoard } from '../node-red-nodes/stay-board/board-home.ts';
import { launchBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const [feeds = '500', bookings = '100', makes = 'codes'] = process.argv.slice(2);
const [FEEDS, BOOKINGS, MAKES_CODES] = [Number(feeds), Number(bookings), makes === 'codes'];
const STEADY_MS = 90_000;
const IDLE_MS = 10_000;
const PATIENCE_MS = 30 * 60_000;
const SITE_KEY = '5c'.repeat(32);

interface Second {
  readonly atMs: number;
  readonly rssMiB: number;
  readonly heapMiB: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const userDir = scratchFolder();
const probeFile = join(userDir, 'probe.jsonl');
const calendars = await serveCalendars();
let node: RunningNodeRed | null = null;
try {
  await measureIdle();
  node = await startNodeRed({
    ...{ userDir, env: probeEnv(), flows: feedFlows() },
    credentials: Object.fromEntries([
      ['site', { siteKey: SITE_KEY }],
      ...numbers(FEEDS).map((n) => [`feed-${n}`, { url: `${calendars.url}/${n}.ics` }]),
    ]) as Record<string, Record<string, string>>,
  });
  await report('the first reading of all', node, untilRead);
  await report('each read once a minute', node, () => pause(STEADY_MS));
  await measureEditor(node);
  await measureBoard(node);
} finally {
  await node?.stop();
  calendars.close();
  removeScratch();
}

/** Node-RED with the same nodes loaded and no flow. */
async function measureIdle(): Promise<void> {
  const idle = await startNodeRed({ userDir: scratchFolder(), env: probeEnv(), flows: [] });
  await report('empty', idle, () => pause(IDLE_MS));
  await idle.stop();
}

function probeEnv(): Record<string, string> {
  const probe = join(import.meta.dirname, 'loop-probe.cjs');
  return { NODE_OPTIONS: `--require ${probe}`, PROBE_FILE: probeFile };
}

/** What the probe and somebody who asks for the flows saw from now until `done`. */
async function report(phase: string, running: RunningNodeRed, done: () => Promise<void>): Promise<void> {
  const fromMs = Date.now();
  const over = { is: false };
  const answers: number[] = [];
  const asking = (async () => {
    while (!over.is) {
      const askedMs = performance.now();
      // One that is not answered at all waited at least for so long.
      await fetch(`${running.url}/flows`)
        .then((answer) => answer.text())
        .catch(() => '');
      answers.push(performance.now() - askedMs);
      await pause(250);
    }
  })();
  await done();
  over.is = true;
  await asking;
  const seconds = readProbe().filter(({ atMs }) => atMs > fromMs);
  const of = (pick: (second: Second) => number): number[] => seconds.map(pick).sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      ...{ phase, feeds: FEEDS, bookings: BOOKINGS, codes: MAKES_CODES },
      seconds: Math.round((Date.now() - fromMs) / 1000),
      ...{
        rssMiB: of(({ rssMiB }) => rssMiB).at(-1),
        heapMiB: at(
          of(({ heapMiB }) => heapMiB),
          0.5,
        ),
      },
      delayP50Ms: at(
        of(({ p50Ms }) => p50Ms),
        0.5,
      ),
      delayP99Ms: at(
        of(({ p99Ms }) => p99Ms),
        0.5,
      ),
      delayMaxMs: of(({ maxMs }) => maxMs).at(-1),
      flowsP50Ms: Math.round(
        at(
          answers.toSorted((a, b) => a - b),
          0.5,
        ),
      ),
      flowsP95Ms: Math.round(
        at(
          answers.toSorted((a, b) => a - b),
          0.95,
        ),
      ),
    }),
  );
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function readProbe(): Second[] {
  if (!existsSync(probeFile)) return [];
  const lines = readFileSync(probeFile, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Second);
}

/** Resolves once every calendar is read and, where there are codes, every booking has one and its message is passed on. */
async function untilRead(): Promise<void> {
  const path = join(userDir, 'staycode/register.sqlite');
  const wanted = MAKES_CODES ? FEEDS * BOOKINGS : 0;
  for (let waitedMs = 0; ; waitedMs += 1000) {
    if (existsSync(path)) {
      const db = new DatabaseSync(path, { readOnly: true });
      const count = (sql: string): number => Number(db.prepare(sql).get()?.n);
      const codes = count('SELECT count(*) AS n FROM access_code');
      const sent = count("SELECT count(*) AS n FROM message WHERE state = 'sent'");
      const read = count('SELECT count(*) AS n FROM feed');
      db.close();
      if (read >= FEEDS && codes >= wanted && sent >= wanted) return;
      if (waitedMs % 30_000 === 0) console.error(`${read} feeds, ${codes} codes, ${sent} messages`);
    }
    if (waitedMs > PATIENCE_MS) throw new Error('not all was read in half an hour');
    await pause(1000);
  }
}

/** How long a person waits: for the canvas, for a dialog. */
async function measureEditor(running: RunningNodeRed): Promise<void> {
  const browser = await launchBrowser();
  try {
    const startedMs = performance.now();
    const editor = await openEditor(browser, running.url);
    await editor.page.locator('[id="feed-0"]').waitFor();
    const canvasMs = performance.now() - startedMs;
    const dialogFromMs = performance.now();
    // Not by a double click: two clicks on a page that is slow are no double click.
    await editor.page.evaluate("RED.editor.edit(RED.nodes.node('feed-0'))");
    await editor.page.locator('#node-dialog-ok').waitFor();
    const dialogMs = performance.now() - dialogFromMs;
    const shown = { phase: 'the editor', canvasMs: Math.round(canvasMs), dialogMs: Math.round(dialogMs) };
    console.log(JSON.stringify(shown));
  } finally {
    await browser.close();
  }
}

/** How long a person waits for the row of the last unit, and what it costs that somebody looks on. */
async function measureBoard(running: RunningNodeRed): Promise<void> {
  const browser = await launchBrowser();
  try {
    const startedMs = performance.now();
    const page = await openBoard(browser, running.url);
    await page
      .locator('.row')
      .nth(FEEDS - 1)
      .waitFor({ state: 'attached', timeout: PATIENCE_MS });
    const rowsMs = Math.round(performance.now() - startedMs);
    const turnedMs = await page.evaluate(() => {
      const fromMs = performance.now();
      document.querySelector<HTMLButtonElement>('#later')?.click();
      return Math.round(performance.now() - fromMs);
    });
    console.log(JSON.stringify({ phase: 'the board', rowsMs, turnedMs }));
    await report('the same with an open board', running, () => pause(STEADY_MS));
  } finally {
    await browser.close();
  }
}

function feedFlows(): object[] {
  const at = (n: number): object => ({ x: 150 + (n % 10) * 200, y: 60 + Math.floor(n / 10) * 40, z: 'tab' });
  return [
    { id: 'tab', type: 'tab', label: 'Homes' },
    {
      ...{ id: 'site', type: 'stay-site', name: 'Homes', zone: 'UTC', checkIn: '15:00', checkOut: '11:00' },
      ...{ checkInFrom: '14:00', checkInTo: '18:00', checkOutFrom: '09:00', checkOutTo: '12:00' },
      ...{ minNights: 1, maxNights: 31 },
    },
    ...(MAKES_CODES
      ? [{ id: 'code', z: 'tab', type: 'stay-code', unit: '', x: 2300, y: 60, wires: [[], []] }]
      : []),
    ...numbers(FEEDS).flatMap((n) => [
      {
        ...{ id: `unit-${n}`, type: 'stay-unit', name: `Flat ${n}`, site: 'site', unitId: `flat-${n}` },
        ...{ alphabet: 'decimal', keyVersion: 1 },
      },
      // Not the same twice: a node with its own id in a property is a circle to Node-RED, and is not made.
      {
        ...{ id: `lock-${n}`, type: 'stay-lock', name: '', site: 'site' },
        ...{ lockId: `door-${n}`, units: [`unit-${n}`] },
      },
      {
        ...{ id: `feed-${n}`, type: 'stay-feed', unit: `unit-${n}`, intervalMinutes: 1, allowPrivate: true },
        ...{ ...at(n), wires: [MAKES_CODES ? ['code'] : [], []] },
      },
    ]),
  ];
}

async function serveCalendars(): Promise<{ url: string; close: () => void }> {
  const server = createServer(({ url = '' }, response) => {
    const home = url.slice(1).replace('.ics', '');
    const stays = numbers(BOOKINGS).map((n) => ({
      uid: `home-${home}-stay-${n}`,
      ...{ from: 2 + n * 3, to: 4 + n * 3 },
    }));
    response.writeHead(200, { 'content-type': 'text/calendar' }).end(sampleFeed(stays));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
