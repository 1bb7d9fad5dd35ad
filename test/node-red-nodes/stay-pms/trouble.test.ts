import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { openAccessCodeStore } from '@staycode/core/edges';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';
import { API_KEY, bodyOf, bookingIdOf, credentialsOf, hook, pmsFlows, say, unitIdOf } from './pms-flow.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

interface Told {
  readonly payload: string;
  readonly message: string;
  readonly event: string;
  readonly text: string;
  readonly problem?: { readonly reason: string };
}

/** Faults of the host's, of the PMS's and of strangers, and what becomes of them. */
describe('stay-pms in trouble', function () {
  this.timeout(60_000);
  let home: SampleHome;
  let standIn: StandIn;
  let node: RunningNodeRed;
  let userDir: string;

  const start = async (changes: Readonly<Record<string, object>> = {}, secrets = {}): Promise<void> => {
    const flows = pmsFlows(home, standIn.url, changes);
    node = await startNodeRed({ userDir, flows, credentials: { ...credentialsOf(), ...secrets } });
  };
  beforeEach(async () => {
    home = await startSampleHome();
    standIn = await startStandIn();
    userDir = scratchFolder();
  });
  afterEach(async () => {
    await node.stop();
    await Promise.all([home.close(), standIn.close()]);
    removeScratch();
  });
  const of = (from: string): Told[] =>
    home.received.filter((one) => one.from === from).map(({ msg }) => msg as unknown as Told);
  const untilHost = async (reason: string): Promise<Told> => {
    const find = (): Told | undefined => of('host').find(({ problem }) => problem?.reason === reason);
    await home.waitFor(() => find() !== undefined);
    return find()!;
  };
  const post = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${node.url}${path}`, { method: 'POST', ...init });
  const stays = (unitId: string): number => {
    const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
    const { length } = store.readUnit(unitId).stays;
    store.close();
    return length;
  };

  it('answers what is no webhook as HTTP has it, and takes nothing from it', async () => {
    await start();
    assert.equal((await fetch(`${node.url}/pms/hostaway`)).status, 405);
    assert.equal((await post('/pms/nobody', { body: '{}' })).status, 404);
    const long = 'x'.repeat(2 * 1024 * 1024);
    assert.equal(await statusOf(`${node.url}/pms/hostaway`, long), 413);
    const basic = { authorization: `Basic ${btoa('staycode:example password')}` };
    assert.equal((await post('/pms/hostaway', { headers: basic, body: 'no JSON' })).status, 400);
    const unknown = { ...(bodyOf('hostaway', {}) as object), data: { id: 1 } };
    assert.equal(await hook(node, 'hostaway', unknown), 422);
    // It is not remembered as taken: once it can be read it will be.
    assert.equal(await hook(node, 'hostaway', unknown), 422);
    assert.match((await untilHost('unreadable')).payload, /status: expected a status/u);
    assert.equal(stays(unitIdOf('hostaway')), 0);
  });

  it('tells of a listing without a unit once', async () => {
    await start({ 'pms-hostaway': { refs: ['99', '98'] } });
    assert.equal(await hook(node, 'hostaway', bodyOf('hostaway', { money: 'paid' })), 200);
    assert.match((await untilHost('unmapped')).payload, /listing 41 has no unit/u);
    assert.equal(await hook(node, 'hostaway', bodyOf('hostaway', { money: 'part' })), 200);
    await waitForStatus(node, 'pms-hostaway', 'heard of 1');
    assert.equal(of('host').length, 1);
  });

  it('stands red where its settings are none, or its path is another’s, and lets the others work', async () => {
    await start(
      { 'pms-smoobu': { path: '/pms/hostaway' }, 'pms-lodgify': { units: [] } },
      { 'pms-beds24': { webhookSecret: 'short' } },
    );
    for (const id of ['pms-smoobu', 'pms-lodgify', 'pms-beds24']) {
      await waitForStatus(node, id, 'settings: see log');
    }
    assert.match(node.logs(), /path: expected one of its own/u);
    assert.equal(await hook(node, 'hostaway', bodyOf('hostaway', { money: 'unpaid' })), 200);
    assert.equal((await untilHost('unpaid')).event, 'new');
  });

  it('tells the host of a PMS that does not answer, and changes nothing', async () => {
    await start();
    standIn.status = 503;
    await say(node, 'pms-qloapps', {});
    assert.match((await untilHost('no-answer')).payload, /503/u);
    standIn.status = 200;
    standIn.answers.set('qloapps', bodyOf('qloapps', { money: 'paid' }));
    await say(node, 'pms-qloapps', {});
    await home.waitFor(() => of('guest').length === 1);
  });

  it('says of the host’s word on a stay that nobody knows that it is none', async () => {
    await start();
    const payload = { id: 'nobody', hold: true, by: 'Ada', why: 'x' };
    await say(node, 'code-hostaway', { event: 'override', unit: unitIdOf('hostaway'), payload });
    await waitForStatus(node, 'code-hostaway', 'failed, see the log');
    await home.waitFor(() => of('caught').length === 1);
    const [{ message }] = of('caught') as object[] as [{ message: string }];
    assert.match(message, /expected the id of a stay of .*, as msg\.reservation\.id has it, got nobody/u);
  });

  it('tells the host of a code that the PMS did not take, and has it sent again where that is how guests are told', async () => {
    await start({ 'pms-hostaway': { confirms: true }, 'code-hostaway': { confirm: true } });
    standIn.status = 401;
    assert.equal(await hook(node, 'hostaway', bodyOf('hostaway', { money: 'paid' })), 200);
    assert.match((await untilHost('not-written')).payload, /401/u);
    const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
    const message = (): [string, number] | undefined => {
      const [one] = store.outbox.readUnit(unitIdOf('hostaway'));
      return one && [one.state, one.failures];
    };
    while (message()?.[1] === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(message(), ['queued', 1]);
    standIn.status = 200;
    await say(node, 'code-hostaway', {
      event: 'override',
      payload: { bookingId: bookingIdOf('hostaway'), hold: true, by: 'Ada', why: 'x' },
    });
    await say(node, 'code-hostaway', {
      event: 'override',
      payload: { bookingId: bookingIdOf('hostaway'), hold: false, by: 'Ada', why: 'x' },
    });
    while (message()?.[0] !== 'sent') await new Promise((resolve) => setTimeout(resolve, 20));
    store.close();
  });

  it('tells at the next start what an unfinished flow has lost', async () => {
    const heard = (): number => of('status').filter(({ text }) => text === 'heard of 1').length;
    await start({ 'pms-hostaway': { wires: [[], [], ['pick-host']] } });
    assert.equal(await hook(node, 'hostaway', bodyOf('hostaway', { money: 'paid' })), 200);
    await node.stop('SIGKILL');
    assert.equal(stays(unitIdOf('hostaway')), 0);
    const path = join(userDir, 'flows.json');
    const wired = pmsFlows(home, standIn.url);
    writeFileSync(path, JSON.stringify(wired));
    node = await startNodeRed({ userDir });
    await home.waitFor(() => of('guest').length === 1);
    // What is told in full is not asked for.
    assert.equal(standIn.asked.filter(({ method }) => method === 'GET').length, 0);
    await node.stop();
    const before = heard();
    node = await startNodeRed({ userDir });
    assert.equal(await hook(node, 'hostaway', bodyOf('hostaway', { money: 'paid', changedMinute: 6 })), 200);
    await home.waitFor(() => heard() > before);
    // The register has it: neither the start nor the webhook told it again.
    assert.equal(of('stay').length, 1);
  });

  it('keeps its secrets out of the flow, the log and the answers', async () => {
    await start();
    await hook(node, 'hostaway', bodyOf('hostaway', { money: 'paid' }));
    await home.waitFor(() => of('guest').length === 1);
    const exported = await (await fetch(`${node.url}/flows`)).text();
    for (const secret of [API_KEY, 'example password', 'example-token-of-a-host']) {
      assert.ok(!exported.includes(secret));
      assert.ok(!node.logs().includes(secret));
    }
    assert.ok(readFileSync(join(userDir, 'flows.json'), 'utf8').includes('stay-pms'));
  });
});

/** The status of a post whose body is not read to its end. */
function statusOf(url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
