import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type AppEntry, scan } from '../../support/authenticator.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';
import { SITE_KEY, stayCode, type Verdict, verifyFlows, type as typeAt } from './verify-flow.ts';

const clara = { id: 'c1', name: 'Clara', doors: 'all', digits: '8', keyVersion: '1' };
const tom = { id: 't1', name: 'Tom', doors: 'chosen', digits: '6', keyVersion: '1' };

describe('staff at a stay-verify lock in a real Node-RED', function () {
  this.timeout(20_000);
  let home: SampleHome;
  let userDir: string;
  let node: RunningNodeRed;
  const uris: string[] = [];

  before(async () => {
    home = await startSampleHome();
    userDir = scratchFolder();
    const flows = verifyFlows(home, [
      { id: 'front', lock: 'door' },
      { id: 'rear', lock: 'back' },
    ]).map((one) => {
      const { id } = one as { id: string };
      if (id === 'site') return { ...one, staff: [clara, tom] };
      return id === 'lock-back' ? { ...one, staff: ['t1'] } : one;
    });
    node = await startNodeRed({ userDir, flows, credentials: { site: { siteKey: SITE_KEY } } });
  });
  after(async () => {
    await node.stop();
    await home.close();
    removeScratch();
  });

  /** From the QR code on the board, as the phone reads it. */
  const phoneOf = async (staffId: string): Promise<AppEntry> => {
    const response = await fetch(`${node.url}/staycode/board/api/host/staff/show`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ siteId: 'site', staffId }),
    });
    const { uri } = (await response.json()) as { uri: string };
    uris.push(uri);
    return scan(uri);
  };
  const verdicts = (): Verdict[] =>
    home.received.filter(({ from }) => from === 'verdict').map(({ msg }) => msg as unknown as Verdict);
  /** `outcome reason who` of what was typed. */
  const enter = async (door: string, digits: string): Promise<string> => {
    const before = verdicts().length;
    await typeAt(node, door, digits);
    await home.waitFor(() => verdicts().length > before);
    const { output, payload } = verdicts()[before]!;
    return `${output} ${String(payload.reason)} ${String(payload.staff)}`;
  };
  const deployStaff = async (staff: readonly object[]): Promise<void> => {
    const flows = (await (await fetch(`${node.url}/flows`)).json()) as { id: string }[];
    const changed = flows.map((one) => (one.id === 'site' ? { ...one, staff } : one));
    const seen = node.logs().length;
    const response = await fetch(`${node.url}/flows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'nodes' },
      body: JSON.stringify(changed),
    });
    assert.equal(response.status, 204);
    // The answer comes before the nodes are started.
    while (!node.logs().slice(seen).includes('Started modified nodes')) await setTimeout(10);
  };

  it('open with what their app shows, by name, and with the same digits never again', async () => {
    const phone = await phoneOf('c1');
    assert.deepEqual([phone.issuer, phone.name], ['Home', 'Clara']);
    const code = phone.code();
    assert.match(code, /^\d{8}$/u);
    assert.equal(await enter('front', code), 'opened staff Clara');
    assert.equal(await enter('front', code), 'refused replayed Clara');
    assert.equal(await enter('front', phone.code(1)), 'opened staff Clara');
    assert.equal(await enter('rear', phone.code()), 'opened staff Clara');
  });

  it('open only the doors that name them', async () => {
    const phone = await phoneOf('t1');
    assert.match(phone.code(), /^\d{6}$/u);
    assert.equal(await enter('front', phone.code()), 'refused unknown null');
    assert.equal(await enter('rear', phone.code()), 'opened staff Tom');
  });

  it('stand in the lock’s journal by name, without digits', () => {
    const journal = readFileSync(join(userDir, 'staycode/locks/door/journal.jsonl'), 'utf8');
    assert.match(journal, /"reason":"staff","staff":\{"name":"Clara","counter":\d+\}/u);
    assert.match(journal, /"reason":"replayed"/u);
  });

  it('open nothing with the phone that was lost once the key’s version is raised and deployed, and do with the next', async () => {
    const lost = await phoneOf('c1');
    await deployStaff([{ ...clara, keyVersion: '2' }, tom]);
    assert.equal(await enter('front', lost.code(2)), 'refused unknown null');
    const next = await phoneOf('c1');
    assert.equal(await enter('front', next.code(2)), 'opened staff Clara');
  });

  it('open nothing once they are off the list, and guests go in and out as before', async () => {
    const phone = await phoneOf('t1');
    await deployStaff([{ ...clara, keyVersion: '2' }]);
    assert.equal(await enter('rear', phone.code(1)), 'refused unknown null');
    assert.equal(await enter('rear', stayCode()), 'opened stay null');
  });

  it('are nobody where the list is wrong, which is said, and guests go in all the same', async () => {
    const phone = await phoneOf('c1');
    await deployStaff([clara, { ...clara, id: 'c2' }]);
    assert.match(node.logs(), /staff: expected each name once, got Clara twice/u);
    assert.equal(await enter('rear', phone.code(1)), 'refused unknown null');
    assert.equal(await enter('rear', stayCode()), 'opened stay null');
  });

  it('have their secrets neither in the flow nor in the log, the messages or the disk', async () => {
    const exported = await (await fetch(`${node.url}/flows`)).text();
    const folder = join(userDir, 'staycode');
    const disk = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path, 'latin1'));
    const told = [JSON.stringify(home.received), node.logs(), exported, ...disk].join('\n');
    assert.ok(told.includes('Clara'));
    assert.equal(new Set(uris).size, 3);
    for (const uri of uris) {
      const secret = new URL(uri).searchParams.get('secret') ?? '';
      assert.equal(secret.length, 32);
      assert.ok(!told.includes(secret));
    }
  });
});
