import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  type Act,
  deriveCodeKey,
  deriveCommandKey,
  deriveUnitKey,
  issueClockCode,
  issueCode,
  raiseKey,
  readAnswer,
  readSession,
  signHello,
} from '@staycode/core';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { WireMessage } from '../../../core/src/protocol/judge-command.ts';
import { EXAMPLE_BOOT_ID } from '../../support/example-journal.ts';
import { EXAMPLE_SITE_KEY } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import {
  codeKey,
  command,
  commandKey,
  digits,
  HandClock,
  lockKey,
  plain,
  reasonIn,
  start,
  startsAtMs,
} from './started-lock.ts';

describe('what a lock device is told to do', () => {
  afterEach(removeScratch);

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
});
