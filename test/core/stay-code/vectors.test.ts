import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Alphabet,
  type CodeKind,
  deriveCodeKey,
  deriveCommandKey,
  deriveLockKey,
  deriveUnitKey,
  issueClockCode,
  issueCode,
  readCode,
} from '@staycode/core';
import { needsShared, SHARED } from '../../support/parts.ts';

interface CodeVector {
  siteKey: string;
  unitId: string;
  keyVersion: number;
  unitKey: string;
  codeKey: string;
  alphabet: Alphabet;
  kind: CodeKind | 'clock';
  revision: number;
  startsAt: string;
  endsAt: string;
  at: string;
  code: string;
}
interface KeyVector {
  siteKey: string;
  lockId: string;
  keyVersion: number;
  lockKey: string;
  controllerId: string;
  commandKey: string;
}

const own = join(import.meta.dirname, '../../vectors');
const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const lines = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

function checkCodes(path: string): void {
  for (const vector of lines(path) as CodeVector[]) {
    const unitKey = deriveUnitKey(fromHex(vector.siteKey), vector.unitId, vector.keyVersion);
    assert.equal(toHex(unitKey), vector.unitKey);
    const codeKey = deriveCodeKey(unitKey);
    assert.equal(toHex(codeKey), vector.codeKey);
    const { alphabet } = vector;
    if (vector.kind === 'clock') {
      const atMs = Date.parse(vector.at);
      assert.equal(issueClockCode(codeKey, { atMs, alphabet }), vector.code);
      assert.deepEqual(readCode(codeKey, vector.code, alphabet), { kind: 'clock', atMs });
    } else {
      const { kind, revision } = vector;
      const window = { startsAtMs: Date.parse(vector.startsAt), endsAtMs: Date.parse(vector.endsAt) };
      assert.equal(issueCode(codeKey, { kind, revision, ...window, alphabet }), vector.code);
      const read = readCode(codeKey, vector.code, alphabet);
      assert(read !== null && read.kind !== 'clock');
      assert.equal(read.kind, kind);
      assert.equal(read.revision, revision);
      const halfHour = 30 * 60_000;
      assert(read.startsAtMs <= window.startsAtMs && window.startsAtMs - read.startsAtMs < halfHour);
      assert(read.endsAtMs >= window.endsAtMs && read.endsAtMs - window.endsAtMs < halfHour);
    }
  }
}

function checkKeys(path: string): void {
  for (const vector of lines(path) as KeyVector[]) {
    const lockKey = deriveLockKey(fromHex(vector.siteKey), vector.lockId, vector.keyVersion);
    assert.equal(toHex(lockKey), vector.lockKey);
    assert.equal(toHex(deriveCommandKey(lockKey, vector.controllerId)), vector.commandKey);
  }
}

describe('stay-code vectors', () => {
  it('agrees with every published code vector', function () {
    needsShared(this);
    checkCodes(join(SHARED, 'spec/vectors.jsonl'));
  });
  it('agrees with every published key vector', function () {
    needsShared(this);
    checkKeys(join(SHARED, 'spec/vectors-keys.jsonl'));
  });
  it('agrees with its own code vectors', () => {
    checkCodes(join(own, 'stay-code.jsonl'));
  });
  it('agrees with its own key vectors', () => {
    checkKeys(join(own, 'keys.jsonl'));
  });
});
