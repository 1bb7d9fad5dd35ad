import assert from 'node:assert/strict';
import type { AccessCode } from '../../../core/src/access-codes/access-code.ts';
import type { IssuedCode } from '../../../core/src/access-codes/issued-code.ts';
import {
  listRevocations,
  listRevokes,
  type RevocationRequest,
} from '../../../core/src/access-codes/revocations.ts';
import { deriveCodeKey, deriveUnitKey } from '../../../core/src/stay-code/keys.ts';
import type { WindowContent } from '../../../core/src/stay-code/payload.ts';
import { issueCode } from '../../../core/src/stay-code/stay-code.ts';
import { EXAMPLE_SITE_KEY, ExampleLock, exampleConfig } from '../../support/lock-example.ts';

const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const digitsOf = (code: WindowContent): string => issueCode(codeKey, { ...code, alphabet: 'decimal' });
const DAY_MS = 86_400_000;
const nowMs = Date.parse('2026-11-20T12:00:00Z');
const times = {
  startsAtMs: Date.parse('2026-11-27T15:00:00+01:00'),
  endsAtMs: Date.parse('2026-11-30T11:00:00+01:00'),
};
const live: AccessCode = {
  ...{ id: 'live', unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', reservationId: 'a', kind: 'stay' },
  ...{ revision: 0, ...times, stay: times, issuedAtMs: 1, leftAtMs: 1, withdrawnAtMs: null },
};
const withdrawn: AccessCode = { ...live, id: 'old', withdrawnAtMs: 2 };
const oneTime: IssuedCode = {
  ...{ ...live, id: 'once', kind: 'one-time', startsAtMs: nowMs - DAY_MS / 4, endsAtMs: nowMs + DAY_MS / 2 },
};
const list = (codes: readonly IssuedCode[], changes: Partial<RevocationRequest> = {}): string[] =>
  listRevocations({ codes, nowMs, ...changes }).map(({ ends }) => ends);
const newLock = (): ExampleLock => new ExampleLock(exampleConfig(), '2026-10-20T09:00:00Z');

describe('listRevocations', () => {
  it('ends a withdrawn code at the lock, and leaves the one that took its place', () => {
    const next: AccessCode = { ...live, id: 'next', reservationId: 'b', revision: 1 };
    const [revocation] = listRevocations({ codes: [withdrawn, next], nowMs });
    assert.ok(revocation);
    assert.deepEqual(revocation.alsoEnds, []);
    const lock = newLock();
    assert.equal(lock.enter(nowMs, digitsOf(revocation)), 'done revocation');
    assert.equal(lock.enter(times.startsAtMs, digitsOf(withdrawn)), 'refused revoked');
    assert.equal(lock.enter(times.startsAtMs, digitsOf(next)), 'opened stay');
  });
  it('lists none but the withdrawn', () => {
    assert.deepEqual(list([live, withdrawn, oneTime]), ['old']);
  });
  it('lists only what the lock takes, to the minute', () => {
    const [revocation] = listRevocations({ codes: [withdrawn], nowMs });
    assert.ok(revocation);
    const earliestMs = times.startsAtMs - 31 * DAY_MS;
    for (const atMs of [earliestMs - 60_000, earliestMs, times.endsAtMs - 60_000, times.endsAtMs]) {
      const taken: boolean = newLock().enter(atMs, digitsOf(revocation)) === 'done revocation';
      assert.deepEqual(list([withdrawn], { nowMs: atMs }), taken ? ['old'] : []);
    }
  });
  it('names a code in force that would end with it', () => {
    const moved: AccessCode = { ...withdrawn, revision: 3 };
    const [revocation] = listRevocations({ codes: [moved, live], nowMs });
    assert.deepEqual(revocation?.alsoEnds, ['live']);
    const lock = newLock();
    lock.enter(nowMs, digitsOf(revocation));
    assert.equal(lock.enter(times.startsAtMs, digitsOf(live)), 'refused revoked');
  });
  it('leaves out what is dead at a lock, but not at a new one', () => {
    const deadThere = new Set(['old']);
    assert.deepEqual(list([withdrawn], { deadThere }), []);
    assert.deepEqual(list([withdrawn], { deadThere, lockIsNew: true }), ['old']);
  });
  it('lists, for a new lock, one-time codes that may be used up: there they would open again', () => {
    assert.deepEqual(list([oneTime], { lockIsNew: true }), ['once']);
    assert.deepEqual(list([{ ...oneTime, leftAtMs: null }], { lockIsNew: true }), []);
    const [revocation] = listRevocations({ codes: [oneTime, live], nowMs, lockIsNew: true });
    assert.ok(revocation);
    const lock = newLock();
    assert.equal(lock.enter(nowMs, digitsOf(revocation)), 'done revocation');
    assert.equal(lock.enter(nowMs, digitsOf(oneTime)), 'refused revoked');
  });
  it('puts the one that expires first in front', () => {
    const later: AccessCode = { ...withdrawn, id: 'later', endsAtMs: times.endsAtMs + DAY_MS };
    assert.deepEqual(list([later, withdrawn]), ['old', 'later']);
  });
});

describe('listRevokes', () => {
  const tell = (codes: readonly AccessCode[], deadThere: readonly string[] = []): string[] =>
    listRevokes(codes, { nowMs, deadThere: new Set(deadThere) }).map(({ id }) => id);

  it('names a code that is off and out there, for as long as it may open', () => {
    assert.deepEqual(tell([withdrawn, { ...live, reservationId: 'b' }]), ['old']);
    assert.deepEqual(tell([{ ...withdrawn, leftAtMs: null }]), []);
    assert.deepEqual(tell([withdrawn], ['old']), []);
    assert.deepEqual(listRevokes([withdrawn], { nowMs: times.endsAtMs, deadThere: new Set() }), []);
  });
  it('leaves a guest the code that the one on its way to him will end', () => {
    const longer = { ...times, endsAtMs: times.endsAtMs + DAY_MS };
    const next: AccessCode = { ...live, id: 'next', kind: 'amendment', revision: 1, ...longer, stay: longer };
    assert.deepEqual(tell([withdrawn, next]), []);
    assert.deepEqual(tell([withdrawn, { ...next, reservationId: 'b' }]), ['old']);
    assert.deepEqual(tell([withdrawn, { ...next, withdrawnAtMs: 3 }]), ['old', 'next']);
  });
  it('leaves a guest the code of the old key, for a lock may not have the new one yet', () => {
    const rekeyed: AccessCode = { ...live, id: 'rekeyed', keyVersion: 2 };
    assert.deepEqual(tell([withdrawn, rekeyed]), []);
    assert.deepEqual(tell([withdrawn, { ...rekeyed, withdrawnAtMs: 3, leftAtMs: null }]), ['old']);
  });
  it('names the code of nights that the guest has moved away from: no other will end that', () => {
    const later = { startsAtMs: times.startsAtMs + 30 * DAY_MS, endsAtMs: times.endsAtMs + 30 * DAY_MS };
    assert.deepEqual(tell([withdrawn, { ...live, id: 'moved', ...later, stay: later }]), ['old']);
  });
});
