import assert from 'node:assert/strict';
import { schemas } from '@seamapi/types/connect';
import { deriveCodeKey, deriveUnitKey, readCode, type SeamAccessCode } from '@staycode/core';
import type { Seam } from 'seam';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant, sampleFeed } from '../sample-feed.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';
import { API_KEY, apiCredentials, apiFlows, seamAt, SITE_KEY } from './api-flow.ts';

const siteKey = Uint8Array.from(Buffer.from(SITE_KEY, 'hex'));
const at = (day: number, hour: number): string => new Date(instant(day, hour)).toISOString();
const stayFrom = (day: number, nights = 3) => ({ starts_at: at(day, 15), ends_at: at(day + nights, 11) });

describe("Seam's own client at the API of a Node-RED", function () {
  this.timeout(60_000);
  const userDir = scratchFolder();
  let home: SampleHome;
  let node: RunningNodeRed;
  let seam: Seam;

  /** As it comes over the wire, each answer checked by Seam's schema. */
  const call = async (path: string, body: object, key = API_KEY): Promise<Response> =>
    fetch(`${node.url}/staycode/access_codes/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const read = async (access_code_id: string): Promise<SeamAccessCode> => {
    const { access_code } = (await (await call('get', { access_code_id })).json()) as {
      access_code: SeamAccessCode;
    };
    schemas.access_code.parse(access_code);
    return access_code;
  };
  const opensFor = (digits: string | null, unitId = 'flat-a'): [string, number, number] => {
    const content = readCode(deriveCodeKey(deriveUnitKey(siteKey, unitId, 1)), digits ?? '', 'decimal');
    assert.ok(content && content.kind !== 'clock');
    return [content.kind, content.startsAtMs, content.endsAtMs];
  };

  before(async () => {
    home = await startSampleHome();
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'booked', from: 40, to: 44 }]) };
    node = await startNodeRed({ userDir, flows: apiFlows(home), credentials: apiCredentials(home) });
    seam = seamAt(node.url);
    await home.waitFor((received) => received.some(({ from }) => from === 'guest'));
  });
  after(async () => {
    await node.stop();
    await home.close();
    removeScratch();
  });

  it('makes a code that the lock will know, and reads it, by its id and by its digits', async () => {
    const made = await seam.accessCodes.create({ device_id: 'flat-a', name: 'Ada', ...stayFrom(5) });
    schemas.access_code.parse(made);
    assert.deepEqual(opensFor(made.code), ['stay', instant(5, 15), instant(8, 11)]);
    assert.deepEqual(
      [made.name, made.status, made.is_offline_access_code, made.is_managed, made.type],
      ['Ada', 'set', true, true, 'time_bound'],
    );
    const { access_code_id, device_id } = made;
    assert.deepEqual(await seam.accessCodes.get({ access_code_id }), made);
    assert.deepEqual(await seam.accessCodes.get({ device_id, code: String(made.code) }), made);
  });

  it('takes the id of a unit that answers have as well', async () => {
    const { device_id } = await seam.accessCodes.create({ device_id: 'flat-b', ...stayFrom(5) });
    const again = await seam.accessCodes.create({ device_id, ...stayFrom(9) });
    assert.deepEqual(opensFor(again.code, 'flat-b').slice(1), [instant(9, 15), instant(12, 11)]);
  });

  it('lists what there is, in pages', async () => {
    const all = await seam.accessCodes.list();
    for (const one of all) schemas.access_code.parse(one);
    assert.equal(all.length, 4);
    const pages = seam.createPaginator(seam.accessCodes.list({ limit: 3 }));
    const [first, pagination] = await pages.firstPage();
    schemas.pagination.parse({
      has_next_page: pagination.hasNextPage,
      next_page_cursor: pagination.nextPageCursor,
      next_page_url: pagination.nextPageUrl,
    });
    const [second, end] = await pages.nextPage(pagination.nextPageCursor);
    assert.deepEqual([...first, ...second], all);
    assert.deepEqual([first.length, pagination.hasNextPage, end.hasNextPage], [3, true, false]);
    const { device_id } = all.find(({ name }) => name === 'Ada')!;
    assert.equal((await seam.accessCodes.list({ device_id })).length, 2);
    assert.equal((await seam.accessCodes.list({ search: 'ada' })).length, 1);
    const ids = all.slice(1, 3).map(({ access_code_id }) => access_code_id);
    assert.deepEqual(await seam.accessCodes.list({ access_code_ids: ids }), all.slice(1, 3));
    const query = new URLSearchParams([['limit', '2'], ...ids.map((id) => ['access_code_ids', id])]);
    const headers = { authorization: `Bearer ${API_KEY}` };
    const got = await fetch(`${node.url}/staycode/access_codes/list?${query.toString()}`, { headers });
    assert.deepEqual(((await got.json()) as { access_codes: unknown }).access_codes, all.slice(1, 3));
  });

  it('moves a stay: other digits under the same id, and a warning as long as the old ones open', async () => {
    const made = await seam.accessCodes.create({ device_id: 'flat-a', name: 'Bo', ...stayFrom(10) });
    const { access_code_id } = made;
    await seam.accessCodes.update({ access_code_id, ...stayFrom(11), name: 'Bo and Cy' });
    const moved = await read(access_code_id);
    assert.deepEqual(opensFor(moved.code).slice(1), [instant(11, 15), instant(14, 11)]);
    assert.notEqual(moved.code, made.code);
    assert.deepEqual([moved.name, moved.status], ['Bo and Cy', 'set']);
    assert.equal(moved.warnings[0]?.warning_code, 'delay_in_removing_from_device');
  });

  it('ends a stay: what nobody can take back from an offline lock reads removing, until when it says', async () => {
    const { access_code_id } = await seam.accessCodes.create({ device_id: 'flat-a', ...stayFrom(20) });
    await seam.accessCodes.delete({ access_code_id });
    const ended = await read(access_code_id);
    assert.deepEqual(
      [ended.status, ended.staycode.lifecycle, ended.staycode.still_open_until],
      ['removing', 'revoked', ended.ends_at],
    );
    const next = await seam.accessCodes.create({ device_id: 'flat-a', name: 'Dee', ...stayFrom(20) });
    assert.equal(opensFor(next.code)[0], 'stay');
    await assert.rejects(seam.accessCodes.delete({ access_code_id }), { code: 'access_code_not_found' });
  });

  it('draws a one-time code of today, the same for the same caller', async () => {
    const drawn = (await seam.accessCodes.generateCode({ device_id: 'flat-b' })) as SeamAccessCode;
    schemas.access_code.parse(drawn);
    assert.deepEqual([drawn.is_one_time_use, drawn.is_backup], [true, true]);
    assert.equal(opensFor(drawn.code, 'flat-b')[0], 'one-time');
    const again = (await seam.accessCodes.generateCode({ device_id: 'flat-b' })) as SeamAccessCode;
    assert.equal(again.code, drawn.code);
    await seam.accessCodes.delete({ access_code_id: drawn.access_code_id });
    assert.equal((await read(drawn.access_code_id)).status, 'removing');
  });

  it("reads a calendar's stay, has it begin early and end late, and holds it back, as the host could", async () => {
    const booked = (await seam.accessCodes.list({ device_id: 'flat-a' })).find(
      ({ starts_at }) => Date.parse(String(starts_at)) === instant(40, 15),
    )!;
    const told = home.received.find(({ from }) => from === 'guest')?.msg.code;
    await home.waitFor(() => told !== undefined);
    assert.equal(booked.code, told?.digits);
    const { access_code_id } = booked;
    await assert.rejects(seam.accessCodes.update({ access_code_id, ...stayFrom(500) }), /within a year/u);
    await seam.accessCodes.update({ access_code_id, starts_at: at(40, 14), ends_at: at(45, 11) });
    const early = await read(access_code_id);
    assert.deepEqual([early.starts_at, early.ends_at].map(Date.parse), [instant(40, 14), instant(45, 11)]);
    await home.waitFor((received) => received.filter(({ from }) => from === 'guest').length === 2);
    const news = home.received.findLast(({ from }) => from === 'guest')?.msg;
    assert.deepEqual([news?.code.digits, news?.replacesEarlier], [early.code, true]);
    await seam.accessCodes.delete({ access_code_id });
    assert.equal((await read(access_code_id)).staycode.lifecycle, 'revoked');
    await home.waitFor((received) =>
      received.some(({ from, msg }) => from === 'host' && String(msg.payload).includes('you hold it back')),
    );
  });

  it('cannot choose the digits, and is told what to do instead, without the digits', async () => {
    const { access_code_id } = (await seam.accessCodes.list({ device_id: 'flat-a' }))[0] ?? {};
    for (const [name, body] of [
      ['create', { device_id: 'flat-a', ...stayFrom(60), code: '987654' }],
      ['update', { access_code_id, code: '987654' }],
    ] as const) {
      const answer = await call(name, body);
      const text = await answer.text();
      assert.equal(answer.status, 400);
      assert.match(text, /"message":"code: expected none: the digits follow from the times, leave it out/u);
      assert.ok(!text.includes('987654'));
    }
  });

  it('is told what cannot be, by the field, and nothing changes', async () => {
    const before = await seam.accessCodes.list();
    const device_id = 'flat-a';
    const refused: [object, string, string | undefined][] = [
      [{ device_id, ...stayFrom(6) }, 'access_code_conflict', undefined],
      [{ device_id: 'flat-z', ...stayFrom(60) }, 'device_not_found', undefined],
      [{ ...stayFrom(60) }, 'invalid_input', 'device_id'],
      [{ device_id }, 'invalid_input', 'starts_at'],
      [{ device_id, ...stayFrom(60), code: '1234' }, 'invalid_input', 'code'],
      [{ device_id, ...stayFrom(60), is_one_time_use: true }, 'invalid_input', 'is_one_time_use'],
      [{ device_id, ...stayFrom(60), starts_at: '2026-12-01 15:00' }, 'invalid_input', 'starts_at'],
      [{ device_id, ...stayFrom(60), ends_at: '+012026-12-01T15:00:00Z' }, 'invalid_input', 'ends_at'],
      [{ device_id, ...stayFrom(60, 90) }, 'invalid_input', 'ends_at'],
      [{ device_id, ...stayFrom(60, -2) }, 'invalid_input', 'ends_at'],
      [{ device_id, ...stayFrom(-20) }, 'invalid_input', 'ends_at'],
      [{ device_id, starts_at: at(60, 3), ends_at: at(62, 11) }, 'invalid_input', 'starts_at'],
      [{ device_id, ...stayFrom(60), name: 'x'.repeat(300) }, 'invalid_input', 'name'],
    ];
    for (const [body, type, field] of refused) {
      const answer = await call('create', body);
      const { error, ok } = (await answer.json()) as {
        ok: boolean;
        error: { type: string; validation_errors?: Record<string, { _errors: string[] }> };
      };
      assert.deepEqual([error.type, ok], [type, false], JSON.stringify(body));
      if (field) assert.equal(error.validation_errors?.[field]?._errors.length, 1, field);
    }
    const { access_code_id } = before.find(({ name }) => name === 'Ada')!;
    await assert.rejects(seam.accessCodes.update({ access_code_id, ...stayFrom(11) }), {
      code: 'access_code_conflict',
      statusCode: 409,
    });
    assert.deepEqual(await seam.accessCodes.list(), before);
  });

  it('finds the same after Node-RED was killed, and makes no message for guests of its own', async () => {
    const before = await seam.accessCodes.list();
    const guests = home.received.filter(({ from }) => from === 'guest').length;
    await node.stop('SIGKILL');
    node = await startNodeRed({ userDir });
    seam = seamAt(node.url);
    assert.deepEqual(await seam.accessCodes.list(), before);
    assert.equal(home.received.filter(({ from }) => from === 'guest').length, guests);
    assert.ok(!node.logs().includes(API_KEY));
  });
});
