import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { firstHash, nextHash, StaycodeError } from '@staycode/core';
import { readJournal } from '@staycode/core/edges';
import { exampleJournal } from '../../support/example-journal.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { fileOf, fill, keysOf, linesOf, moment, open, refusesWith, storeTimes } from './journal-play.ts';

describe('lock journal', () => {
  afterEach(removeScratch);

  it('gives the same memory back after a restart', () => {
    const folder = scratchFolder();
    const memory = fill(folder);
    const again = open(folder);
    assert.deepEqual(again.memory, memory);
    assert.deepEqual(again.reports, []);
    assert.equal(again.recent(100).length, 6);
    assert.deepEqual(again.recent(2), again.recent(100).slice(-2));
    again.close();
  });

  it('names lock, log, place, boot and Matter event in each entry, and chains the texts', () => {
    const folder = scratchFolder();
    fill(folder);
    const journal = open(folder);
    const { logId } = journal.header;
    const lines = journal.entriesFrom(1, 100);
    assert.equal(lines.length, 6);
    let hash = firstHash('front-door', logId);
    for (const [index, line] of lines.entries()) {
      hash = nextHash(hash, line.body);
      assert.deepEqual([line.seq, line.hash], [index + 1, hash]);
      const { record, ...rest } = JSON.parse(line.body) as Record<string, unknown>;
      const event = line.body.includes('"refused"') ? 'LockOperationError' : 'LockOperation';
      assert.deepEqual(rest, { lockId: 'front-door', logId, seq: index + 1, bootId: 'ab'.repeat(16), event });
      assert(record);
    }
    assert.deepEqual(journal.head(), { seq: 6, hash });
    journal.close();
  });

  it('gives its lines text for text from any entry, and none that it has not', () => {
    const folder = scratchFolder();
    fill(folder);
    const journal = open(folder);
    const lines = linesOf(folder).slice(2);
    for (let seq = 1; seq <= 6; seq += 1) {
      for (const count of [0, 1, 3, 100]) {
        const given = journal.entriesFrom(seq, count).map(({ hash, body }) => `${hash} ${body}`);
        assert.deepEqual(given, lines.slice(seq - 1, seq - 1 + count));
      }
    }
    for (const seq of [-1, 0, 7, 1.5]) assert.deepEqual(journal.entriesFrom(seq, 10), []);
    journal.close();
  });

  describe('after a power cut', () => {
    it('drops a last line torn at any byte, reports it, and goes on from the record before', () => {
      const folder = scratchFolder();
      fill(folder);
      const whole = readFileSync(fileOf(folder));
      const lastStart = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
      const before = readJournal(exampleJournal(folder)).memory;
      for (let length = whole.length - 1; length > lastStart; length -= 1) {
        truncateSync(fileOf(folder), length);
        const { memory, reports } = readJournal(exampleJournal(folder));
        assert.equal(reports.length, 1);
        assert(memory.storedAtMs < before.storedAtMs);
        if (length % 20 !== 0) continue;
        const torn = scratchFolder();
        copyFileSync(fileOf(folder), fileOf(torn));
        copyFileSync(keysOf(folder), keysOf(torn));
        const journal = open(torn);
        assert.equal(journal.recent(100).length, 5);
        assert.equal(journal.reports.length, 1);
        storeTimes(journal, 1);
        journal.close();
        const after = open(torn);
        assert.equal(after.recent(100).length, 6);
        assert.deepEqual(after.reports, []);
        after.close();
      }
    });

    it('drops a last line whose bytes are damaged', () => {
      const folder = scratchFolder();
      fill(folder);
      const bytes = readFileSync(fileOf(folder));
      bytes.fill(0, bytes.length - 20, bytes.length - 1);
      writeFileSync(fileOf(folder), bytes);
      const journal = open(folder);
      assert.equal(journal.recent(100).length, 5);
      assert.equal(journal.reports.length, 1);
      journal.close();
    });

    it('takes the signing key that was made before the journal was', () => {
      const folder = scratchFolder();
      open(folder).close();
      const keys = readFileSync(keysOf(folder), 'utf8');
      rmSync(fileOf(folder));
      const journal = open(folder);
      journal.signHead(moment);
      journal.close();
      assert.equal(readFileSync(keysOf(folder), 'utf8'), keys);
    });
  });

  describe('over a file that is not as it was', () => {
    it('stops at any damage before the last line, and leaves the file as it is', () => {
      const folder = scratchFolder();
      fill(folder);
      const lines = linesOf(folder);
      const swapped = [...lines.slice(0, 3), lines[4], lines[3], ...lines.slice(5)];
      const missing = [...lines.slice(0, 3), ...lines.slice(4)];
      const edited = lines.map((line, i) => (i === 3 ? line.replace('refused', 'opened') : line));
      const another = lines.map((line, i) => (i === 1 ? line.replace('"short"', '"long"') : line));
      const noMemory = [lines[0], ...lines.slice(2)];
      for (const damaged of [
        swapped,
        missing,
        edited,
        another,
        noMemory,
        [lines[0], '', ...lines.slice(1)],
      ]) {
        const text = `${damaged.join('\n')}\n`;
        writeFileSync(fileOf(folder), text);
        refusesWith('journal-corrupt', () => open(folder));
        assert.equal(readFileSync(fileOf(folder), 'utf8'), text);
      }
    });

    it('never opens over a byte that changed in a line before the last one', () => {
      const folder = scratchFolder();
      fill(folder);
      const whole = readFileSync(fileOf(folder));
      const lastStart = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
      const anyChange = fc.tuple(
        fc.integer({ min: 0, max: lastStart - 2 }),
        fc.integer({ min: 1, max: 255 }),
      );
      fc.assert(
        fc.property(anyChange, ([at, flip]) => {
          const bytes = Buffer.from(whole);
          bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
          writeFileSync(fileOf(folder), bytes);
          assert.throws(
            () => readJournal(exampleJournal(folder)),
            (error) => error instanceof StaycodeError && /^journal-(?:corrupt|foreign)$/u.test(error.code),
          );
        }),
        { numRuns: 300 },
      );
    });

    it("refuses another lock's journal, an earlier format and another program's file, and does not touch them", () => {
      const folder = scratchFolder();
      fill(folder);
      refusesWith('journal-foreign', () => open(folder, { lockId: 'back-door' }));
      const earlier = '{"format":"staycode-journal/1","lockId":"front-door","memory":{}}\n';
      for (const text of ['', 'hello\n', earlier, '[]\n']) {
        const other = scratchFolder();
        writeFileSync(fileOf(other), text);
        refusesWith('journal-foreign', () => open(other));
        assert.equal(readFileSync(fileOf(other), 'utf8'), text);
      }
    });

    it('stops without its signing key, and with another or a damaged one', () => {
      const folder = scratchFolder();
      fill(folder);
      const other = scratchFolder();
      fill(other);
      for (const keys of [readFileSync(keysOf(other)), '{"format":"staycode-log-key/1","keys":[]}\n', '']) {
        writeFileSync(keysOf(folder), keys);
        refusesWith('journal-corrupt', () => open(folder));
      }
      rmSync(keysOf(folder));
      refusesWith('journal-corrupt', () => open(folder));
    });
  });

  it('makes its folder where it is missing', () => {
    const folder = join(scratchFolder(), 'a', 'b');
    open(folder).close();
    open(folder).close();
  });

  it('holds no digits of any code', () => {
    const folder = scratchFolder();
    fill(folder);
    const text = readFileSync(fileOf(folder), 'utf8').replaceAll(/[0-9a-f]{32,}/gu, '');
    assert(!text.includes('111111') && !text.includes('222222'));
  });
});
