import assert from 'node:assert/strict';
import { issueClockCode, issueCode, StaycodeError } from '@staycode/core';
import { LockDevice, openJournal } from '@staycode/core/edges';
import { exampleJournal } from '../../support/example-journal.ts';
import { exampleConfig } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { codeKey, digits, HandClock, lockKey, start, startsAtMs } from './started-lock.ts';

describe('lock device', () => {
  afterEach(removeScratch);

  it('has the record on disk before the bolt moves, and moves it for an opening alone', async () => {
    const { device, happened } = start(scratchFolder());
    assert.equal(await device.enter('123456'), 'refused');
    assert.equal(await device.enter(digits), 'opened');
    assert.deepEqual(happened, ['disk boot', 'disk unknown', 'disk stay', 'bolt unlock']);
  });

  it('writes its journal also where nobody listens to it', async () => {
    const folder = scratchFolder();
    const clock = new HandClock();
    const firstMoment = { atMs: clock.clockMs(), clock: 'running', poweredMs: 0 } as const;
    const journal = openJournal(exampleJournal(folder, { firstMoment }));
    const moveBolt = () => Promise.resolve('moved' as const);
    const device = new LockDevice({
      lockId: 'front-door',
      lockKey,
      config: exampleConfig(),
      journal,
      clock,
      moveBolt,
    });
    assert.equal(await device.enter(digits), 'opened');
    assert.deepEqual(
      journal.recent(10).map(({ record }) => record.type),
      ['boot', 'head', 'entry'],
    );
  });

  it('signs its log at every boot, and at the latest after 64 records, once the bolt has moved', async () => {
    const { device, journal, atBolt } = start(scratchFolder());
    const newest = (count: number): string[] => journal.recent(count).map(({ record }) => record.type);
    assert.deepEqual(newest(2), ['boot', 'head']);
    for (let n = 0; n < 63; n += 1) await device.storeTime();
    assert(!newest(63).includes('head'));
    assert.equal(await device.enter(digits), 'opened');
    await new Promise(setImmediate);
    assert.deepEqual([atBolt, newest(2)], [['entry'], ['entry', 'head']]);
  });

  it('gives every verdict at the same tick', async () => {
    const { device, clock } = start(scratchFolder());
    for (const entry of ['123456', digits, digits.slice(0, 6), '000000000000']) await device.enter(entry);
    assert.deepEqual(clock.delays, [250, 250, 250, 250]);
  });

  it('takes entries one at a time, in their order', async () => {
    const { device, happened } = start(scratchFolder());
    await Promise.all([device.enter(digits), device.enter(digits.slice(0, 6))]);
    assert.deepEqual(happened.slice(1), ['disk stay', 'bolt unlock', 'disk pin', 'bolt unlock']);
  });

  it('knows an enrolled PIN after a restart', async () => {
    const folder = scratchFolder();
    const first = start(folder);
    await first.device.enter(digits);
    first.journal.close();
    const again = start(folder, first.clock);
    assert.equal(await again.device.enter(digits.slice(0, 6)), 'opened');
  });

  it('holds a clock that reads before its stored time for lost, and a clock code mends it', async () => {
    const folder = scratchFolder();
    const first = start(folder);
    first.clock.pass(3_600_000);
    await first.device.storeTime();
    first.journal.close();
    const clock = new HandClock();
    clock.atMs = Date.UTC(2000, 0, 1);
    const { device, toldAtMs } = start(folder, clock);
    assert.equal(device.now().clock, 'lost');
    assert.equal(await device.enter(digits), 'refused');
    const trueMs = startsAtMs + 2 * 3_600_000;
    assert.equal(await device.enter(issueClockCode(codeKey, { atMs: trueMs, alphabet: 'decimal' })), 'done');
    assert.equal(device.now().clock, 'running');
    // Who was told of it found the clock set already.
    assert.equal(toldAtMs.at(-1), trueMs);
    assert.equal(clock.clockMs(), trueMs + 250);
    assert.equal(await device.enter(digits), 'opened');
  });

  it('keeps a running wait across a reboot', async () => {
    const folder = scratchFolder();
    const first = start(folder);
    for (const wrong of ['1', '2', '3', '4', '5', '6']) await first.device.enter(wrong);
    first.clock.pass(50_000);
    first.journal.close();
    first.clock.upMs = 0;
    const again = start(folder, first.clock);
    again.clock.pass(55_000);
    await again.device.enter('7');
    assert.equal(again.happened.at(-1), 'disk closed');
  });

  it('goes by its stored time while a machine’s clock is far behind it, so that what is over stays over', async () => {
    const { device, clock } = start(scratchFolder(), new HandClock(), 'kept', { clockIsMachines: true });
    assert.equal((await device.judge(digits))?.reason, 'stay');
    const pass = async (days: number): Promise<void> => {
      clock.atMs += days * 86_400_000;
      clock.upMs += days * 86_400_000;
      await device.storeTime();
    };
    await pass(5);
    assert.equal((await device.judge(digits))?.reason, 'expired');
    clock.atMs -= 4 * 86_400_000;
    assert.equal(device.now().clock, 'lost');
    assert.equal((await device.judge(digits))?.reason, 'clock-lost');
    await pass(4);
    assert.equal(device.now().clock, 'running');
    assert.equal((await device.judge(digits))?.reason, 'expired');
  });

  it('takes a machine’s clock again once it is right, also where it was behind at the start', async () => {
    const laterDigits = issueCode(codeKey, {
      ...{ kind: 'stay', revision: 0, alphabet: 'decimal', startsAtMs: startsAtMs + 9 * 86_400_000 },
      endsAtMs: startsAtMs + 9 * 86_400_000 + 68 * 3_600_000,
    });
    const folder = scratchFolder();
    const first = start(folder, new HandClock(), 'kept', { clockIsMachines: true });
    assert.equal((await first.device.judge(digits))?.reason, 'stay');
    first.journal.close();
    first.clock.atMs -= 45 * 60_000;
    const again = start(folder, first.clock, 'kept', { clockIsMachines: true });
    assert.equal(again.device.now().clock, 'lost');
    assert.equal((await again.device.judge(laterDigits))?.reason, 'clock-lost');
    again.clock.atMs += 10 * 86_400_000;
    assert.equal(again.device.now().clock, 'running');
    assert.equal((await again.device.judge(digits))?.reason, 'expired');
    assert.equal((await again.device.judge(laterDigits))?.reason, 'stay');
  });

  it('forgets no one-time code that was used for a clock that ran ahead and came back', async () => {
    const once = issueCode(codeKey, {
      ...{ kind: 'one-time', revision: 0, alphabet: 'decimal', startsAtMs },
      endsAtMs: startsAtMs + 12 * 3_600_000,
    });
    const { device, clock } = start(scratchFolder(), new HandClock(), 'kept', { clockIsMachines: true });
    assert.equal((await device.judge(once))?.reason, 'one-time');
    clock.atMs += 60 * 86_400_000;
    await device.storeTime();
    clock.atMs -= 60 * 86_400_000;
    assert.notEqual((await device.judge(once))?.outcome, 'opened');
    assert.equal(await device.act({ name: 'set-clock', atMs: startsAtMs + 3_600_000 }, 'node-red'), null);
    assert.deepEqual([device.now().clock, clock.atMs], ['running', startsAtMs + 3_600_000]);
  });

  it('opens nothing when the disk does not take the record', async () => {
    const { device, journal, happened } = start(scratchFolder());
    journal.close();
    await assert.rejects(
      () => device.enter(digits),
      (error) => error instanceof StaycodeError && error.code === 'journal-failed',
    );
    assert.deepEqual(happened, ['disk boot']);
  });
});
