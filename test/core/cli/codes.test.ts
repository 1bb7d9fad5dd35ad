import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../support/command.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const env = { STAYCODE_SITE_KEY: '42'.repeat(32) };
const stay = ['--unit', 'flat-a', '--from', '2026-12-03T15:00+01:00', '--to', '2026-12-07T11:00:00+01:00'];

describe('staycode keygen, issue and read', () => {
  afterEach(removeScratch);

  it('issue prints digits that read reads back', async () => {
    const issued = await runCommand(['issue', ...stay, '--json'], env);
    assert.equal(issued.code, 0);
    const code = JSON.parse(issued.out) as { digits: string };
    const said = {
      digits: code.digits,
      kind: 'stay',
      revision: 0,
      startsAt: '2026-12-03T14:00:00Z',
      endsAt: '2026-12-07T10:00:00Z',
    };
    assert.deepEqual(code, said);
    const read = await runCommand(['read', code.digits, '--unit', 'flat-a', '--json'], env);
    assert.deepEqual(JSON.parse(read.out), said);
    const grouped = code.digits.replace(/(.{4})/gu, '$1 ').trim();
    const text = await runCommand(['read', ...grouped.split(' '), '--unit', 'flat-a'], env);
    assert(text.out.startsWith(grouped));
  });

  it('issue takes every kind, revision, alphabet and key version', async () => {
    const args = [
      '--kind',
      'amendment',
      '--revision',
      '3',
      '--alphabet',
      'no-zero',
      '--key-version',
      '2',
      '--json',
    ];
    const { out } = await runCommand(['issue', ...stay, ...args], env);
    const code = JSON.parse(out) as { digits: string; kind: string; revision: number };
    assert.deepEqual([code.kind, code.revision], ['amendment', 3]);
    assert.match(code.digits, /^[1-9]{12}$/u);
    const clock = await runCommand(
      ['issue', '--unit', 'flat-a', '--kind', 'clock', '--at', '2026-12-03T14:01:30Z', '--json'],
      env,
    );
    assert.equal((JSON.parse(clock.out) as { at: string }).at, '2026-12-03T14:01:00Z');
  });

  it('keygen writes a key that only its owner reads, and never over another', async () => {
    const file = join(scratchFolder(), 'site.key');
    const made = await runCommand(['keygen', '--out', file]);
    assert.equal(made.code, 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert(!made.out.includes(readFileSync(file, 'utf8').trim()));
    assert.equal((await runCommand(['issue', ...stay, '--key-file', file])).code, 0);
    const again = await runCommand(['keygen', '--out', file]);
    assert.equal(again.code, 2);
    assert.match(again.err, /--out: expected a file that is not there yet/u);
    assert.deepEqual(JSON.parse((await runCommand(['keygen', '--json'])).out), { siteKey: '11'.repeat(32) });
  });

  it('say what was expected of a wrong command line, and never show the key', async () => {
    const wrongKey = join(scratchFolder(), 'wrong.key');
    writeFileSync(wrongKey, 'beef'.repeat(9));
    const wrong: [string[], RegExp][] = [
      [['issue', ...stay.slice(2)], /expected --unit ID/u],
      [
        ['issue', '--unit', 'a', '--from', '2026-12-03T15:00', '--to', '2026-12-04T15:00Z'],
        /ISO 8601 with a zone/u,
      ],
      [['issue', ...stay, '--revision', '9'], /revision: expected a whole number from 0 to 7, got 9/u],
      [['issue', ...stay, '--kind', 'guest'], /--kind: expected stay/u],
      [['issue', ...stay, '--alphabet', 'hex'], /expected decimal or no-zero/u],
      [['issue', ...stay, '--key-version', '0'], /key version: expected a whole number from 1/u],
      [['issue', ...stay, '--key-file', wrongKey], /expected 64 hex digits/u],
      [['issue', ...stay, '--key-file', '/nowhere/key'], /expected a readable file/u],
      [['issue', ...stay, '--site-key', 'ab'], /Unknown option '--site-key'/u],
      [['read', '--unit', 'flat-a'], /expected the code as an argument/u],
      [['open'], /expected one of keygen, issue, read, feed/u],
    ];
    for (const [args, expected] of wrong) {
      const { code, out, err } = await runCommand(args, env);
      assert.equal(code, 2, args.join(' '));
      assert.match(err, expected);
      assert(!`${out}${err}`.includes('4242') && !err.includes('beefbeef'));
    }
    assert.match(
      (await runCommand(['issue', ...stay])).err,
      /expected --key-file FILE or the variable STAYCODE_SITE_KEY/u,
    );
  });

  it('read exits 1 for twelve digits that are no code', async () => {
    const { code, out } = await runCommand(['read', '1234', '--unit', 'flat-a', '--json'], env);
    assert.deepEqual([code, out], [1, 'null']);
  });

  it('explains itself', async () => {
    assert.equal((await runCommand([])).code, 2);
    const help = await runCommand(['--help']);
    assert.equal(help.code, 0);
    for (const name of ['keygen', 'issue', 'read', 'feed']) assert.match(help.out, new RegExp(name, 'u'));
  });
});
