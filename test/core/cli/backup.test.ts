import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AccessCode, DEFAULT_OUTBOX_POLICY } from '@staycode/core';
import { openAccessCodeStore } from '@staycode/core/edges';
import { type CommandRun, runCommand } from '../../support/command.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const siteKey = '42'.repeat(32);
const env = { STAYCODE_SITE_KEY: siteKey, STAYCODE_PASSPHRASE: 'three small boats' };
const code: AccessCode = {
  ...{ id: 'code-1', unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', reservationId: 'a' },
  ...{ kind: 'stay', revision: 3, startsAtMs: 1000, endsAtMs: 2000 },
  ...{ stay: { startsAtMs: 1100, endsAtMs: 1900 }, issuedAtMs: 10, leftAtMs: 20, withdrawnAtMs: null },
};

describe('staycode backup and restore', () => {
  let folder: string;
  let register: string;
  let file: string;
  let target: { register: string; key: string };
  beforeEach(() => {
    folder = scratchFolder();
    register = join(folder, 'register.sqlite');
    file = join(folder, 'staycode.backup');
    const fresh = scratchFolder();
    target = { register: join(fresh, 'register.sqlite'), key: join(fresh, 'site.key') };
  });
  afterEach(removeScratch);
  const backup = (given = env): Promise<CommandRun> =>
    runCommand(['backup', '--register', register, '--out', file], given);
  const restore = (given: Record<string, string> = env): Promise<CommandRun> =>
    runCommand(['restore', file, '--register', target.register, '--key-out', target.key], given);
  const fill = (): void => {
    const store = openAccessCodeStore(register);
    store.changeUnit('flat-a', () => ({ put: [code] }));
    store.writeFeed('feed', '["stay"]');
    store.close();
  };
  const assertNothingRestored = (): void => {
    assert(!existsSync(target.register) && !existsSync(target.key));
    assert.deepEqual(readdirSync(join(target.key, '..')), []);
  };

  it('bring the site key and the register back, in files that only their owner reads', async () => {
    fill();
    assert.equal((await backup()).code, 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const { code: exit, out, err } = await restore();
    assert.deepEqual([exit, err], [0, '']);
    assert(!out.includes(siteKey));
    assert.equal(readFileSync(target.key, 'utf8'), `${siteKey}\n`);
    assert.equal(statSync(target.key).mode & 0o777, 0o600);
    const store = openAccessCodeStore(target.register);
    assert.deepEqual(store.readUnit('flat-a').codes, [code]);
    assert.equal(store.readFeed('feed'), '["stay"]');
    store.close();
    assert.deepEqual(readdirSync(folder).sort(), ['register.sqlite', 'staycode.backup']);
  });

  it('take every message for one that the guest may have, and every code for one that is out there', async () => {
    const nowMs = Date.now();
    let ids = 0;
    const queue = { policy: DEFAULT_OUTBOX_POLICY, nowMs, newId: () => `message-${++ids}` };
    const stay = { startsAtMs: nowMs, endsAtMs: nowMs + 86_400_000 };
    const codes = ['a', 'b'].map((id, revision): AccessCode => ({
      ...{ ...code, id, reservationId: id, revision, ...stay, stay, leftAtMs: null },
    }));
    const store = openAccessCodeStore(register);
    store.changeUnit('flat-a', () => ({ put: codes }));
    store.outbox.queue('flat-a', queue);
    const claimed = store.outbox.claimNext(nowMs, DEFAULT_OUTBOX_POLICY);
    store.outbox.markSent(claimed?.message.id ?? '', nowMs);
    store.close();
    await backup();
    await restore();
    const restored = openAccessCodeStore(target.register);
    restored.outbox.queue('flat-a', queue);
    const messages = restored.outbox.readUnit('flat-a');
    assert.deepEqual(
      messages.map(({ state, mayBeDuplicate }) => [state, mayBeDuplicate]),
      [
        ['sent', true],
        ['queued', true],
      ],
    );
    assert.ok(restored.readUnit('flat-a').codes.every(({ leftAtMs }) => leftAtMs !== null));
    restored.close();
  });

  it('have all that was acknowledged before, whole, while another program goes on writing', async function () {
    this.timeout(30_000);
    const writer = spawn(process.execPath, [
      '--conditions=staycode-source',
      join(import.meta.dirname, '../edges/store-writer.ts'),
      register,
    ]);
    try {
      let log = '';
      writer.stdout.on('data', (chunk) => (log += String(chunk)));
      const lines = (): string[] => log.split('\n').slice(0, -1);
      while (lines().length < 5) await once(writer.stdout, 'data');
      const before = lines();
      assert.equal((await backup()).code, 0);
      await once(writer.stdout, 'data');
      assert(lines().length > before.length);
      assert.equal((await restore()).code, 0);
      const store = openAccessCodeStore(target.register);
      const { codes, stays } = store.readUnit('flat-a');
      store.close();
      const ids = new Set(codes.map(({ id }) => id));
      assert(before.every((id) => ids.has(id)));
      assert.equal(codes.length, stays.length);
    } finally {
      writer.kill('SIGKILL');
    }
  });

  it('show neither key nor register in the sealed file', async () => {
    fill();
    await backup();
    const text = readFileSync(file, 'utf8');
    for (const secret of [siteKey, Buffer.from(siteKey, 'hex').toString('base64'), 'flat-a', 'SQLite'])
      assert(!text.includes(secret) && !text.includes(Buffer.from(secret).toString('hex')));
  });

  it('refuse a wrong passphrase and an altered file, and then write nothing', async () => {
    fill();
    await backup();
    const wrong = await restore({ STAYCODE_PASSPHRASE: 'other' });
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /wrong passphrase, or the file was altered/u);
    assertNothingRestored();
    const text = readFileSync(file, 'utf8');
    const place = Math.floor(text.length / 2);
    writeFileSync(file, text.slice(0, place) + (text[place] === '0' ? '1' : '0') + text.slice(place + 1));
    const altered = await restore();
    assert.match(altered.err, /the file was altered/u);
    assertNothingRestored();
  });

  it('refuse a sealed file that is no backup', async () => {
    const lock = ['--lock', 'a', '--unit', 'flat-a', '--zone', 'Europe/Berlin'];
    await runCommand(['provision', ...lock, '--out', file], env);
    const { code: exit, err } = await restore();
    assert.equal(exit, 2);
    assert.match(err, /backup: /u);
    assertNothingRestored();
  });

  it('never write over a file, nor beside a stale log that SQLite would take for its own', async () => {
    fill();
    await backup();
    const before = readFileSync(file);
    assert.match((await backup()).err, /expected no file at/u);
    assert.deepEqual(readFileSync(file), before);
    const { register: restored, key } = target;
    for (const taken of [restored, `${restored}-wal`, `${restored}-shm`, `${restored}-journal`, key]) {
      writeFileSync(taken, 'mine');
      const { code: exit, err } = await restore();
      assert.equal(exit, 2, taken);
      assert.match(err, /expected no file at/u);
      assert.equal(readFileSync(taken, 'utf8'), 'mine');
      rmSync(taken);
      assertNothingRestored();
    }
  });

  it('undo the register where the key cannot be written', async () => {
    fill();
    await backup();
    target = { ...target, key: join(folder, 'missing', 'site.key') };
    const { code: exit, err } = await restore();
    assert.equal(exit, 2);
    assert.match(err, /ENOENT/u);
    assert.deepEqual(readdirSync(join(target.register, '..')), []);
  });

  it('refuse to back up what is no register, or none', async () => {
    assert.match((await backup()).err, /expected the register at .*, found none/u);
    writeFileSync(register, '');
    assert.match((await backup()).err, /it is empty/u);
    writeFileSync(register, 'x'.repeat(4096));
    assert.match((await backup()).err, /expected a file of Staycode's/u);
    const other = join(folder, 'other.sqlite');
    const db = new DatabaseSync(other);
    db.exec('CREATE TABLE mine (x)');
    db.close();
    register = other;
    assert.match((await backup()).err, /found another database/u);
    assert(!existsSync(file));
  });

  it('say what they need', async () => {
    fill();
    const said = async (args: string[], given: Record<string, string> = env): Promise<string> =>
      (await runCommand(args, given)).err;
    assert.match(await said(['backup', '--register', register]), /expected --out FILE/u);
    assert.match(await said(['backup', '--out', file]), /expected --register FILE/u);
    assert.match(await said(['backup', '--register', register, '--out', file], {}), /passphrase: expected/u);
    assert.match(await said(['restore', file, '--register', target.register]), /expected --key-out FILE/u);
    const both = ['--register', target.register, '--key-out', target.key];
    assert.match(await said(['restore', ...both]), /expected the backup as an argument/u);
  });
});
