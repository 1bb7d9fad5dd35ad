import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  type Act,
  type Command,
  deriveCodeKey,
  deriveCommandKey,
  deriveUnitKey,
  issueClockCode,
  issueCode,
  raiseKey,
  readAnswer,
  readSession,
  signCommand,
  signHello,
  StaycodeError,
} from '@staycode/core';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { WireMessage } from '../../../core/src/protocol/judge-command.ts';
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
  /** The newest record on disk whenever the bolt moved. */
  atBolt: string[];
}

function start(
  folder: string,
  clock = new HandClock(),
  rtc: 'kept' | 'lost' = 'kept',
  { jam = false, clockIsMachines = false } = {},
): World {
  const happened: string[] = [];
  const atBolt: string[] = [];
  const firstMoment = { atMs: clock.clockMs(), clock: 'running', poweredMs: 0 } as const;
  const journal = openJournal(exampleJournal(folder, { firstMoment }));
  const device = new LockDevice(
    {
      lockId: 'front-door',
      lockKey,
      config: exampleConfig(),
      journal,
      ...{ clock, clockIsMachines },
      moveBolt: (to) => {
        happened.push(`bolt ${to}`);
        atBolt.push(...journal.recent(1).map(({ record }) => record.type));
        return Promise.resolve(jam ? 'jammed' : 'moved');
      },
      onRecord: ({ record }) =>
        happened.push(record.type === 'entry' ? `disk ${record.reason}` : `disk ${record.type}`),
    },
    rtc,
  );
  return { clock, journal, device, happened, atBolt };
}

