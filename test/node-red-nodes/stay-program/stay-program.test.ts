import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiAccessCode, digitsOfRecord } from '@staycode/core';
import type { Seam } from 'seam';
import { type Broker, startBroker } from '../../support/broker.ts';
import { runCommand } from '../../support/command.ts';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../../support/node-red.ts';
import { NukiLock } from '../../support/programmed-locks/nuki-lock.ts';
import type { StandInLock } from '../../support/programmed-locks/stand-in-lock.ts';
import { ZigbeeLock } from '../../support/programmed-locks/zigbee-lock.ts';
import { ZwaveLock } from '../../support/programmed-locks/zwave-lock.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant } from '../sample-feed.ts';
import { brokerNode } from '../sample-flow.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';
import { apiCredentials, apiFlows, seamAt, SITE_KEY } from '../stay-api/api-flow.ts';
import { connectLocks, type LocksOnBroker } from './locks-on-broker.ts';

interface Told {
  readonly output: 'pin' | 'door' | 'host';
  readonly topic: string;
  readonly payload: unknown;
  readonly isShortCode?: boolean;
  readonly mayBeDuplicate?: boolean;
  readonly code?: { readonly guestName: string | null; readonly reservationId: string };
  readonly problem?: { readonly reason: string };
}

interface Shown {
  readonly doorPins: readonly object[];
  readonly message: string;
  readonly revocations: readonly object[];
}

const running = {
  starts_at: new Date(instant(-1, 15)).toISOString(),
  ends_at: new Date(instant(2, 11)).toISOString(),
};

