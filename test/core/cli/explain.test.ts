import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatLockFile, type LockFile, sealBytes } from '@staycode/core';
import { type LockJournal, openAccessCodeStore, openJournal } from '@staycode/core/edges';
import { readJournal } from '../../../core/src/edges/lock-journal.ts';
import type { CodeId } from '../../../core/src/lock/keyring.ts';
import { runCommand } from '../../support/command.ts';
import { exampleJournal } from '../../support/example-journal.ts';
import { exampleConfig, ExampleLock } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const bornAt = '2026-12-03T13:00:00Z';
const at = '2026-12-03T16:00:00Z';
const staff = [
  { name: 'cleaner', type: 'totp', secret: new Uint8Array(20), digits: 8, hash: 'sha1' },
] as const;
const file: LockFile = {
  ...exampleConfig({ staff }),
  ...{ lockId: 'front-door', name: 'Front door', zone: 'Europe/Berlin', lockKey: new Uint8Array(32).fill(7) },
};
const stay: CodeId = {
  ...{ unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0 },
  startsAtMs: Date.parse('2026-12-03T14:00:00Z'),
  endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
};

describe('staycode explain and access', () => {
  let lock: string;
  let journal: string;
  let digits: string;
  beforeEach(() => {
    const folder = scratchFolder();
    lock = join(folder, 'front-door.json');
    journal = join(folder, 'journal');
    writeFileSync(lock, formatLockFile(file));
    digits = new ExampleLock(file, bornAt).lock.keys[0]?.write(stay) ?? '';
  });
  afterEach(removeScratch);
  const open = (): LockJournal => {
    const { lockKey, rules } = file;
    return openJournal(exampleJournal(journal, { lockKey, rules }));
  };
  /** The guest types the code an hour before the question. */
  const enrol = (): void => {
    const opened = open();
    const example = new ExampleLock(file, bornAt);
    example.memory = opened.memory;
    opened.append(example.judge('2026-12-03T15:00:00Z', digits));
    opened.close();
  };

  it("explain says of a code whether it would open now, and until when, in the house's own time", async () => {
    const { code, out } = await runCommand(['explain', digits, '--lock', lock, '--at', at]);
    assert.equal(code, 0);
    assert.match(out, /Front door \(front-door\) at 2026-12-03 17:00; times in Europe\/Berlin/u);
    assert.match(out, /opens now \(stay\)/u);
    assert.match(out, /stay code of flat-a \(key 1\), revision 0, 2026-12-03 15:00 to 2026-12-07 11:00/u);
    assert.match(out, /at this lock: not known without --journal/u);
    assert.match(out, /opens from 2026-12-03 14:50 until 2026-12-07 11:10/u);
    assert(!out.includes(digits));
    const early = await runCommand(['explain', digits, '--lock', lock, '--at', bornAt]);
    assert.equal(early.code, 1);
    assert.match(early.out, /refused \(early\)/u);
  });

  it('explain says by the register whose reservation a code was issued to', async () => {
    const register = join(scratchFolder(), 'register.sqlite');
    const store = openAccessCodeStore(register);
    const issued = {
      ...stay,
      id: 'a',
      alphabet: 'decimal',
      reservationId: 'r-17',
      stay,
      issuedAtMs: 1,
      leftAtMs: 2,
    } as const;
    store.changeUnit('flat-a', () => ({ put: [{ ...issued, kind: 'stay', withdrawnAtMs: null }] }));
    store.close();
    const args = ['explain', digits, '--lock', lock, '--at', at];
    const known = await runCommand([...args, '--register', register]);
    assert.match(known.out, /issued to reservation r-17/u);
    const none = await runCommand([...args, '--register', join(scratchFolder(), 'none.sqlite')]);
    assert.equal(none.code, 2);
    assert.match(none.err, /expected a register, found none/u);
  });

  it('explain knows from the journal who is in, and takes the digits grouped', async () => {
    enrol();
    const grouped = digits.replace(/(.{4})(?=.)/gu, '$1 ').split(' ');
    const args = ['--lock', lock, '--journal', journal, '--at', at, '--json'];
    const { out } = await runCommand(['explain', ...grouped, ...args]);
    const said = JSON.parse(out) as { standing: string; opens: object; code: object };
    assert.equal(said.standing, 'enrolled');
    assert.deepEqual(said.opens, { startsAt: '2026-12-03T13:50:00Z', endsAt: '2026-12-07T10:10:00Z' });
    assert.deepEqual(said.code, {
      ...{ unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0 },
      ...{ startsAt: '2026-12-03T14:00:00Z', endsAt: '2026-12-07T10:00:00Z' },
    });
    const pin = await runCommand(['explain', digits.slice(0, 6), ...args.slice(0, -1)]);
    assert.match(pin.out, /opens now \(pin\)\nPIN of stay code of flat-a/u);
  });

  it("explain reads the code from standard input, so that it stays out of the shell's history", () => {
    const main = join(import.meta.dirname, '../../../core/src/cli/main.ts');
    const script = `import { runStaycode } from ${JSON.stringify(main)};
      const io = { stdout: console.log, stderr: console.error, env: {}, randomBytes: () => new Uint8Array() };
      process.exitCode = await runStaycode(['explain', '-', '--lock', ${JSON.stringify(lock)}, '--at', '${at}'], io);`;
    const args = ['--conditions=staycode-source', '--input-type=module', '-e', script];
    const { status, stdout } = spawnSync(process.execPath, args, { input: `${digits}\n`, encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, /opens now \(stay\)/u);
  });

  it('explain takes a sealed lock file', async () => {
    const passphrase = 'three small boats';
    const randomBytes = (length: number): Uint8Array => new Uint8Array(length);
    const content = new TextEncoder().encode(formatLockFile(file));
    writeFileSync(lock, await sealBytes(content, { passphrase, randomBytes, cost: 1024 }));
    const ask = (env: Record<string, string>): ReturnType<typeof runCommand> =>
      runCommand(['explain', digits, '--lock', lock, '--at', at], env);
    assert.equal((await ask({ STAYCODE_PASSPHRASE: passphrase })).code, 0);
    assert.match((await ask({})).err, /is sealed: expected its passphrase/u);
  });

  it('access lists who is in, staff, the rules, commands and the odds', async () => {
    enrol();
    const args = ['access', '--lock', lock, '--journal', journal, '--at', at];
    const { code, out } = await runCommand(args);
    assert.equal(code, 0);
    assert.match(out, /in: stay code of flat-a .*; by twelve digits and PIN until 2026-12-07 11:10/u);
    assert.match(out, /staff: cleaner \(totp\)/u);
    assert.match(
      out,
      /any code of flat-a \(key 1\) in the rules that starts by 2026-12-03 17:10 and ends after 2026-12-03 16:50/u,
    );
    assert.match(out, /by command: none so far; whoever holds a command key/u);
    assert.match(out, /odds: 1 guess in 1,000,000/u);
    const json = JSON.parse((await runCommand([...args, '--json'])).out) as {
      authorizations: object[];
      now: string;
    };
    assert.equal(json.now, at);
    assert.deepEqual(
      json.authorizations.map((one) => ({ ...one, code: undefined })),
      [{ code: undefined, digits: true, pins: 1, until: '2026-12-07T10:10:00Z' }],
    );
  });

  it('tell of a lock whose clock is lost, which they know only as it was stored', async () => {
    enrol();
    const opened = open();
    opened.append({ type: 'boot', atMs: Date.parse(at), clock: 'lost', poweredMs: 3 * 3_600_000 + 0.25 });
    opened.close();
    const { out, code } = await runCommand(['access', '--lock', lock, '--journal', journal]);
    assert.equal(code, 0);
    assert.match(out, /its clock is lost and guesses this/u);
    assert.match(out, /not seen yet: none \(clock-lost\)/u);
    assert(!out.includes('cleaner'));
    const json = await runCommand(['access', '--lock', lock, '--journal', journal, '--json']);
    assert.equal(json.code, 0);
  });

  it('leave the journal as it is, a torn last line too, and report that', async () => {
    enrol();
    enrol();
    const path = join(journal, 'journal.jsonl');
    appendFileSync(path, 'torn');
    const before = [readFileSync(path, 'utf8'), readdirSync(journal)];
    const { err, code } = await runCommand(['access', '--lock', lock, '--journal', journal, '--at', at]);
    assert.equal(code, 0);
    assert.match(err, /torn last line of 4 bytes/u);
    assert.deepEqual([readFileSync(path, 'utf8'), readdirSync(journal)], before);
  });

  it('read the journal of a lock that is running, whose memory is then the same', () => {
    const running = open();
    const example = new ExampleLock(file, bornAt);
    for (let minute = 0; minute < 5; minute++) {
      example.memory = running.memory;
      running.append(example.judge(Date.parse(at) + minute * 60_000, digits));
      const { memory } = readJournal({ folder: journal, lockId: file.lockId, rules: file.rules });
      assert.deepEqual(memory, running.memory);
    }
    running.close();
  });

  it('say what they need, and make no journal where there is none', async () => {
    const wrong: [string[], RegExp][] = [
      [['explain', digits], /expected --lock FILE/u],
      [['explain', '--lock', lock], /expected the code as an argument/u],
      [['explain', '12a456', '--lock', lock], /expected ASCII digits only/u],
      [['explain', digits, '--lock', lock, '--at', 'now'], /ISO 8601/u],
      [['access', '--lock', lock], /expected --journal FOLDER/u],
      [['access', '--lock', lock, '--journal', journal], /expected a lock's journal, found none/u],
    ];
    for (const [args, expected] of wrong) {
      const { code, err } = await runCommand(args);
      assert.equal(code, 2, args.slice(2).join(' '));
      assert.match(err, expected);
      assert(!err.includes(digits));
    }
    assert(!readdirSync(join(lock, '..')).includes('journal'));
  });
});
