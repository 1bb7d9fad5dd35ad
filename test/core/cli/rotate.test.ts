import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  deriveLockKey,
  deriveUnitKey,
  formatLockFile,
  type LockFile,
  openLockFile,
  type StaffSecret,
  type UnitKey,
} from '@staycode/core';
import { rotateKeys } from '../../../core/src/lock/rotate-keys.ts';
import { type CommandRun, runCommand } from '../../support/command.ts';
import { EXAMPLE_SITE_KEY, exampleConfig } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const unit = (unitId: string, keyVersion = 1): UnitKey => ({
  ...{ unitId, keyVersion, alphabet: 'decimal', serves: 'all' },
  unitKey: deriveUnitKey(EXAMPLE_SITE_KEY, unitId, keyVersion),
});
const lockFile = (lockId: string, units: readonly UnitKey[]): LockFile => ({
  ...exampleConfig(),
  ...{ lockId, name: lockId, zone: 'Europe/Berlin', keeper: 'node-red', units },
  lockKey: deriveLockKey(EXAMPLE_SITE_KEY, lockId, 1),
});
const street = lockFile('street', [unit('flat-a'), unit('flat-b')]);
const flatA = lockFile('flat-a', [unit('flat-a')]);
const flatB = lockFile('flat-b', [unit('flat-b')]);

const keysOf = ({ units }: LockFile): string[] =>
  units.map(({ unitId, keyVersion, serves }) => `${unitId} ${keyVersion} ${serves ?? 'all'}`);

describe('new keys after a lock was lost', () => {
  const rotate = (files: readonly LockFile[], lostLockId: string) =>
    rotateKeys({ files, lostLockId, siteKey: EXAMPLE_SITE_KEY });

  it('are those of its units, at every door that has them, and a key of its own for its replacement', () => {
    const { files, units, lockKeyVersion } = rotate([street, flatA, flatB], 'flat-a');
    assert.deepEqual(
      files.map(({ lockId }) => lockId),
      ['flat-a', 'street'],
    );
    assert.deepEqual(files.map(keysOf), [['flat-a 2 all'], ['flat-a 2 all', 'flat-b 1 all']]);
    assert.deepEqual(units, [{ unitId: 'flat-a', keyVersion: 2 }]);
    assert.equal(lockKeyVersion, 2);
    assert.deepEqual(files[0]?.lockKey, deriveLockKey(EXAMPLE_SITE_KEY, 'flat-a', 2));
    assert.deepEqual(files[1]?.lockKey, street.lockKey);
    assert.deepEqual(files[1].units[0], unit('flat-a', 2));
  });
  it('are above every version that any door holds, and leave no older one', () => {
    const changing = {
      ...street,
      units: [unit('flat-a', 3), { ...unit('flat-a', 2), serves: 'enrolled' as const }],
    };
    const { files } = rotate([flatA, changing], 'flat-a');
    assert.deepEqual(files.map(keysOf), [['flat-a 4 all'], ['flat-a 4 all']]);
  });
  it('leave the staff whose secrets it held out of every file, also of doors that share nothing else with it', () => {
    const person = (name: string, byte: number): StaffSecret => ({
      ...{ name, type: 'totp', digits: 8, hash: 'sha1' },
      secret: new Uint8Array(20).fill(byte),
    });
    const [clara, tom] = [person('Clara', 1), person('Tom', 2)];
    const lost = { ...flatA, staff: [clara] };
    // The name is the lock's own word: the secret is what a thief has.
    const far = { ...flatB, staff: [tom, { ...clara, name: 'Cleaner' }] };
    const apart = { ...lockFile('shed', [unit('shed')]), staff: [tom] };
    const { files, staff } = rotate([lost, far, apart], 'flat-a');
    assert.deepEqual(staff, ['Clara']);
    assert.deepEqual(
      files.map((file) => [file.lockId, file.staff.map(({ name }) => name)]),
      [
        ['flat-a', []],
        ['flat-b', ['Tom']],
      ],
    );
    assert.deepEqual(files.map(keysOf)[1], ['flat-b 1 all']);
  });
  it('are refused where the lost lock is not named by any file, or a file is of another site', () => {
    assert.throws(() => rotate([street], 'flat-a'), {
      code: 'bad-config',
      message: /of lock flat-a, got those of street/u,
    });
    const foreign = { ...flatA, lockKey: new Uint8Array(32).fill(1) };
    assert.throws(() => rotate([foreign], 'flat-a'), {
      code: 'bad-config',
      message: /another's in that of lock flat-a/u,
    });
    const units = [{ ...unit('flat-a'), unitKey: new Uint8Array(32).fill(1) }];
    assert.throws(() => rotate([{ ...street, units }, flatA], 'flat-a'), {
      code: 'bad-config',
      message: /lock street/u,
    });
  });
});

describe('staycode rotate', () => {
  const passphrase = 'three small boats';
  const env = {
    STAYCODE_SITE_KEY: Buffer.from(EXAMPLE_SITE_KEY).toString('hex'),
    STAYCODE_PASSPHRASE: passphrase,
  };
  afterEach(removeScratch);

  const run = (args: readonly string[] = []): { out: string; done: Promise<CommandRun> } => {
    const folder = scratchFolder();
    const paths = [street, flatA].map((file) => {
      const path = join(folder, `${file.lockId}.json`);
      writeFileSync(path, formatLockFile(file));
      return path;
    });
    const out = join(folder, 'new');
    return { out, done: runCommand(['rotate', '--lock', 'flat-a', ...paths, '--out', out, ...args], env) };
  };

  it('writes sealed files for the doors concerned, says what to do in which order, and writes over nothing', async () => {
    const { out, done } = run();
    const { code, out: said, err } = await done;
    assert.deepEqual([code, err], [0, '']);
    assert.deepEqual(readdirSync(out), ['flat-a.json', 'street.json']);
    const sealed = readFileSync(join(out, 'street.json'), 'utf8');
    assert.deepEqual(keysOf(await openLockFile(sealed, passphrase)), ['flat-a 2 all', 'flat-b 1 all']);
    assert.ok(!readFileSync(join(out, 'flat-a.json'), 'utf8').includes('unitKey'));
    assert.match(said, /street: [^]*flat-a: 2[^]*key version 2/u);
    const own = join(out, '../flat-a.json');
    const again = await runCommand(['rotate', '--lock', 'flat-a', own, '--out', out, '--json'], env);
    assert.equal(again.code, 2);
    assert.equal(readFileSync(join(out, 'street.json'), 'utf8'), sealed);
  });
  it('says whose phones are to be enrolled anew', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'flat-a.json');
    const clara = {
      name: 'Clara',
      type: 'totp',
      secret: new Uint8Array(20),
      digits: 8,
      hash: 'sha1',
    } as const;
    writeFileSync(path, formatLockFile({ ...flatA, staff: [clara] }));
    const { out } = await runCommand(['rotate', '--lock', 'flat-a', path, '--out', join(folder, 'new')], env);
    assert.match(out, /5\. It held the secrets of Clara, so these open no door/u);
    assert.doesNotMatch((await run().done).out, /5\./u);
  });
  it('writes nothing where there is no register that it was told of', async () => {
    const { out, done } = run(['--register', '/nowhere/register.sqlite']);
    const { code, err } = await done;
    assert.deepEqual([code, err.includes('expected the register')], [2, true]);
    assert.throws(() => readdirSync(out));
  });
});
