import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sealStays, type StayAtLock } from '@staycode/core';
import { removeScratch } from '../support/scratch.ts';
import { NO_RESPONSE, PluggedHome } from './plugged-home.ts';

const HOUR_MS = 3_600_000;
const SERVICES = { arrived: false, keypad: false, stay: true, accessCodes: true };
/** Made up: no lock has a key to them. */
const RUNNING = '918273645546';
const LATER = '102938475665';

describe('access codes through a real Homebridge', function () {
  this.timeout(60_000);
  let plugged: PluggedHome;
  let nonces = 0;

  before(async () => {
    plugged = new PluggedHome();
    await plugged.start({ services: SERVICES }, ['codesState', 'occupancy']);
    await plugged.lock.join();
    await plugged.untilReads('current', 1);
  });
  after(async () => {
    await plugged.stop();
    removeScratch();
  });

  function stayOf(digits: string, startsInMs: number, endsInMs: number): StayAtLock {
    const window = { startsAtMs: Date.now() + startsInMs, endsAtMs: Date.now() + endsInMs };
    return { code: { unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0, ...window }, digits };
  }
  async function tell(...stays: StayAtLock[]): Promise<void> {
    nonces += 1;
    const key = plugged.lock.commandKey('homebridge');
    const nonce = new Uint8Array(24).fill(nonces);
    await plugged.lock.publishStays(sealStays(key, { lockId: plugged.lock.lockId, stays }, nonce));
  }
  /** A request in hex to the control point; the response in hex, or a status. */
  async function ask(request: string): Promise<string> {
    const value = Buffer.from(request.replaceAll(' ', ''), 'hex').toString('base64');
    const answer = String(await plugged.home.ask('codesControl', value));
    return answer.startsWith('status') ? answer : Buffer.from(answer, 'base64').toString('hex');
  }
  const ascii = (text: string): string => Buffer.from(text).toString('hex');
  /** The ids of a list, each in hex. */
  async function listIds(): Promise<string[]> {
    const list = await ask('010101');
    return [...list.matchAll(/030c0104(.{8})030100040100/gu)].map(([, id = '']) => id);
  }

  it('are none while the host has told nothing, and the stay is not known', async () => {
    assert.equal(
      await plugged.home.read('codesSupported'),
      Buffer.from('010101' + '02010c' + '03010c' + '0401ff', 'hex').toString('base64'),
    );
    assert.equal(await ask('010101'), '010101');
    assert.equal(await plugged.home.read('occupancy'), NO_RESPONSE);
  });

  it('are listed and read, and announced by a new state', async () => {
    const before = await plugged.home.read('codesState');
    await tell(stayOf(RUNNING, -HOUR_MS, HOUR_MS));
    await plugged.until('the state', () =>
      plugged.home.events.some((event) => event.startsWith('codesState')),
    );
    assert.notEqual(await plugged.home.read('codesState'), before);
    const [id = '', ...more] = await listIds();
    assert.deepEqual(more, []);
    const record = `031a0104${id}020c${ascii(RUNNING)}030100040100`;
    assert.equal(await ask(`010102 0206 0104${id}`), `010102${record}`);
  });

  it('show a stay as running from what the host has told', async () => {
    assert.equal(await plugged.home.read('occupancy'), 1);
    await tell();
    await plugged.untilReads('occupancy', 0);
    assert.deepEqual(await listIds(), []);
    await tell(stayOf(RUNNING, -HOUR_MS, HOUR_MS), stayOf(LATER, -1, HOUR_MS));
    await plugged.untilReads('occupancy', 1);
  });

  it('refuse to be added, updated and removed', async () => {
    const [id = ''] = await listIds();
    const add = (code: string): Promise<string> =>
      ask(
        `010103 02${(code.length + 2).toString(16).padStart(2, '0')} 02${code.length.toString(16).padStart(2, '0')}${ascii(code)}`,
      );
    const refused = (operation: number, status: number, known = ''): string =>
      `01010${operation}` + (known === '' ? '0306' : `030c0104${known}`) + `030100` + `04010${status}`;
    assert.equal(await add('555566667777'), refused(3, 8));
    assert.equal(await add('5555'), refused(3, 5));
    assert.equal(await add('5555666677778'), refused(3, 6));
    assert.equal(await add('55556666777x'), refused(3, 7));
    assert.equal(await add(RUNNING), refused(3, 4));
    assert.equal(await ask(`010104 0206 0104${id}`), refused(4, 8, id));
    assert.equal(await ask(`010105 0206 0104${id}`), refused(5, 8, id));
    assert.equal(await ask('010105 0206 010400000000'), refused(5, 9, '00000000'));
    assert.equal((await listIds()).length, 2);
  });

  it('refuse a request that is none', async () => {
    assert.equal(await ask('0105'), 'status -70410');
    assert.equal(await ask(''), 'status -70410');
  });

  it('are not told again to who only reads', async () => {
    await ask('010101');
    assert.equal(await plugged.home.read('codesControl'), '');
  });

  it('come neither from another key nor from a message that was changed, and the log shows nothing of it', async () => {
    await plugged.lock.publishStays('00'.repeat(60));
    await plugged.until('the warning', () => plugged.bridge.logs().includes('stays: expected them sealed'));
    assert.equal((await listIds()).length, 2);
  });

  it('are out of reach with the lock', async () => {
    await plugged.lock.publishAvailability('offline');
    await plugged.untilReads('codesState', NO_RESPONSE);
    assert.equal(await ask('010101'), NO_RESPONSE);
    await plugged.lock.publishAvailability('online');
    await plugged.lock.publishState();
    await plugged.untilReads('current', 1);
  });

  it('are in no log and in no file of Homebridge, in whatever form', async () => {
    await tell(stayOf(RUNNING, -HOUR_MS, HOUR_MS));
    await plugged.until('the list', async () => (await listIds()).length === 1);
    const ids = await listIds();
    assert.match(await ask(`010102 0206 0104${ids[0] ?? ''}`), new RegExp(ascii(RUNNING), 'u'));
    const log = plugged.bridge.logs();
    // Homebridge writes its memory of the accessories when it ends.
    await plugged.restart([plugged.lockConfig({ services: SERVICES })]);
    await plugged.watch();
    await plugged.until(
      'the list again',
      async () => (await plugged.home.read('current')) === 1 && (await listIds()).length === 1,
    );
    const files = readdirSync(plugged.storageDir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(plugged.storageDir, name))
      .filter((path) => statSync(path).isFile());
    assert.ok(files.some((path) => path.includes('cachedAccessories')));
    for (const path of files) assert.ok(!holdsCode(readFileSync(path, 'utf8')), path);
    assert.ok(!holdsCode(log + plugged.bridge.logs()));
  });
});

/** Whether a text has a code, in clear or in anything that could be base64. */
function holdsCode(text: string): boolean {
  const decoded = (text.match(/[\w+/]{12,}={0,2}/gu) ?? []).flatMap((word) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(word.slice(skip), 'base64').toString('latin1')),
  );
  return [text, ...decoded].some((each) => each.includes(RUNNING) || each.includes(LATER));
}
