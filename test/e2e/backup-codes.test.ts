import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type CommandRun, runCommand } from '../support/command.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const env = { STAYCODE_SITE_KEY: '42'.repeat(32), STAYCODE_PASSPHRASE: 'three small boats' };

describe('backup codes, at a real lock that no network reaches', function () {
  this.timeout(60_000);
  let folder: string;
  let lock: ChildProcess;
  let keypad: string;

  const run = async (...args: string[]): Promise<CommandRun & { data: Record<string, unknown> }> => {
    const files = ['--lock', join(folder, 'lock.json'), '--register', join(folder, 'register.sqlite')];
    const ran = await runCommand(['backup-codes', ...args, ...files, '--json'], env);
    return { ...ran, data: JSON.parse(ran.out || '{}') as Record<string, unknown> };
  };
  const type = async (digits: unknown): Promise<string> => {
    const response = await fetch(`${keypad}/api/entry`, { method: 'POST', body: JSON.stringify({ digits }) });
    return ((await response.json()) as { signal: string }).signal;
  };

  before(async () => {
    folder = scratchFolder();
    const file = join(folder, 'lock.json');
    const made = await runCommand(
      [
        'provision',
        '--lock',
        'door',
        '--unit',
        'flat-a',
        '--zone',
        'Europe/Berlin',
        '--out',
        file,
        '--plain',
      ],
      env,
    );
    assert.equal(made.code, 0, made.err);
    const program = join(import.meta.dirname, '../../mqtt-lock-sim/src/main.ts');
    // No broker: all that the lock has is its file and its clock.
    lock = spawn(
      process.execPath,
      [
        '--conditions=staycode-source',
        program,
        '--lock',
        file,
        '--port',
        '0',
        '--data',
        join(folder, 'journal'),
      ],
      { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    assert.ok(lock.stdout);
    for await (const line of createInterface(lock.stdout)) {
      keypad = /^Keypad (\S+)/.exec(line)?.[1] ?? '';
      if (keypad !== '') break;
    }
  });
  after(async () => {
    const ended = once(lock, 'exit');
    lock.kill();
    await ended;
    removeScratch();
  });

  it('are made for the days ahead, and listed without a digit', async () => {
    const { data } = await run('plan', '--days', '3');
    assert.equal((data.made as string[]).length, 3);
    const { out, data: listed } = await run('list');
    assert.deepEqual(listed.undrawn, data.made);
    assert.doesNotMatch(out, /\d{4} ?\d{4} ?\d{4}/);
    assert.deepEqual((await run('plan', '--days', '3')).data.made, []);
  });
  it('open once on their day when drawn, and are undrawn no more', async () => {
    const { data } = await run('draw');
    assert.equal(await type(data.digits), 'opened');
    assert.equal(await type(data.digits), 'refused');
    assert.equal(((await run('list')).data.undrawn as string[]).length, 2);
    assert.deepEqual((await run('draw')).data, data);
    const other = await run('draw', '--for', 'another guest');
    assert.deepEqual([other.code, other.data.reason], [1, 'none-left']);
  });
  it('do not open on another day', async () => {
    const [tomorrow = ''] = (await run('list')).data.undrawn as string[];
    assert.equal(await type((await run('draw', '--day', tomorrow)).data.digits), 'refused');
  });
  it('are dead once revoked, and the next one of the day is not', async () => {
    const { data: revocation } = await run('revoke');
    await run('plan', '--days', '3');
    const { data: drawn } = await run('draw');
    assert.equal(await type(revocation.digits), 'done');
    assert.equal(await type(drawn.digits), 'opened');
    assert.equal((await run('revoke', '--day', '2020-01-01')).code, 1);
  });
  it('say what was expected', async () => {
    assert.match((await run('give')).err, /expected one of plan, list, draw, revoke/);
    assert.match((await run('list', '--unit', 'flat-z')).err, /expected --unit to be one of flat-a/);
    assert.match((await run('plan', '--days', '0')).err, /from 1 to 366, got 0/);
  });
});