const command = (changes: Partial<Command> = {}): WireMessage => ({
  text: signCommand(commandKey, {
    lockId: 'front-door',
    controllerId: 'homebridge',
    bootEpoch: EXAMPLE_BOOT_ID,
    counter: 1,
    expiresAtPoweredMs: 10_000,
    act: { name: 'unlock' },
    ...changes,
  }),
  retained: false,
});
const plain = (text: string): WireMessage => ({ text, retained: false });
const reasonIn = (answer: string | null): string | null | undefined =>
  answer === null ? undefined : readAnswer(commandKey, answer)?.reason;

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
    assert.equal(reasonIn(again.answer), 'replayed');
    assert.deepEqual(happened.slice(3), ['disk command-refused']);
  });

  it('refuses and logs late, foreign, forged, malformed, retained and old commands, and moves nothing', async () => {
    const refusals: [WireMessage, string, 'answered' | 'silent'][] = [
      [command({ expiresAtPoweredMs: 0 }), 'late', 'answered'],
      [command({ expiresAtPoweredMs: 3_600_000 }), 'late', 'answered'],
      [command({ lockId: 'back-door' }), 'foreign', 'answered'],
      [command({ bootEpoch: 'cd'.repeat(16) }), 'other-boot', 'answered'],
      [plain(command().text.replace('unlock', 'lock')), 'forged', 'silent'],
      [{ ...command(), retained: true }, 'retained', 'silent'],
      [plain('{}'), 'malformed', 'silent'],
      [plain(''), 'malformed', 'silent'],
      [plain(' '.repeat(40_000) + command().text), 'malformed', 'silent'],
    ];
    for (const [message, reason, reply] of refusals) {
      const { device, happened, journal } = start(scratchFolder());
      const { ok, answer } = await device.command(message);
      assert.equal(ok, false);
      assert.equal(reasonIn(answer), reply === 'answered' ? reason : undefined);
      const record = journal.recent(1)[0]?.record;
      assert.deepEqual(record?.type === 'command-refused' && record.reason, reason);
      assert.deepEqual(happened, ['disk boot', 'disk command-refused']);
    }
  });

  it('lets no stranger fill its disk, and says how many refusals it did not write down', async () => {
    const { device, happened, journal } = start(scratchFolder());
    for (let i = 0; i < 1_000; i++) await device.command(plain(`{${i}`));
    assert.equal(happened.length, 1 + 4);
    await device.storeTime();
    assert.deepEqual(journal.recent(1)[0]?.record, { type: 'time', ...device.now(), unlogged: 996 });
    await device.storeTime();
    assert.deepEqual(journal.recent(1)[0]?.record, { type: 'time', ...device.now() });
    await device.command(plain('{'));
    assert.equal(happened.at(-1), 'disk command-refused');
  });

  it('tells a controller boot, counter and times, sealed to its nonce, and a stranger nothing', async () => {
    const { device, clock, happened } = start(scratchFolder());
    clock.pass(1_000.5);
    await device.command(command({ counter: 7 }));
    const hello = { lockId: 'front-door', controllerId: 'homebridge', nonce: 'ef'.repeat(16) };
    const session = await device.hello(plain(signHello(commandKey, hello)));
    assert.deepEqual(readSession(commandKey, session ?? ''), {
      ...hello,
      bootEpoch: EXAMPLE_BOOT_ID,
      counter: 7,
      poweredMs: 1_000,
      atMs: Math.round(startsAtMs + 1_000.5),
      clock: 'running',
    });
    const strangers = [
      plain(signHello(commandKey, { ...hello, controllerId: 'node-red' })),
      plain(signHello(commandKey, { ...hello, lockId: 'back-door' })),
      { ...plain(signHello(commandKey, hello)), retained: true },
      plain(command().text),
      plain('{'),
    ];
    const before = happened.length;
    for (const stranger of strangers) assert.equal(await device.hello(stranger), null);
    assert.equal(happened.length, before);
  });

  it('sets its clock by command, also far back, and takes a clock code after it', async () => {
    const { device, clock } = start(scratchFolder());
    clock.pass(40 * 86_400_000);
    await device.storeTime();
    const expiresAtPoweredMs = 40 * 86_400_000 + 5_000;
    const act = { name: 'set-clock', atMs: startsAtMs } as const;
    assert.equal(reasonIn((await device.command(command({ act, expiresAtPoweredMs }))).answer), null);
    assert.equal(clock.clockMs(), startsAtMs);
    assert.equal(await device.enter(digits), 'opened');
    const atMs = startsAtMs + 60_000;
    assert.equal(await device.enter(issueClockCode(codeKey, { atMs, alphabet: 'decimal' })), 'done');
  });

  it('serves a raised key at once and after a restart, and never writes it down', async () => {
    const folder = scratchFolder();
    const { device, journal, clock } = start(folder);
    const unitKey = deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 2);
    const raise = { unitId: 'flat-a', keyVersion: 2, emergency: true, unitKey };
    const act = raiseKey(commandKey, raise, new Uint8Array(24).fill(5));
    assert.equal(reasonIn((await device.command(command({ act }))).answer), null);
    const window = { startsAtMs, endsAtMs: Date.parse('2026-12-07T10:00:00Z'), alphabet: 'decimal' } as const;
    const newDigits = issueCode(deriveCodeKey(unitKey), { kind: 'stay', revision: 0, ...window });
    assert.equal(await device.enter(digits), 'refused');
    assert.equal(await device.enter(newDigits), 'opened');
    journal.close();
    const again = start(folder, clock);
    assert.equal(await again.device.enter(newDigits), 'opened');
    const text = readFileSync(`${folder}/journal.jsonl`, 'utf8');
    assert.ok(!text.includes(bytesToHex(unitKey)));
  });

  it('refuses a raised key that it cannot unseal, and one that says nothing new, and counts on', async () => {
    const { device } = start(scratchFolder());
    const raise = { unitId: 'flat-a', keyVersion: 2, emergency: false, unitKey: new Uint8Array(32) };
    const nonce = new Uint8Array(24).fill(5);
    const refuse = async (counter: number, act: Act, reason: string): Promise<void> => {
      assert.equal(reasonIn((await device.command(command({ counter, act }))).answer), reason);
    };
    await refuse(1, raiseKey(deriveCommandKey(lockKey, 'node-red'), raise, nonce), 'malformed');
    await refuse(2, raiseKey(commandKey, { ...raise, keyVersion: 1 }, nonce), 'out-of-range');
    await refuse(3, raiseKey(commandKey, { ...raise, unitId: 'flat-b' }, nonce), 'unknown-unit');
    assert.equal(device.memory.counters.homebridge, 3);
    assert.equal(await device.enter(digits), 'opened');
  });

  it('remembers command counters across a restart', async () => {
    const folder = scratchFolder();
    const first = start(folder);
    await first.device.command(command({ counter: 7 }));
    first.journal.close();
    const { device } = start(folder, first.clock);
    const { answer } = await device.command(command({ counter: 7 }));
    assert.equal(reasonIn(answer), 'replayed');
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

  it('answers a command that ends in a jam as not done', async () => {
    const { device } = start(scratchFolder(), new HandClock(), 'kept', { jam: true });
    const { answer } = await device.command(command());
    assert.equal(reasonIn(answer), 'jammed');
  });

  it('ends a code for the program that it runs in, as that controller’s next command would', async () => {
    const folder = scratchFolder();
    const { device, journal } = start(folder);
    const code = { unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0 } as const;
    const window = { startsAtMs, endsAtMs: Date.parse('2026-12-07T10:00:00Z') };
    await device.command(command());
    assert.equal(await device.act({ name: 'revoke', code: { ...code, ...window } }, 'homebridge'), null);
    assert.equal((await device.judge(digits))?.reason, 'revoked');
    assert.equal(device.memory.counters.homebridge, 2);
    assert.equal(
      await device.act({ name: 'revoke', code: { ...code, ...window, endsAtMs: startsAtMs } }, 'homebridge'),
      'out-of-range',
    );
    journal.close();
    assert.equal((await start(folder).device.judge(digits))?.reason, 'revoked');
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
