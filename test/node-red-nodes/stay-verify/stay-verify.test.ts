import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  deriveLockKey,
  deriveUnitKey,
  formatLockFile,
  sealBytes,
} from '@staycode/core';
import { holdsDigits } from '../../support/holds-digits.ts';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant } from '../sample-feed.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';
import {
  clockCode,
  type Door,
  SITE_KEY,
  siteKey,
  stayCode,
  type Verdict,
  verifyFlows,
  type as typeAt,
} from './verify-flow.ts';

interface Caught {
  readonly error: { readonly message: string };
}

const code = stayCode();
const pin = code.slice(0, 6);

describe('stay-verify in a real Node-RED', function () {
  this.timeout(20_000);
  const doors: Door[] = [
    { id: 'front', lock: 'door' },
    { id: 'twin', lock: 'door' },
    { id: 'fours', lock: 'side', groups: '4-4-4' },
    { id: 'sixes', lock: 'back', groups: '6-6' },
    { id: 'keyed', lock: 'gate', groups: 'keys' },
    { id: 'filed', lockFile: 'cellar.json' },
    { id: 'locked', lockFile: 'cellar.json' },
    { id: 'bare', lock: 'none' },
  ];
  let home: SampleHome;
  let userDir: string;
  let node: RunningNodeRed;

  const start = async (fresh = false): Promise<void> => {
    const passphrases = { filed: { passphrase: 'a good one' }, locked: { passphrase: 'a bad one' } };
    const credentials = { site: { siteKey: SITE_KEY }, ...passphrases };
    const flows = verifyFlows(home, doors).filter((one) => !('id' in one && one.id === 'lock-none'));
    node = await startNodeRed({ userDir, ...(fresh && { flows, credentials }) });
  };
  const verdicts = (): Verdict[] =>
    home.received.filter(({ from }) => from === 'verdict').map(({ msg }) => msg as unknown as Verdict);
  const errors = (): string[] =>
    home.received.flatMap(({ from, msg }) =>
      from === 'caught' ? [(msg as unknown as Caught).error.message] : [],
    );
  const type = (door: string, payload: unknown, beside?: object): Promise<void> =>
    typeAt(node, door, payload, beside);
  /** Types, and waits for the one verdict on it. */
  const enter = async (door: string, payload: unknown): Promise<Verdict> => {
    const before = verdicts().length;
    await type(door, payload);
    await home.waitFor(() => verdicts().length > before);
    return verdicts()[before]!;
  };
  const short = async (door: string, payload: unknown): Promise<string> => {
    const { output, payload: verdict } = await enter(door, payload);
    return `${output} ${String(verdict.reason)}`;
  };

  before(async () => {
    home = await startSampleHome();
    userDir = scratchFolder();
    writeFileSync(join(userDir, 'cellar.json'), await sealedLockFile());
    await start(true);
  });
  after(async () => {
    await node.stop();
    await home.close();
    removeScratch();
  });

  it('opens for a good code, for its PIN from then on, and says whose it was', async () => {
    assert.equal(await short('front', pin), 'refused unknown');
    const { output, topic, payload } = await enter('front', code);
    assert.equal(output, 'opened');
    assert.equal(topic, 'The door');
    assert.deepEqual(
      { ...payload, at: null },
      {
        ...{ outcome: 'opened', reason: 'stay', lockId: 'door', at: null, unitId: 'flat-a' },
        window: {
          startsAt: new Date(instant(-1, 15)).toISOString(),
          endsAt: new Date(instant(2, 11)).toISOString(),
        },
        ...{ staff: null, firstHalf: false },
      },
    );
    assert.equal(await short('front', pin), 'opened pin');
  });

  it('shows when it opened', async () => {
    const statuses = (): string[] =>
      home.received
        .filter(({ from }) => from === 'status')
        .map(({ msg }) => (msg as unknown as { text: string }).text);
    await home.waitFor(() => statuses().some((text) => /^opened \d\d:\d\d$/u.test(text)));
  });

  it('shares the memory of a lock among its keypads', async () => {
    assert.equal(await short('twin', pin), 'opened pin');
  });

  it('takes what a Zigbee2MQTT keypad sends, and keeps what the answer to it needs', async () => {
    await type('front', { battery: 80 });
    const asked = { action: 'disarm', action_code: pin, action_transaction: 99 };
    const { payload, keypad } = await enter('front', asked);
    assert.equal(payload.reason, 'pin');
    assert.deepEqual(keypad, { action: 'disarm', action_transaction: 99 });
  });

  it('opens for nothing that a broker kept: what is typed is typed now', async () => {
    const before = verdicts().length;
    await type('front', { action_code: code }, { retain: true });
    await home.waitFor(() => errors().some((error) => error.includes('retained')));
    assert.equal(verdicts().length, before);
    await type('front', { action_code: code }, { retain: false });
    await home.waitFor(() => verdicts().length > before);
    assert.equal(verdicts().at(-1)?.output, 'opened');
  });

  it('sets its clock to the machine’s at the flow’s word, on record', async () => {
    const journal = (): string => readFileSync(join(userDir, 'staycode/locks/door/journal.jsonl'), 'utf8');
    assert.doesNotMatch(journal(), /set-clock/u);
    const before = verdicts().length;
    await type('front', '', { command: 'set-clock' });
    for (let tries = 0; tries < 50 && !journal().includes('set-clock'); tries++) await setTimeout(100);
    assert.match(journal(), /set-clock/u);
    assert.equal(verdicts().length, before);
    assert.equal(await short('front', pin), 'opened pin');
  });

  it('answers a clock code on the third output, where no bolt is', async () => {
    assert.equal(await short('fours', clockCode()), 'done clock');
  });

  it('takes twelve digits in groups of four and of six as one entry', async () => {
    await type('fours', code.slice(0, 4));
    await type('fours', code.slice(4, 8));
    assert.equal(await short('fours', code.slice(8)), 'opened stay');
    const half = await enter('sixes', pin);
    assert.deepEqual([half.output, half.payload.firstHalf], ['refused', true]);
    assert.equal(await short('sixes', code.slice(6)), 'opened stay');
    assert.equal(await short('sixes', pin), 'opened pin');
  });

  it('puts together what comes key by key, and forgets what a star breaks off', async () => {
    const press = async (...keys: unknown[]): Promise<void> => {
      for (const key of keys) await type('keyed', key);
    };
    await press(...Array.from(code.slice(0, 11)));
    assert.equal(await short('keyed', code.slice(11)), 'opened stay');
    // As a Wiegand reader numbers its keys, 10 for the star and 11 for the hash.
    await press(9, 9, 10, ...Array.from(pin, Number));
    assert.equal(await short('keyed', 11), 'opened pin');
    const before = verdicts().length;
    await press({ digits: '7' }, '*', '#', '7', '*');
    assert.equal(await short('front', pin), 'opened pin');
    assert.equal(verdicts().length, before + 1);
  });

  it('takes a sealed lock file with its passphrase, and stops without', async () => {
    assert.equal(await short('filed', code), 'opened stay');
    assert.equal(await short('locked', code), 'refused stopped');
    await waitForStatus(node, 'locked', 'lock file sealed');
  });

  it('stops where no lock is named', async () => {
    assert.equal(await short('bare', code), 'refused stopped');
    await waitForStatus(node, 'bare', 'lock incomplete');
  });

  it('refuses a number, says why, and sends no verdict', async () => {
    const before = verdicts().length;
    await type('front', 123456789012);
    const said = (): string => errors().find((error) => error.includes('number')) ?? '';
    await home.waitFor(() => said() !== '');
    assert.match(said(), /msg\.payload\.value: expected digits as a text, got a number/u);
    assert.ok(!JSON.stringify(home.received).includes('123456789012'));
    assert.equal(verdicts().length, before);
  });

  it('knows PINs and wrong entries after a kill', async () => {
    for (const wrong of ['000001', '000002', '000003'])
      assert.equal(await short('front', wrong), 'refused unknown');
    await node.stop('SIGKILL');
    await start();
    assert.equal(await short('twin', pin), 'opened pin');
    // One before the first opening, three before the kill: the fifth closes.
    assert.equal(await short('front', '000004'), 'refused unknown');
    assert.equal(await short('front', pin), 'refused closed');
    await waitForStatus(node, 'front', 'closed 1 min');
  });

  it('gives the lock its new keys at a deploy that leaves the keypads alone', async () => {
    const flows = (await (await fetch(`${node.url}/flows`)).json()) as { id: string }[];
    const changed = flows.map((one) => (one.id === 'unit-a' ? { ...one, keyVersion: 2 } : one));
    const response = await fetch(`${node.url}/flows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'nodes' },
      body: JSON.stringify(changed),
    });
    assert.equal(response.status, 204);
    // The answer comes before the nodes are started.
    while (!node.logs().includes('Started modified nodes')) await setTimeout(10);
    assert.equal(await short('fours', code), 'refused unknown');
    assert.equal(await short('twin', code), 'refused unknown');
    assert.equal(await short('front', code), 'refused unknown');
  });

  it('stops at a damaged journal, says what to do, and never starts afresh', async () => {
    await node.stop();
    const journal = join(userDir, 'staycode/locks/door/journal.jsonl');
    const damaged = readFileSync(journal, 'utf8').replace('"seq":2', '"seq":9');
    writeFileSync(journal, damaged);
    await start();
    await waitForStatus(node, 'front', 'journal damaged');
    assert.equal(await short('front', code), 'refused stopped');
    assert.match(node.logs(), /restore the file from a backup, or move it away/u);
    assert.equal(readFileSync(journal, 'utf8'), damaged);
    assert.equal(await short('filed', pin), 'opened pin');
  });

  it('keeps digits and keys out of messages, statuses, log and exported flow', async () => {
    const exported = await (await fetch(`${node.url}/flows`)).text();
    const told = JSON.stringify(home.received) + node.logs() + exported;
    assert.ok(told.includes('stay-verify'));
    for (const secret of [code, SITE_KEY, 'a good one'])
      assert.ok(!told.includes(secret), `${secret.slice(0, 2)}…`);
    assert.ok(holdsDigits(JSON.stringify({ digits: pin }), pin));
    for (const part of [pin, code.slice(6), code.slice(4, 8), '000004'])
      assert.ok(!holdsDigits(told, part), `${part.slice(0, 2)}…`);
    for (const { held } of verdicts()) assert.ok(!held.includes('req'));
  });
});

async function sealedLockFile(): Promise<string> {
  const text = formatLockFile({
    ...{ lockId: 'cellar', name: 'Cellar', zone: 'UTC', lockKey: deriveLockKey(siteKey, 'cellar', 1) },
    units: [
      {
        ...{ unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' },
        unitKey: deriveUnitKey(siteKey, 'flat-a', 1),
      },
    ],
    rules: compileRules({ zone: 'UTC', ...DEFAULT_HOUSE_RULES }),
    staff: [],
  });
  const randomBytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);
  return sealBytes(new TextEncoder().encode(text), { passphrase: 'a good one', randomBytes, cost: 1024 });
}