describe('ordinary locks that a Node-RED programs', function () {
  // Zigbee2MQTT is believed that a slot is free only once it says so twice, two minutes apart.
  this.timeout(300_000);
  let userDir: string;
  let keyFile: string;
  const zwave = new ZwaveLock({ count: 5, hasSchedules: true, hidesPins: false });
  const nuki = new NukiLock({ count: 5 });
  const zigbee = new ZigbeeLock({ count: 3, exposesPins: true });
  const strangers = new Map<StandInLock, number | undefined>();
  let home: SampleHome;
  let broker: Broker;
  let locks: LocksOnBroker;
  let node: RunningNodeRed;
  let seam: Seam;
  let accessCodeId = '';

  const told = (output: Told['output'], topic: string): Told[] =>
    home.received
      .filter(({ from }) => from === 'program')
      .map(({ msg }) => msg as unknown as Told)
      .filter((one) => one.output === output && one.topic === topic);
  const pinAt = (topic: string): string => String(told('pin', topic).at(-1)?.payload);
  /** As the board shows it to the host. */
  const showCode = async (): Promise<Shown> => {
    const stayId = told('pin', 'Nuki door')[0]?.code?.reservationId;
    const answer = await askBoard('acts/show-code', { stayId });
    assert.ok(answer.ok, await answer.clone().text());
    return (await answer.json()) as Shown;
  };
  const askBoard = (path: string, body: object): Promise<Response> =>
    fetch(`${node.url}/staycode/board/api/host/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ unitId: 'flat-a', ...body }),
    });
  const lockAt = (door: string): StandInLock =>
    door === 'Z-Wave door' ? zwave : door === 'Nuki door' ? nuki : zigbee;
  const record = async (): Promise<ApiAccessCode> =>
    (await seam.accessCodes.get({ access_code_id: accessCodeId })) as unknown as ApiAccessCode;
  const holds = (lock: StandInLock, pin: string): boolean =>
    [...lock.codes.values()].some((code) => code.pin === pin);
  /** Checks the log that Node-RED keeps of what a lock told, by its command; signed once all was passed on. */
  const logOf = async (lockId: string, openings: number): Promise<void> => {
    const path = join(userDir, 'staycode/heard', lockId, 'journal.jsonl');
    const verify = (): ReturnType<typeof runCommand> =>
      runCommand(['log', 'verify', path, '--key-file', keyFile]);
    let check = await verify();
    for (; !check.out.includes('Signed to its end'); check = await verify()) await aSecond();
    assert.match(check.out, new RegExp(`^Genuine: log [0-9a-f]{32} of ${lockId}, .* none missing`, 'u'));
    const text = readFileSync(path, 'utf8');
    assert.equal(text.match(/"type":"heard"/gu)?.length, openings);
    for (const pin of [pinAt('Z-Wave door'), pinAt('Nuki door'), '777777'])
      assert.ok(!text.includes(`"${pin}`));
  };

  before(async () => {
    // Not before: the tests before this one remove their folders, and all that there are.
    userDir = scratchFolder();
    keyFile = join(scratchFolder(), 'site.key');
    writeFileSync(keyFile, SITE_KEY);
    home = await startSampleHome();
    broker = await startBroker();
    for (const lock of [zwave, nuki, zigbee]) strangers.set(lock, lock.setByHand('777777', instant(-9, 12)));
    const parts = { 'zwave/': zwave, 'nukihub/': nuki, 'zigbee2mqtt/Front door': zigbee };
    locks = await connectLocks(broker.url, parts);
    node = await startNodeRed({
      userDir,
      flows: [...apiFlows(home).filter((one) => !isOfflineLock(one)), ...programNodes(home, broker.port)],
      credentials: apiCredentials(home),
    });
    seam = seamAt(node.url);
    const made = await seam.accessCodes.create({ device_id: 'flat-a', name: 'Ada', ...running });
    accessCodeId = made.access_code_id;
    await seam.accessCodes.create({ device_id: 'flat-b', name: 'Bo', ...running });
  });
  after(async () => {
    await node.stop();
    await locks.close();
    await broker.stop();
    await home.close();
    removeScratch();
  });
  afterEach(() => {
    for (const lock of [zwave, nuki, zigbee]) assert.deepEqual(lock.complaints, []);
    for (const [lock, slot] of strangers) assert.equal(lock.codes.get(slot ?? -1)?.pin, '777777');
  });

  it('have the PIN of a guest who is in the house, with the times where they keep them, and say so', async () => {
    assert.equal((await record()).status, 'setting');
    await home.waitFor(() => told('pin', 'Z-Wave door').length > 0 && told('pin', 'Nuki door').length > 0);
    const digits = digitsOfRecord(await record(), Buffer.from(SITE_KEY, 'hex'));
    assert.equal(pinAt('Z-Wave door'), digits?.slice(0, 6));
    for (const [lock, name] of [
      [zwave, 'Z-Wave door'],
      [nuki, 'Nuki door'],
    ] as const) {
      const [one] = told('pin', name);
      assert.deepEqual([one?.code?.guestName, one?.mayBeDuplicate], ['Ada', false]);
      const stored = [...lock.codes.values()].find(({ pin }) => pin === pinAt(name));
      assert.deepEqual(stored?.window, { startsAtMs: instant(-1, 15), endsAtMs: instant(2, 11) });
    }
    assert.match(pinAt('Nuki door'), /^(?!12)[1-9]{6}$/u);
    const isOwn = pinAt('Nuki door') === pinAt('Z-Wave door');
    assert.equal(told('pin', 'Nuki door')[0]?.isShortCode, isOwn);
  });

  it('turn the stay verified with the first use, and have each opening in a log that can be checked', async () => {
    const pin = pinAt('Z-Wave door');
    const slot = await locks.enter(zwave, pin);
    await home.waitFor(() => told('door', 'Z-Wave door').length === 1);
    await aSecond();
    await locks.enter(zwave, pin);
    // Each is posted to us by itself: they arrive in their order if the next one waits.
    await home.waitFor(() => told('door', 'Z-Wave door').length === 2);
    await locks.enter(zwave, '777777');
    await home.waitFor(() => told('door', 'Z-Wave door').length === 3);
    const seen = told('door', 'Z-Wave door').map(({ payload }) => payload as Record<string, unknown>);
    assert.deepEqual(
      seen.map(({ firstUse, guestName, reason }) => [firstUse, guestName, reason]),
      [
        [true, 'Ada', 'pin'],
        [false, 'Ada', 'pin'],
        [false, null, null],
      ],
    );
    assert.equal(seen[0]?.slot, slot);
    while ((await record()).staycode.verified_at === null) await aSecond();
    assert.equal(Date.parse((await record()).staycode.verified_at ?? ''), Date.parse(String(seen[0].at)));
    await logOf('zwave-door', seen.length);
  });

  it('repeat what happened before, of which each is told and kept once', async () => {
    const pin = pinAt('Nuki door');
    for (const count of [1, 2, 3]) {
      await locks.enter(nuki, pin);
      await home.waitFor(() => told('door', 'Nuki door').length >= count);
    }
    await logOf('nuki-door', 3);
    const seen = told('door', 'Nuki door').map(
      ({ payload }) => payload as { firstUse: boolean; seq: number },
    );
    // The stay's first use was at the other door.
    assert.deepEqual(new Set(seen.map(({ firstUse }) => firstUse)), new Set([false]));
    assert.equal(new Set(seen.map(({ seq }) => seq)).size, 3);
  });

  it('have an opening kept once over a kill, and told again only with a mark', async () => {
    const doors = (): { seq: number; isMarked: boolean | undefined }[] =>
      told('door', 'Z-Wave door').map(({ payload, mayBeDuplicate }) => {
        return { seq: (payload as { seq: number }).seq, isMarked: mayBeDuplicate };
      });
    const seqs = (): number[] => [...new Set(doors().map(({ seq }) => seq))];
    const before = seqs().length;
    await locks.enter(zwave, pinAt('Z-Wave door'));
    await home.waitFor(() => seqs().length === before + 1);
    await node.stop('SIGKILL');
    node = await startNodeRed({ userDir });
    seam = seamAt(node.url);
    await waitForStatus(node, 'zwave-door', '1 in the lock');
    await locks.enter(zwave, pinAt('Z-Wave door'));
    await home.waitFor(() => seqs().length === before + 2);
    for (const one of seqs()) {
      const [, ...again] = doors().filter(({ seq }) => seq === one);
      for (const { isMarked } of again) assert.equal(isMarked, true);
    }
    await logOf('zwave-door', before + 2);
  });

  it('tell the host of a door that takes nothing, and are told the rest after a kill', async () => {
    await home.waitFor(() => told('host', 'Dead door').length > 0);
    const [note] = told('host', 'Dead door');
    assert.equal(note?.problem?.reason, 'not-in-lock');
    assert.match(String(note.payload), /Dead door: the code for Bo is not in the lock/u);
    await waitForStatus(node, 'dead-door', '1 failed');
    await node.stop('SIGKILL');
    node = await startNodeRed({ userDir });
    seam = seamAt(node.url);
    await home.waitFor(() => told('pin', 'Zigbee door').length > 0);
    assert.ok(holds(zigbee, pinAt('Zigbee door')));
    assert.equal((await record()).staycode.lifecycle, 'verified');
    // What was told before the kill had time to pass.
    assert.deepEqual([told('pin', 'Z-Wave door').length, told('pin', 'Nuki door').length], [1, 1]);
    for (const { mayBeDuplicate } of told('host', 'Dead door').slice(1)) assert.equal(mayBeDuplicate, true);
  });

  it('are told of to the guest by the PIN that each has, also once the stay is longer', async () => {
    const doorPins = ['Z-Wave door', 'Nuki door', 'Zigbee door'].map((door) => ({ door, pin: pinAt(door) }));
    const pins = [...new Set(doorPins.map(({ pin }) => pin))].join(' / ');
    const isReadAs = async (): Promise<void> => {
      const { code, staycode } = await record();
      assert.deepEqual([code, staycode.door_pins], [pins, doorPins]);
    };
    assert.deepEqual((await showCode()).doorPins, doorPins);
    await isReadAs();
    const longer = new Date(instant(2, 12)).toISOString();
    await seam.accessCodes.update({ access_code_id: accessCodeId, ends_at: longer });
    const { doorPins: kept, message, revocations } = await showCode();
    await isReadAs();
    // No digits typed there end a code.
    assert.deepEqual(revocations, []);
    assert.deepEqual(kept, doorPins);
    for (const { door, pin } of doorPins) assert.ok(holds(lockAt(door), pin) && message.includes(pin));
    assert.doesNotMatch(message, /\d{4} \d{4} \d{4}/u);
  });

  it('are offered no code of one day, which they would not take, and no odds of ours', async () => {
    const drawn = seam.accessCodes.generateCode({ device_id: 'flat-a' });
    await assert.rejects(drawn, /their own lists/u);
    for (const act of ['one-time-code', 'make-backups', 'print-backups', 'clock-code']) {
      const answer = await askBoard(`acts/${act}`, { day: '2026-11-27', forWhom: 'Ada', days: 3 });
      assert.match(await answer.text(), /doors-keep-lists/u);
    }
    const detail = (await (await askBoard('detail', {})).json()) as { odds: readonly object[] };
    assert.deepEqual(detail.odds, []);
  });

  it('lose the PIN of a stay that is called off, also where Node-RED was down in between', async () => {
    const pins = [pinAt('Z-Wave door'), pinAt('Nuki door'), pinAt('Zigbee door')];
    await seam.accessCodes.delete({ access_code_id: accessCodeId });
    await node.stop('SIGKILL');
    node = await startNodeRed({ userDir });
    seam = seamAt(node.url);
    const isLeft = (): boolean => [zwave, nuki, zigbee].some((lock, at) => holds(lock, pins[at] ?? ''));
    while (isLeft()) await new Promise((resolve) => setTimeout(resolve, 200));
    for (const lock of [zwave, nuki, zigbee]) assert.equal(lock.codes.size, 1);
  });
});

const aSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_100));

function isOfflineLock(node: object): boolean {
  return 'type' in node && node.type === 'stay-lock';
}

function programNodes(home: SampleHome, brokerPort: number): object[] {
  const doors = [
    { id: 'zwave-door', name: 'Z-Wave door', unit: 'unit', ...settings.zwave },
    { id: 'nuki-door', name: 'Nuki door', unit: 'unit', ...settings.nuki },
    { id: 'zigbee-door', name: 'Zigbee door', unit: 'unit', ...settings.zigbee },
    { id: 'dead-door', name: 'Dead door', unit: 'unit-b', ...settings.zigbee, topic: 'zigbee2mqtt/Dead' },
  ];
  return [
    brokerNode(brokerPort),
    ...doors.flatMap(({ id, name, unit, ...target }) => [
      { id: `lock-${id}`, type: 'stay-lock', name, site: 'site', lockId: id, units: [unit] },
      {
        ...{ id, z: 'tab', type: 'stay-program', lock: `lock-${id}`, broker: 'broker', ...target },
        wires: [['pick-pin'], ['pick-door'], ['pick-host-note']],
      },
    ]),
    ...(['pin', 'door', 'host'] as const).map((output) => ({
      ...{ id: `pick-${output === 'host' ? 'host-note' : output}`, z: 'tab', type: 'function', outputs: 1 },
      ...{ func: `return { payload: { output: '${output}', ...msg } };`, wires: [['post-program']] },
    })),
    {
      ...{
        id: 'post-program',
        z: 'tab',
        type: 'http request',
        method: 'POST',
        ret: 'txt',
        paytoqs: 'ignore',
      },
      ...{ url: `${home.url}/program`, wires: [[]] },
    },
  ];
}

const settings = {
  zwave: {
    ...{ target: 'zwave-js-ui', topic: 'zwave/_CLIENTS/ZWAVE_GATEWAY-home', zwaveNode: '7' },
    ...{ hasSchedules: true, firstSlot: '1', slotCount: '5' },
  },
  nuki: { target: 'nuki-hub', topic: 'nukihub/lock', slotCount: 5 },
  zigbee: { target: 'zigbee2mqtt', topic: 'zigbee2mqtt/Front door', firstSlot: 0, slotCount: 3 },
};
