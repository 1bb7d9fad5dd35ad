import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  deriveCodeKey,
  deriveLogKey,
  deriveUnitKey,
  firstHash,
  formatHeader,
  isVouchedFor,
  issueCode,
  nextHash,
  parseHead,
  readHead,
  StaycodeError,
} from '@staycode/core';
import { type JournalOptions, type LockJournal, openJournal, readJournal } from '@staycode/core/edges';
import { EXAMPLE_LOCK_KEY, exampleJournal } from '../../support/example-journal.ts';
import { EXAMPLE_SITE_KEY, exampleConfig, ExampleLock } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const bornAt = '2026-12-03T13:00:00Z';
const moment = { atMs: Date.parse(bornAt), clock: 'running', poweredMs: 0 } as const;
const open = (folder: string, changes: Partial<JournalOptions> = {}): LockJournal =>
  openJournal(exampleJournal(folder, changes));
const fileOf = (folder: string): string => join(folder, 'journal.jsonl');
const keysOf = (folder: string): string => join(folder, 'log-key.json');
const linesOf = (folder: string): string[] => readFileSync(fileOf(folder), 'utf8').split('\n').slice(0, -1);

/** Writes a first entry, its PIN and wrong ones; returns the memory that must come back. */
function fill(folder: string): LockJournal['memory'] {
  const journal = open(folder);
  const lock = new ExampleLock(exampleConfig(), bornAt);
  const digits = issueCode(codeKey, {
    kind: 'stay',
    revision: 0,
    startsAtMs: Date.parse('2026-12-03T14:00:00Z'),
    endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
    alphabet: 'decimal',
  });
  const entries = [digits, '111111', digits.slice(0, 6), '222222', '3', digits];
  for (const [minute, entry] of entries.entries()) {
    const at = Date.parse('2026-12-03T15:00:00Z') + minute * 60_000;
    lock.memory = journal.memory;
    journal.append(lock.judge(at, entry));
  }
  journal.close();
  return journal.memory;
}

function storeTimes(journal: LockJournal, count: number): void {
  for (let n = 0; n < count; n += 1)
    journal.append({ type: 'time', ...moment, poweredMs: journal.poweredMs + 1 });
}

function trimAll(journal: LockJournal): void {
  const { seq, hash } = journal.head();
  assert.equal(journal.trim(seq, hash), true);
}

function refusesWith(code: string, act: () => unknown): void {
  assert.throws(act, (error) => error instanceof StaycodeError && error.code === code);
}

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

  describe('signing', () => {
    it('signs where it stands, as its own next entry, and the same head again while nothing is new', () => {
      const folder = scratchFolder();
      const journal = open(folder);
      storeTimes(journal, 3);
      const stood = journal.head();
      const text = journal.signHead(moment);
      const head = readHead(parseHead(text));
      const { lockId, logId, key } = journal.header;
      assert.deepEqual(head, { lockId, logId, ...stood, bootId: 'ab'.repeat(16), atMs: moment.atMs, key });
      assert.equal(journal.signHead(moment), text);
      assert.equal(journal.head().seq, 4);
      storeTimes(journal, 1);
      assert.notEqual(journal.signHead(moment), text);
      journal.close();
    });

    it('leaves no more than 64 entries unsigned, whoever forgets to ask', () => {
      const folder = scratchFolder();
      const journal = open(folder);
      storeTimes(journal, 64);
      assert.equal(journal.headDue, true);
      journal.close();
      const again = open(folder);
      storeTimes(again, 65);
      again.close();
      const heads = linesOf(folder).flatMap((line, i) => (line.includes('"type":"head"') ? [i - 1] : []));
      assert.deepEqual(heads, [65, 130]);
    });

    it('lets a key that signed a thousand entries sign the next one, and forgets the old', () => {
      const folder = scratchFolder();
      const journal = open(folder);
      const [first] = [journal.header.key];
      const oldKeys = readFileSync(keysOf(folder));
      storeTimes(journal, 1024);
      const head = readHead(parseHead(journal.signHead(moment)));
      assert.equal(head?.key, first);
      assert.notEqual(head.nextKey, first);
      storeTimes(journal, 1);
      assert.equal(readHead(parseHead(journal.signHead(moment)))?.key, head.nextKey);
      journal.close();
      const newKeys = readFileSync(keysOf(folder), 'utf8');
      const [oldKey, newKey] = [oldKeys.toString(), newKeys].map((text) => /[0-9a-f]{64}/u.exec(text)?.[0]);
      assert(oldKey !== undefined && !newKeys.includes(oldKey));
      // The power went between the two files, before and after the head that names the next key.
      const both = `{"format":"staycode-log-key/1","keys":["${oldKey}","${newKey ?? ''}"]}\n`;
      writeFileSync(keysOf(folder), both);
      open(folder).close();
      assert.equal(readFileSync(keysOf(folder), 'utf8'), newKeys);
      truncateSync(fileOf(folder), readFileSync(fileOf(folder)).indexOf('nextKey'));
      rmSync(keysOf(folder));
      writeFileSync(keysOf(folder), both);
      const before = open(folder);
      assert.equal(readHead(parseHead(before.signHead(moment)))?.key, first);
      before.close();
    });

    it('names no key that is not on disk', () => {
      const folder = scratchFolder();
      const journal = open(folder);
      storeTimes(journal, 1000);
      journal.signHead(moment);
      const stood = journal.head();
      // A folder stands where the temporary file would.
      mkdirSync(`${keysOf(folder)}.tmp`);
      storeTimes(journal, 8);
      refusesWith('journal-failed', () => journal.signHead(moment));
      assert.equal(journal.head().seq, stood.seq + 8);
      rmdirSync(`${keysOf(folder)}.tmp`);
      assert(readHead(parseHead(journal.signHead(moment)))?.nextKey);
      journal.close();
    });

    it('keeps its secret key in a file that only its owner reads, and in no other', () => {
      const folder = scratchFolder();
      fill(folder);
      assert.equal(statSync(keysOf(folder)).mode & 0o777, 0o600);
      const secret = /[0-9a-f]{64}/u.exec(readFileSync(keysOf(folder), 'utf8'))?.[0] ?? '';
      assert(secret !== '' && !readFileSync(fileOf(folder), 'utf8').includes(secret));
    });

    it('is vouched for by the lock key, also by one that the lock was given later', () => {
      const folder = scratchFolder();
      const memory = fill(folder);
      const lines = linesOf(folder);
      const lockKey = new Uint8Array(32).fill(9);
      const journal = open(folder, { lockKey });
      assert(isVouchedFor(deriveLogKey(lockKey), journal.header));
      assert(!isVouchedFor(deriveLogKey(EXAMPLE_LOCK_KEY), journal.header));
      assert.deepEqual(journal.memory, memory);
      assert.deepEqual(linesOf(folder), [formatHeader(journal.header), ...lines.slice(1)]);
      journal.close();
    });
  });

  describe('trimming', () => {
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
