import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveLockKey, deriveUnitKey, type LockFile, openLockFile } from '@staycode/core';
import { EXAMPLE_SITE_KEY } from '../../support/lock-example.ts';
import { type CommandRun, runCommand } from '../../support/command.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const siteKeyHex = Buffer.from(EXAMPLE_SITE_KEY).toString('hex');
const passphrase = 'three small boats';
const env = { STAYCODE_SITE_KEY: siteKeyHex, STAYCODE_PASSPHRASE: passphrase };
const door = ['--lock', 'front-door', '--name', 'Front door', '--unit', 'flat-a', '--zone', 'Europe/Berlin'];

describe('staycode provision', () => {
  let out: string;
  beforeEach(() => {
    out = join(scratchFolder(), 'front-door.json');
  });
  afterEach(removeScratch);
  const provision = (args: string[] = [], given: Record<string, string> = env): Promise<CommandRun> =>
    runCommand(['provision', ...door, '--out', out, ...args], given);
  const read = (): Promise<LockFile> => openLockFile(readFileSync(out, 'utf8'), passphrase);

  it("writes a sealed file with the lock's and the unit's keys, and states the odds", async () => {
    const { code, out: said, err } = await provision();
    assert.deepEqual([code, err], [0, '']);
    assert.match(said, /1 guess in 1,000,000 opens, 0\.87 % a year/u);
    assert.equal(statSync(out).mode & 0o777, 0o600);
    const file = await read();
    assert.deepEqual([file.lockId, file.name, file.zone], ['front-door', 'Front door', 'Europe/Berlin']);
    assert.deepEqual(file.lockKey, deriveLockKey(EXAMPLE_SITE_KEY, 'front-door', 1));
    assert.deepEqual(file.units, [
      {
        unitId: 'flat-a',
        keyVersion: 1,
        alphabet: 'decimal',
        unitKey: deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1),
        serves: 'all',
      },
    ]);
  });

  it('names Node-RED as the keeper of the log, or whom it is told, or none', async () => {
    const keepers: (string | undefined)[] = [];
    for (const args of [[], ['--keeper', 'cloud'], ['--keeper', 'none']]) {
      out = join(scratchFolder(), 'front-door.json');
      await provision(args);
      keepers.push((await read()).keeper);
    }
    assert.deepEqual(keepers, ['node-red', 'cloud', undefined]);
  });

  it('has the site key in no form in any lock file, sealed or opened', async () => {
    // A key without a pattern, so that a short run of its bytes is telling.
    const siteKey = Uint8Array.from({ length: 32 }, (_, i) => (i * 89 + 41) % 256);
    const given = { ...env, STAYCODE_SITE_KEY: Buffer.from(siteKey).toString('hex') };
    await provision([], given);
    const sealed = readFileSync(out);
    out = `${out}.plain`;
    await provision(['--plain'], given);
    const { lockKey, units } = await read();
    const bytes = Buffer.from(siteKey);
    const forms = [
      bytes,
      ...(['hex', 'base64', 'base64url'] as const).map((form) =>
        Buffer.from(bytes.toString(form).slice(0, 20)),
      ),
    ];
    const keys = [lockKey, ...units.map(({ unitKey }) => unitKey)];
    for (const content of [sealed, readFileSync(out), ...keys.map((key) => Buffer.from(key))])
      for (const form of forms)
        assert(
          !content.includes(form) &&
            !content.toString().toLowerCase().includes(form.toString().toLowerCase()),
        );
  });

  it('keeps keyring order, versions and alphabets, and lets an old version serve only who is in', async () => {
    const units = ['--unit', 'flat-b:3:no-zero', '--unit', 'flat-a:2', '--unit', 'a:b:1:decimal'];
    assert.equal((await provision(units)).code, 0);
    const file = await read();
    assert.deepEqual(
      file.units.map(({ unitId, keyVersion, alphabet, serves }) => [unitId, keyVersion, alphabet, serves]),
      [
        ['flat-a', 1, 'decimal', 'enrolled'],
        ['flat-b', 3, 'no-zero', 'all'],
        ['flat-a', 2, 'decimal', 'all'],
        ['a:b', 1, 'decimal', 'all'],
      ],
    );
  });

  it('takes the rules of the house, of a street door, and staff', async () => {
    const staff = join(scratchFolder(), 'staff.json');
    const cleaner = { name: 'cleaner', type: 'totp', secret: '00'.repeat(20), digits: 8, hash: 'sha1' };
    writeFileSync(staff, JSON.stringify([cleaner]));
    const { code } = await provision([
      '--street-door',
      '--max-nights',
      '7',
      '--clock-lost',
      'wait',
      '--staff',
      staff,
    ]);
    assert.equal(code, 0);
    const { rules, staff: known } = await read();
    assert.deepEqual([rules.pinDigits, rules.clockLost], [8, 'wait']);
    assert(rules.maxSlots < 8 * 48);
    assert.deepEqual(
      known.map(({ name }) => name),
      ['cleaner'],
    );
  });

  it('warns where the odds are worse than 1 in 1,000,000 or 1 % a year, and says what to narrow', async () => {
    const wide = ['--check-in-from', '00:00', '--check-in-to', '23:00', '--check-out-from', '00:00'];
    const { err, code } = await provision([...wide, '--check-out-to', '23:00', '--unit', 'flat-b']);
    assert.equal(code, 0);
    assert.match(err, /entries of 12 digits: 1 guess in [\d,]+, .*narrow check-in and check-out times/u);
    assert.match(err, /entries of 6 digits: 1 guess in 500,000, .*use --pin-digits 8/u);
  });

  it('writes a plain file only when told to, and warns of it', async () => {
    const { code, err } = await provision(['--plain', '--json'], { STAYCODE_SITE_KEY: siteKeyHex });
    assert.equal(code, 0);
    assert.match(err, /not sealed: who reads it can mint codes/u);
    assert.equal(statSync(out).mode & 0o777, 0o600);
    assert.equal((await openLockFile(readFileSync(out, 'utf8'), null)).lockId, 'front-door');
  });

  it('takes the passphrase from a file, without the line feed that editors add', async () => {
    const file = join(scratchFolder(), 'passphrase');
    writeFileSync(file, `${passphrase}\n`);
    await provision(['--passphrase-file', file], { STAYCODE_SITE_KEY: siteKeyHex });
    assert.equal((await read()).lockId, 'front-door');
  });

  it('never writes over a file', async () => {
    writeFileSync(out, 'mine');
    const { code, err } = await provision();
    assert.equal(code, 2);
    assert.match(err, /EEXIST/u);
    assert.equal(readFileSync(out, 'utf8'), 'mine');
  });

  it('says what was expected of a wrong command line, writes nothing and shows no key', async () => {
    const wrong: [string[], RegExp, Record<string, string>?][] = [
      [['--unit', 'flat-a:1:hex'], /expected ID\[:VERSION/u],
      [['--unit', 'a:b'], /expected ID\[:VERSION/u],
      [['--unit', 'flat-a:0'], /key version: expected a whole number from 1/u],
      [['--unit', 'flat-a:1'], /each unit and key version once/u],
      [['--step-minutes', '0'], /expected 30 or 60/u],
      [['--max-nights', 'many'], /nights: expected whole numbers/u],
      [['--pin-digits', '4'], /pinDigits: expected 0, 6 or 8/u],
      [['--clock-lost', 'open'], /clockLost: expected wait or grace/u],
      [['--zone', 'Berlin'], /expected an IANA zone/u],
      [['--passphrase', 'x'], /Unknown option '--passphrase'/u],
      [['--staff', '/nowhere/staff.json'], /ENOENT/u],
      [
        [],
        /passphrase: expected --passphrase-file FILE or the variable STAYCODE_PASSPHRASE/u,
        { STAYCODE_SITE_KEY: siteKeyHex },
      ],
      [[], /site key: expected --key-file FILE/u, { STAYCODE_PASSPHRASE: passphrase }],
    ];
    for (const [args, expected, given = env] of wrong) {
      const run = await provision(args, given);
      assert.equal(run.code, 2, args.join(' '));
      assert.match(run.err, expected);
      assert(!`${run.out}${run.err}`.includes('4242') && !existsSync(out));
    }
  });
});
