import assert from 'node:assert/strict';
import {
  deriveCodeKey,
  deriveCommandKey,
  deriveUnitKey,
  issueClockCode,
  issueCode,
  readAnswer,
  signCommand,
  StaycodeError,
} from '@staycode/core';
import { type DeviceClock, LockDevice, type LockJournal, openJournal } from '@staycode/core/edges';
import { EXAMPLE_BOOT_ID, EXAMPLE_LOCK_KEY, exampleJournal } from '../../support/example-journal.ts';
import { EXAMPLE_SITE_KEY, exampleConfig } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const lockKey = EXAMPLE_LOCK_KEY;
const commandKey = deriveCommandKey(lockKey, 'homebridge');
const startsAtMs = Date.parse('2026-12-03T14:00:00Z');
const digits = issueCode(codeKey, {
  kind: 'stay',
  revision: 0,
  startsAtMs,
  endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
  alphabet: 'decimal',
});

class HandClock implements DeviceClock {
  atMs = startsAtMs;
  upMs = 0;
  readonly delays: number[] = [];
  clockMs(): number {
    return this.atMs;
  }
  setClock(atMs: number): void {
    this.atMs = atMs;
  }
  uptimeMs(): number {
    return this.upMs;
  }
  delay(ms: number): Promise<void> {
    this.delays.push(ms);
    this.pass(ms);
    return Promise.resolve();
  }
  pass(ms: number): void {
    this.atMs += ms;
    this.upMs += ms;
  }
}

interface World {
  clock: HandClock;
  journal: LockJournal;
  device: LockDevice;
  happened: string[];
}

function start(folder: string, clock = new HandClock(), rtc: 'kept' | 'lost' = 'kept', jam = false): World {
  const happened: string[] = [];
  const firstMoment = { atMs: clock.clockMs(), clock: 'running', poweredMs: 0 } as const;
  const journal = openJournal(exampleJournal(folder, { firstMoment }));
  const device = new LockDevice(
    {
      lockId: 'front-door',
      lockKey,
      config: exampleConfig(),
      journal,
      clock,
      moveBolt: (to) => {
        happened.push(`bolt ${to}`);
        return Promise.resolve(jam ? 'jammed' : 'moved');
      },
      onRecord: ({ record }) =>
        happened.push(record.type === 'entry' ? `disk ${record.reason}` : `disk ${record.type}`),
    },
    rtc,
  );
  return { clock, journal, device, happened };
}

const command = (changes: object = {}): string =>
  signCommand(commandKey, {
    lockId: 'front-door',
    controllerId: 'homebridge',
    bootEpoch: EXAMPLE_BOOT_ID,
    counter: 1,
    expiresAtMs: startsAtMs + 10_000,
    name: 'unlock',
    ...changes,
  });

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
    const { device } = start(folder, clock);
    assert.equal(device.now().clock, 'lost');
    assert.equal(await device.enter(digits), 'refused');
    const trueMs = startsAtMs + 2 * 3_600_000;
    assert.equal(await device.enter(issueClockCode(codeKey, { atMs: trueMs, alphabet: 'decimal' })), 'done');
    assert.equal(device.now().clock, 'running');
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

  it('carries out a signed command once, with its counter on disk first, and answers under the same key', async () => {
    const { device, happened } = start(scratchFolder());
    const { ok, answer } = await device.command(command());
    assert.equal(ok, true);
    assert.deepEqual(happened, ['disk boot', 'disk operation', 'bolt unlock']);
    assert.equal(readAnswer(commandKey, answer ?? '')?.ok, true);
    const again = await device.command(command());
    assert.equal(readAnswer(commandKey, again.answer ?? '')?.reason, 'replayed');
    assert.equal(happened.length, 3);
  });

  it('refuses late, foreign, forged, malformed and old commands and moves nothing', async () => {
    const { device, happened } = start(scratchFolder());
    const refusals: [string, string | null][] = [
      [command({ expiresAtMs: startsAtMs }), 'late'],
      [command({ expiresAtMs: startsAtMs + 3_600_000 }), 'late'],
      [command({ lockId: 'back-door' }), 'foreign'],
      [command({ bootEpoch: 'cd'.repeat(16) }), 'other-boot'],
      [command().replace('unlock', 'lock'), null],
      ['{}', null],
      ['', null],
    ];
    for (const [text, reason] of refusals) {
      const { ok, answer } = await device.command(text);
      assert.equal(ok, false);
      assert.equal(answer === null ? null : (readAnswer(commandKey, answer)?.reason ?? null), reason);
    }
    assert.deepEqual(happened, ['disk boot']);
  });

  it('remembers command counters across a restart', async () => {
    const folder = scratchFolder();
    const first = start(folder);
    await first.device.command(command({ counter: 7 }));
    first.journal.close();
    const { device } = start(folder, first.clock);
    const { answer } = await device.command(command({ counter: 7 }));
    assert.equal(readAnswer(commandKey, answer ?? '')?.reason, 'replayed');
  });

  it('answers a command that ends in a jam as not done', async () => {
    const { device } = start(scratchFolder(), new HandClock(), 'kept', true);
    const { answer } = await device.command(command());
    assert.equal(readAnswer(commandKey, answer ?? '')?.reason, 'jammed');
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
