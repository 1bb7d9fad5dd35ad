import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { schemas } from '@seamapi/types/connect';
import type { SeamAccessCode } from '@staycode/core';
import type { Seam } from 'seam';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../../support/node-red.ts';
import { Random } from '../../support/random.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant, sampleFeed } from '../sample-feed.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';
import { apiCredentials, apiFlows, seamAt, WEBHOOK_SECRET } from './api-flow.ts';
import { startWebhookSink, type SunkEvent, type WebhookSink } from './webhook-sink.ts';

const KILLS = 20;

describe('an API and its webhooks in a Node-RED that is killed again and again', function () {
  this.timeout(600_000);
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  const random = new Random(seed);
  const userDir = scratchFolder();
  /** Ids of codes that a caller was told of. */
  const answered = new Set<string>();
  let home: SampleHome;
  let sink: WebhookSink;
  let node: RunningNodeRed;
  let calls = 0;

  before(async () => {
    console.log(`      seed ${seed}`);
    home = await startSampleHome();
    sink = await startWebhookSink(WEBHOOK_SECRET);
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'booked', from: 300, to: 304 }]) };
  });
  after(async () => {
    await node.stop();
    await sink.close();
    await home.close();
    removeScratch();
  });

  it('agree with each other: what was told last of each code is what is read', async () => {
    node = await start(true);
    for (let round = 0; round < KILLS; round++) {
      const working = work(seamAt(node.url));
      await new Promise((resolve) => setTimeout(resolve, random.whole(0, 1200)));
      await node.stop('SIGKILL');
      await working;
      sink.status = random.chance(0.5) ? 200 : random.chance(0.5) ? 500 : 0;
      passTime();
      node = await start();
    }
    sink.status = 200;
    await node.stop();
    passTime();
    node = await start();
    await waitForStatus(node, 'api', 'all told');
    await untilNonePending();
    await check(seamAt(node.url));
  });

  function start(isFirst = false): Promise<RunningNodeRed> {
    const first = { flows: apiFlows(home), credentials: apiCredentials(home, sink.url) };
    return startNodeRed({ userDir, ...(isFirst && first) });
  }

  /** Attempts that failed are due in minutes and hours. */
  function passTime(): void {
    const db = new DatabaseSync(join(userDir, 'staycode/register.sqlite'));
    db.exec('PRAGMA busy_timeout = 5000; UPDATE webhook_delivery SET due_at_ms = 0');
    db.close();
  }

  async function untilNonePending(): Promise<void> {
    const db = new DatabaseSync(join(userDir, 'staycode/register.sqlite'), { readOnly: true });
    for (;;) {
      if (Number(db.prepare('SELECT count(*) AS n FROM webhook_delivery').get()?.n) === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    db.close();
  }

  /** Makes, moves and ends stays until nobody answers any more. */
  async function work(seam: Seam): Promise<void> {
    for (;;) {
      try {
        await doOne(seam);
        calls++;
      } catch (error) {
        if (error instanceof Error && 'statusCode' in error) continue;
        return;
      }
    }
  }

  async function doOne(seam: Seam): Promise<void> {
    const from = random.whole(3, 200);
    const times = {
      starts_at: new Date(instant(from, 15)).toISOString(),
      ends_at: new Date(instant(from + random.whole(1, 6), 11)).toISOString(),
    };
    const ids = [...answered];
    const access_code_id = ids[random.whole(0, Math.max(0, ids.length - 1))];
    if (access_code_id === undefined || random.chance(0.5)) {
      const device_id = random.chance(0.5) ? 'flat-a' : 'flat-b';
      const made = await seam.accessCodes.create({ device_id, name: `guest ${calls}`, ...times });
      answered.add(made.access_code_id);
    } else if (random.chance(0.7)) await seam.accessCodes.update({ access_code_id, ...times });
    else await seam.accessCodes.delete({ access_code_id });
  }

  async function check(seam: Seam): Promise<void> {
    assert.deepEqual(sink.errors, []);
    const told = new Map<string, SunkEvent[]>();
    for (const one of sink.taken()) {
      const id = one.event.access_code_id;
      told.set(id, [...(told.get(id) ?? []), one]);
    }
    const listed = (await seam.accessCodes.list()) as unknown as SeamAccessCode[];
    for (const record of listed) {
      schemas.access_code.parse(record);
      const events = told.get(record.access_code_id) ?? [];
      const last = events.at(-1)?.event;
      assert.deepEqual(last?.staycode, { ...record.staycode, message_state: null });
      assert.equal(codeTold(events), record.code);
    }
    const listedIds = new Set(listed.map(({ access_code_id }) => access_code_id));
    for (const id of answered) assert.ok(told.has(id), 'a code that a caller has and no event tells of');
    for (const [id, events] of told) {
      // Their texts leave zeros out at the end.
      const times = events.map(({ event }) => Date.parse(event.created_at));
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
        'events of one code out of their order',
      );
      if (!listedIds.has(id)) assert.equal(events.at(-1)?.event.event_type, 'access_code.deleted');
    }
    const again = sink.attempts.filter(({ status }) => status === 200).length - sink.taken().length;
    console.log(
      `      ${KILLS} kills, ${calls} calls, ${listed.length} codes, ${sink.taken().length} events in ` +
        `${sink.attempts.length} attempts, ${again} of them taken again`,
    );
  }
});

/** The digits by the events alone. */
function codeTold(events: readonly SunkEvent[]): unknown {
  return events.reduce<unknown>((code, { event }) => {
    if (event.event_type === 'access_code.set_on_device') return event.code;
    return event.event_type === 'access_code.code_changed' ? (event.to as { code: unknown }).code : code;
  }, null);
}
