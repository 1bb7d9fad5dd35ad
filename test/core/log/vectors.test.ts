import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexToBytes } from '@noble/hashes/utils.js';
import {
  deriveLogKey,
  firstHash,
  formatHeader,
  nextHash,
  parseHeader,
  readHead,
  verifyLog,
} from '@staycode/core';
import { formatEntry, type LogEntry } from '../../../core/src/log/entry.ts';
import { formatHead, type LogHead, publicKeyOf, signHead } from '../../../core/src/log/head.ts';
import { vouchForHeader } from '../../../core/src/log/header.ts';

type Vector = Record<
  'vector' | 'lockKey' | 'logKey' | 'lockId' | 'logId' | 'key' | 'hash' | 'line' | 'previous' | 'body',
  string
> &
  Record<'secretKey' | 'signature' | 'message' | 'mac', string> & { seq: number };

const path = join(import.meta.dirname, '../../vectors/log.jsonl');
const vectors = readFileSync(path, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);
const of = (kind: string): Vector[] => vectors.filter(({ vector }) => vector === kind);
const logKey = hexToBytes(vectors[0]?.logKey ?? '');

/** Each published vector was made twice, here and by Node's own cryptography: generate-log.ts asserts it. */
describe('vectors of the log', () => {
  it('hold for the log key and the headers', () => {
    const [keys] = of('log key');
    assert.deepEqual(deriveLogKey(hexToBytes(keys?.lockKey ?? '')), logKey);
    const headers = of('header');
    assert.equal(headers.length, 2);
    for (const { lockId, logId, seq, hash, key, mac, line } of headers) {
      const header = vouchForHeader(logKey, { lockId, logId, seq, hash, key });
      assert.deepEqual([formatHeader(header), header.mac], [line, mac]);
      assert.deepEqual(parseHeader(line), header);
      if (seq === 0) assert.equal(hash, firstHash(lockId, logId));
    }
  });

  it('hold for every entry and its place in the chain', () => {
    const entries = vectors.filter(({ body }) => body);
    assert.equal(entries.length, 11);
    for (const { previous, body, hash } of entries) {
      assert.equal(nextHash(previous, body), hash);
      assert.equal(formatEntry(JSON.parse(body) as LogEntry), body);
    }
  });

  it('hold for every signature', () => {
    const heads = of('head');
    assert.equal(heads.length, 3);
    for (const { body, secretKey, key, signature, message } of heads) {
      const { record } = JSON.parse(body) as { record: { body: string } };
      const head = JSON.parse(record.body) as LogHead;
      const signed = signHead(hexToBytes(secretKey), head);
      assert.deepEqual(
        [signed.body, signed.signature, formatHead(signed)],
        [record.body, signature, message],
      );
      assert.deepEqual(readHead(signed), head);
      assert.deepEqual([publicKeyOf(hexToBytes(secretKey)), head.key], [key, key]);
    }
  });

  it('are together a log that is genuine, across a change of key', () => {
    const lines = vectors.flatMap(({ body, hash, line, seq }) =>
      body ? [`${hash} ${body}`] : line && seq === 0 ? [line] : [],
    );
    const check = verifyLog(lines.map((line) => `${line}\n`).join(''), { logKey });
    assert(check.ok);
    assert.deepEqual([check.fromSeq, check.toSeq, check.unsigned, check.pin.seq], [1, 11, null, 10]);
    assert.equal(check.pin.key, vectors.at(-1)?.key);
  });
});
