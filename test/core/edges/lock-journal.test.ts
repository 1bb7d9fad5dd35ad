import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveCodeKey, deriveUnitKey, issueCode, StaycodeError } from '@staycode/core';
import { type LockJournal, openJournal } from '@staycode/core/edges';
import { EXAMPLE_SITE_KEY, exampleConfig, ExampleLock, exampleRules } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const bornAt = '2026-12-03T13:00:00Z';
const firstMoment = { atMs: Date.parse(bornAt), clock: 'running', poweredMs: 0 } as const;
const open = (folder: string, changes: { lockId?: string; snapshotEvery?: number } = {}): LockJournal =>
  openJournal({ folder, lockId: 'front-door', rules: exampleRules(), firstMoment, ...changes });

/** Writes a first entry, its PIN and wrong ones; returns the memory that must come back. */
function fill(folder: string, options: { snapshotEvery?: number } = {}): LockJournal['memory'] {
  const journal = open(folder, options);
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
    again.close();
  });

  it('gives the same memory back with snapshots at any interval, and without one that is damaged', () => {
    const plain = fill(scratchFolder());
    for (const snapshotEvery of [1, 2, 4, 5, 6]) {
      const folder = scratchFolder();
      fill(folder, { snapshotEvery });
      const again = open(folder);
      assert.deepEqual(again.memory, plain);
      again.close();
      writeFileSync(join(folder, 'snapshot.json'), '{"seq":');
      const repaired = open(folder);
      assert.deepEqual(repaired.memory, plain);
      assert.equal(repaired.reports.length, 1);
      repaired.close();
    }
  });

  it('drops a last line torn at any byte, reports it, and goes on from the record before', () => {
    const folder = scratchFolder();
    fill(folder);
    const whole = readFileSync(join(folder, 'journal.jsonl'));
    const lastStart = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let length = lastStart + 1; length < whole.length; length += 1) {
      const torn = scratchFolder();
      copyFileSync(join(folder, 'journal.jsonl'), join(torn, 'journal.jsonl'));
      truncateSync(join(torn, 'journal.jsonl'), length);
      const journal = open(torn);
      assert.equal(journal.recent(100).length, 5);
      assert.equal(journal.reports.length, 1);
      journal.append({ type: 'time', atMs: firstMoment.atMs, clock: 'running', poweredMs: 1 });
      journal.close();
      const after = open(torn);
      assert.equal(after.recent(100).length, 6);
      assert.deepEqual(after.reports, []);
      after.close();
    }
  });

  it('drops a last line whose bytes are damaged, as a power cut can leave it', () => {
    const folder = scratchFolder();
    fill(folder);
    const path = join(folder, 'journal.jsonl');
    const bytes = readFileSync(path);
    bytes.fill(0, bytes.length - 20, bytes.length - 1);
    writeFileSync(path, bytes);
    const journal = open(folder);
    assert.equal(journal.recent(100).length, 5);
    assert.equal(journal.reports.length, 1);
    journal.close();
  });

  it('stops at any damage before the last line, and leaves the file as it is', () => {
    const folder = scratchFolder();
    fill(folder);
    const path = join(folder, 'journal.jsonl');
    const whole = readFileSync(path);
    const lines = whole.toString().split('\n');
    const swapped = [lines[0], lines[1], lines[3], lines[2], ...lines.slice(4)];
    const missing = [lines[0], lines[1], ...lines.slice(3)];
    const edited = lines.map((line, i) => (i === 2 ? line.replace('refused', 'opened') : line));
    for (const damaged of [swapped, missing, edited, [lines[0], '', ...lines.slice(1)]]) {
      const text = damaged.join('\n');
      writeFileSync(path, text);
      refusesWith('journal-corrupt', () => open(folder));
      assert.equal(readFileSync(path, 'utf8'), text);
    }
  });

  it('stops where the journal is older than its own snapshot', () => {
    const folder = scratchFolder();
    fill(folder, { snapshotEvery: 6 });
    const path = join(folder, 'journal.jsonl');
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, `${lines.slice(0, 3).join('\n')}\n`);
    refusesWith('journal-corrupt', () => open(folder));
  });

  it("refuses another lock's journal and another program's file, and does not touch them", () => {
    const folder = scratchFolder();
    fill(folder);
    refusesWith('journal-foreign', () => open(folder, { lockId: 'back-door' }));
    for (const text of ['', 'hello\n', '{"format":"staycode-journal/2"}\n', '[]\n']) {
      const other = scratchFolder();
      writeFileSync(join(other, 'journal.jsonl'), text);
      refusesWith('journal-foreign', () => open(other));
      assert.equal(readFileSync(join(other, 'journal.jsonl'), 'utf8'), text);
    }
  });

  it('makes its folder where it is missing', () => {
    const folder = join(scratchFolder(), 'a', 'b');
    open(folder).close();
    mkdirSync(folder, { recursive: true });
    open(folder).close();
  });

  it('holds no digits of any code', () => {
    const folder = scratchFolder();
    fill(folder);
    const text = readFileSync(join(folder, 'journal.jsonl'), 'utf8');
    assert(!text.includes('111111') && !text.includes('222222'));
  });
});
