import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatLockFile, type LockFile } from '@staycode/core';
import { runCommand } from '../../support/command.ts';
import { EXAMPLE_LOCK_KEY } from '../../support/example-journal.ts';
import { EXAMPLE_SITE_KEY, exampleConfig } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { toText, writeLog } from '../log/real-log.ts';

const file: LockFile = {
  ...exampleConfig(),
  ...{ lockId: 'front-door', name: 'Front door', zone: 'Europe/Berlin', lockKey: EXAMPLE_LOCK_KEY },
};

describe('staycode log verify', () => {
  let folder: string;
  let lock: string;
  let log: string;
  let lines: readonly string[];
  const verify = (...args: string[]): ReturnType<typeof runCommand> => runCommand(['log', 'verify', ...args]);
  const pinIn = (out: string): string => /--pin (\S+)/u.exec(out)?.[1] ?? '';
  beforeEach(() => {
    folder = scratchFolder();
    lock = join(folder, 'lock.json');
    log = join(folder, 'log.jsonl');
    ({ lines } = writeLog(6, [6], 2));
    writeFileSync(lock, formatLockFile(file));
    writeFileSync(log, toText(lines));
  });
  afterEach(removeScratch);

  it('tells a person what the log holds, what is unsigned, who vouches, and how to pin it', async () => {
    const { code, out } = await verify(log, '--lock', lock);
    assert.equal(code, 0);
    const [genuine, unsigned, vouched, next] = out.split('\n');
    assert.match(genuine ?? '', /^Genuine: log [0-9a-f]{32} of front-door, entries 1 to 9, none missing$/u);
    assert.match(unsigned ?? '', /^Unsigned yet: entries 8 to 9; /u);
    assert.equal(vouched, 'Its key is vouched for by the lock key');
    assert.match(next ?? '', /^For next time: --pin 6:[0-9a-f]{64}:[0-9a-f]{64}$/u);
    writeFileSync(log, toText(lines.slice(0, -2)));
    assert.match((await verify(log, '--lock', lock)).out, /^Signed to its end$/mu);
  });

  it('is satisfied with the site key, and with a pin alone, and with nothing less', async () => {
    const key = join(folder, 'site.key');
    writeFileSync(key, `${Buffer.from(EXAMPLE_SITE_KEY).toString('hex')}\n`);
    const { out } = await verify(log, '--key-file', key);
    assert.match(out, /vouched for by the lock key$/mu);
    const pinned = await verify(log, '--pin', pinIn(out));
    assert.deepEqual([pinned.code, /vouched for by the pin$/mu.test(pinned.out)], [0, true]);
    const both = await verify(log, '--lock', lock, '--pin', pinIn(out));
    assert.match(both.out, /vouched for by the lock key and the pin$/mu);
    const bare = await verify(log);
    assert.equal(bare.code, 1);
    assert.match(bare.out, /^Not genuine: line 1: unvouched: .*--lock.*--key-file.*pin/u);
    const older = await verify(log, '--key-file', key, '--lock-key-version', '2');
    assert.match(older.out, /unvouched/u);
  });

  it('says which entry is wrong, in which line and in what, and exits 1', async () => {
    const pin = pinIn((await verify(log, '--lock', lock)).out);
    const cases: [readonly string[], RegExp][] = [
      [
        lines.filter((_, i) => i !== 4),
        /^Not genuine: line 5, entry 3: gap: entries are missing before it$/u,
      ],
      [
        lines.map((line) => line.replace('"seq":4,', '"seq":4 ,')),
        /^Not genuine: line 6, entry 4: altered: /u,
      ],
      [lines.slice(0, 6), /^Not genuine: line 6, entry 5: shorter: the log ends before /u],
    ];
    for (const [changed, expected] of cases) {
      writeFileSync(log, toText(changed));
      const { code, out } = await verify(log, '--lock', lock, '--pin', pin);
      assert.equal(code, 1);
      assert.match(out, expected);
    }
  });

  it('gives its answer as JSON too', async () => {
    const well = await verify(log, '--lock', lock, '--json');
    const answer = JSON.parse(well.out) as Record<string, unknown>;
    assert.deepEqual([answer.ok, answer.lockId, answer.fromSeq, answer.toSeq], [true, 'front-door', 1, 9]);
    assert.deepEqual(answer.unsigned, { fromSeq: 8, toSeq: 9 });
    writeFileSync(log, toText(lines).slice(0, -1));
    const torn = await verify(log, '--lock', lock, '--json');
    assert.equal(torn.code, 1);
    assert.deepEqual(JSON.parse(torn.out), { ok: false, reason: 'torn', line: 11, seq: 9 });
  });

  it('says what it needs, and exits 2', async () => {
    const cases: [string[], RegExp][] = [
      [['log'], /expected log verify FILE/u],
      [['log', 'show', log], /expected log verify FILE/u],
      [['log', 'verify'], /expected log verify FILE/u],
      [['log', 'verify', log, '--pin', '6:ab'], /--pin: expected SEQ:HASH:KEY/u],
      [['log', 'verify', join(folder, 'none')], /ENOENT/u],
      [['log', 'verify', folder], /EISDIR/u],
    ];
    for (const [args, expected] of cases) {
      const { code, err } = await runCommand(args);
      assert.equal(code, 2);
      assert.match(err, expected);
    }
  });
});
