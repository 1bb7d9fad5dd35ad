import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { formatHeader, parseHead, readHead } from '@staycode/core';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { fileOf, fill, linesOf, moment, open, storeTimes, trimAll } from './journal-play.ts';

describe('lock journal, trimming', () => {
  afterEach(removeScratch);

  it('forgets nothing but what was acknowledged, and remembers what that came to', () => {
    for (const acknowledged of [1, 3, 5, 6]) {
      const folder = scratchFolder();
      const memory = fill(folder);
      const lines = linesOf(folder).slice(2);
      const journal = open(folder, { keepAcknowledged: 0 });
      const hash = journal.entriesFrom(acknowledged, 1)[0]?.hash ?? '';
      assert.equal(journal.trim(acknowledged, hash), true);
      const first = acknowledged < 3 ? 0 : acknowledged;
      for (const opened of [journal, open(folder)]) {
        assert.deepEqual(opened.memory, memory);
        assert.equal(opened.poweredMs, 7_500_000);
        assert.equal(opened.header.seq, first);
        assert.deepEqual(linesOf(folder), [
          formatHeader(opened.header),
          ...linesOf(folder).slice(1, 2),
          ...lines.slice(first),
        ]);
        assert.deepEqual(opened.entriesFrom(first + 1, 10).length, 6 - first);
        assert.deepEqual(opened.entriesFrom(first, 10), []);
        assert.equal(opened.recent(10).length, 6 - first);
      }
      storeTimes(journal, 2);
      journal.close();
      const again = open(folder);
      assert.equal(again.head().seq, 8);
      again.close();
    }
  });

  it('refuses an acknowledgement of what it never wrote', () => {
    const folder = scratchFolder();
    fill(folder);
    const journal = open(folder, { keepAcknowledged: 0 });
    const { seq, hash } = journal.head();
    for (const [at, of] of [
      [seq, '0'.repeat(64)],
      [seq - 1, hash],
      [seq + 1, hash],
      [0, hash],
    ] as const)
      assert.equal(journal.trim(at, of), false);
    assert.equal(journal.header.seq, 0);
    trimAll(journal);
    assert.equal(journal.header.seq, 6);
    assert.equal(journal.trim(6, hash), true);
    assert.equal(journal.trim(5, hash), false);
    journal.close();
    assert.equal(journal.trim(6, hash), false);
  });

  it('keeps the last acknowledged entries, and does not rewrite the file for a few', () => {
    const folder = scratchFolder();
    const journal = open(folder, { keepAcknowledged: 10 });
    storeTimes(journal, 59);
    trimAll(journal);
    assert.equal(journal.header.seq, 0);
    storeTimes(journal, 1);
    trimAll(journal);
    assert.equal(journal.header.seq, 50);
    assert.equal(journal.recent(100).length, 10);
    journal.close();
  });

  it('keeps the key in force across a trim that drops the head which named it', () => {
    const folder = scratchFolder();
    const journal = open(folder, { keepAcknowledged: 0 });
    storeTimes(journal, 1024);
    const next = readHead(parseHead(journal.signHead(moment)))?.nextKey;
    trimAll(journal);
    assert.equal(journal.header.key, next);
    journal.close();
    const again = open(folder);
    storeTimes(again, 1);
    assert.equal(readHead(parseHead(again.signHead(moment)))?.key, next);
    again.close();
  });

  it('goes on with the file as it was where the disk takes no new one', () => {
    const folder = scratchFolder();
    const memory = fill(folder);
    const journal = open(folder, { keepAcknowledged: 0 });
    // A folder stands where the temporary file would.
    mkdirSync(`${fileOf(folder)}.tmp`);
    trimAll(journal);
    assert.equal(journal.header.seq, 0);
    assert.equal(journal.reports.length, 1);
    storeTimes(journal, 1);
    journal.close();
    const again = open(folder);
    assert.equal(again.head().seq, 7);
    assert.deepEqual(again.memory.accepted, memory.accepted);
    again.close();
  });
});
