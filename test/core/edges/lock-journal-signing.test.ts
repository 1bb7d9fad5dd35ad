import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { deriveLogKey, formatHeader, isVouchedFor, parseHead, readHead } from '@staycode/core';
import { EXAMPLE_LOCK_KEY } from '../../support/example-journal.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { fileOf, fill, keysOf, linesOf, moment, open, refusesWith, storeTimes } from './journal-play.ts';

describe('lock journal, signing', () => {
  afterEach(removeScratch);

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
