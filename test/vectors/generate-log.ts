/**
 * Writes the vectors of a lock's log: `npm run vectors`. The log comes from the product; every hash, MAC and signature in it is
 * made a second time by Node's own cryptography, and the two must agree. Keys here are examples; never use one.
 */
import assert from 'node:assert/strict';
import { createHash, createHmac, createPrivateKey, hkdfSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  deriveCodeKey,
  deriveLogKey,
  firstHash,
  formatHead,
  formatHeader,
  issueCode,
  nextHash,
} from '@staycode/core';
import { type LockRecord, remember } from '../../core/src/lock/memory.ts';
import { formatEntry } from '../../core/src/log/entry.ts';
import { publicKeyOf, signHead } from '../../core/src/log/head.ts';
import { vouchForHeader } from '../../core/src/log/header.ts';
import { exampleConfig, ExampleLock } from '../support/lock-example.ts';

const hex = (bytes: Uint8Array | ArrayBuffer): string => Buffer.from(bytes as Uint8Array).toString('hex');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const example = (name: string): Buffer => createHash('sha256').update(`staycode example ${name}`).digest();

const lockId = 'front-door';
const logId = hex(example('log id')).slice(0, 32);
const lockKey = example('lock key');
const secretKeys = [example('signing key 1'), example('signing key 2')] as const;
const vectors: object[] = [];

const logKey = deriveLogKey(lockKey);
assert.equal(hex(logKey), hex(hkdfSync('sha256', lockKey, '', 'staycode/1 log', 32)));
vectors.push({ vector: 'log key', lockKey: hex(lockKey), logKey: hex(logKey) });

let [secretKey, hash, seq] = [secretKeys[0], firstHash(lockId, logId), 0];
vectors.push(headerVector());

const bornMs = Date.parse('2026-12-03T13:00:00Z');
const door = new ExampleLock(exampleConfig(), new Date(bornMs).toISOString());
const digits = issueCode(deriveCodeKey(exampleConfig().units[0]?.unitKey ?? lockKey), {
  kind: 'stay',
  revision: 0,
  startsAtMs: Date.parse('2026-12-03T14:00:00Z'),
  endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
  alphabet: 'decimal',
});
const moment = (minute: number) =>
  ({ atMs: bornMs + minute * 60_000, clock: 'running', poweredMs: minute * 60_000 }) as const;
const judge = (minute: number, typed: string): LockRecord => {
  const record = door.judge(bornMs + minute * 60_000, typed);
  door.memory = remember(door.memory, record, exampleConfig().rules);
  return record;
};
const [firstBoot, secondBoot] = ['first boot', 'second boot'].map((name) => hex(example(name)).slice(0, 32));

pushEntry(firstBoot, { type: 'boot', ...moment(0) });
pushHead(firstBoot, 0);
pushEntry(firstBoot, judge(90, '111111'));
pushEntry(firstBoot, judge(95, digits));
pushEntry(firstBoot, judge(120, digits.slice(0, 6)));
pushEntry(firstBoot, { type: 'operation', ...moment(121), operation: 'lock', source: 'auto' });
pushEntry(firstBoot, { type: 'alarm', ...moment(130), alarm: 'forced' });
pushEntry(secondBoot, { type: 'boot', ...moment(140) });
pushHead(secondBoot, 140, secretKeys[1]);
pushEntry(secondBoot, { type: 'time', ...moment(155) });
pushHead(secondBoot, 156);
// The same log after a keeper has acknowledged it all: what a trimmed file begins with.
vectors.push(headerVector());

writeFileSync(
  join(import.meta.dirname, 'log.jsonl'),
  vectors.map((vector) => `${JSON.stringify(vector)}\n`).join(''),
);

function headerVector(): object {
  const key = publicKeyOf(secretKey);
  const header = vouchForHeader(logKey, { lockId, logId, seq, hash, key });
  const hashOf = `staycode/1 log\n${lockId}\n${logId}`;
  if (seq === 0) assert.equal(hash, sha256(hashOf));
  const macOf = `staycode/1 log key\0${lockId}\n${logId}\n${seq}\n${hash}\n${key}`;
  assert.equal(header.mac, createHmac('sha256', logKey).update(macOf).digest('hex'));
  const line = formatHeader(header);
  assert.equal(line.slice(0, 64), sha256(line.slice(65)));
  return {
    vector: 'header',
    lockId,
    logId,
    seq,
    key,
    ...(seq === 0 ? { hashOf } : {}),
    hash,
    macOf,
    mac: header.mac,
    line,
  };
}

function pushEntry(bootId: string | undefined, record: LockRecord, more: object = {}): void {
  const body = formatEntry({ lockId, logId, seq: seq + 1, bootId: bootId ?? '', record });
  const previous = hash;
  hash = nextHash(previous, body);
  seq += 1;
  assert.equal(hash, sha256(`${previous}\n${body}`));
  vectors.push({
    vector: record.type === 'head' ? 'head' : 'entry',
    previous,
    body,
    hash,
    ...more,
  });
}

function pushHead(bootId: string | undefined, minute: number, next?: Buffer): void {
  const { atMs } = moment(minute);
  const head = { lockId, logId, seq, hash, bootId: bootId ?? '', atMs, key: publicKeyOf(secretKey) };
  const signed = signHead(secretKey, next ? { ...head, nextKey: publicKeyOf(next) } : head);
  const signedText = `staycode/1 log head\0${signed.body}`;
  assert.equal(signed.signature, hex(sign(null, Buffer.from(signedText), privateKeyOf(secretKey))));
  const keys = { secretKey: hex(secretKey), key: head.key };
  pushEntry(
    bootId,
    { type: 'head', ...moment(minute), ...signed },
    { ...keys, signedText, signature: signed.signature, message: formatHead(signed) },
  );
  if (next) secretKey = next;
}

/** PKCS #8 of a raw Ed25519 key (RFC 8410). */
function privateKeyOf(secret: Buffer): ReturnType<typeof createPrivateKey> {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
