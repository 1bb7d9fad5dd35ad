import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AccessCode } from '../../../core/src/access-codes/access-code.ts';
import { type AccessCodeStore, openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import type { LockRecord } from '../../../core/src/lock/memory.ts';
import type { LogEntry } from '../../../core/src/log/entry.ts';
import { toCodeId } from '../../../core/src/protocol/known-codes.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { ISSUED_MS, LEFT, WITHDRAWN } from '../access-codes/record-example.ts';

const AT_MS = ISSUED_MS + 60_000;
const moment = { atMs: AT_MS, clock: 'running', poweredMs: 1 } as const;
const OLD = WITHDRAWN;
const NEXT: AccessCode = { ...LEFT, id: 'code-2', reservationId: 'next', revision: 1 };
const typed = (code: AccessCode, isFirst: boolean): LockRecord => ({
  ...{ type: 'entry', ...moment, length: 'long', outcome: 'opened', reason: 'stay', code: toCodeId(code) },
  ...(isFirst && { pinsOf: [toCodeId(code)] }),
});
const revocation = (code: AccessCode): LockRecord => ({
  ...{ type: 'entry', ...moment, length: 'long', outcome: 'done', reason: 'revocation' },
  code: { ...toCodeId(code), kind: 'revocation' },
});
const command = (code: AccessCode): LockRecord => ({
  ...{ type: 'command', ...moment, command: { controllerId: 'node-red', counter: 1 } },
  act: { name: 'revoke', code: toCodeId(code) },
});

describe('where codes are dead, in the register', () => {
  let store: AccessCodeStore;
  const take = (lockId: string, record: LockRecord, place: Partial<LogEntry> = {}): void => {
    const logId = 'ab'.repeat(16);
    store.uses.take([{ lockId, logId, seq: 1, bootId: logId, event: null, record, ...place }]);
  };
  const status = (): string | undefined => store.readRecords('flat-a')[0]?.record.status;

  beforeEach(() => {
    store = openAccessCodeStore(join(scratchFolder(), 'register.sqlite'), () => AT_MS);
    store.changeUnit('flat-a', () => ({ put: [OLD] }));
    store.ends.setLocks('flat-a', ['street', 'flat']);
  });
  afterEach(() => {
    store.close();
    removeScratch();
  });

  it('is known once each of the unit’s locks has said so, and platforms read of the code no more', () => {
    assert.equal(store.ends.deadSinceMs(OLD), null);
    store.ends.ended(toCodeId(OLD), 'street', AT_MS);
    assert.deepEqual([...store.ends.deadAt('street')], [OLD.id]);
    assert.deepEqual([store.ends.deadSinceMs(OLD), status()], [null, 'removing']);
    take('flat', command(OLD));
    assert.deepEqual([store.ends.deadSinceMs(OLD), status()], [AT_MS, undefined]);
  });

  it('is not known where no lock is', () => {
    store.ends.setLocks('flat-a', []);
    store.ends.ended(toCodeId(OLD), 'street', AT_MS);
    assert.equal(store.ends.deadSinceMs(OLD), null);
  });

  it('follows from the next code, typed for the first time, but not from one of other nights', () => {
    const far = 30 * 86_400_000;
    const other: AccessCode = {
      ...{ ...NEXT, id: 'code-3', startsAtMs: LEFT.startsAtMs + far, endsAtMs: LEFT.endsAtMs + far },
    };
    store.changeUnit('flat-a', () => ({ put: [NEXT, other] }));
    take('flat', typed(NEXT, false));
    take('flat', typed(other, true), { seq: 2 });
    assert.deepEqual([...store.ends.deadAt('flat')], []);
    take('flat', typed(NEXT, true), { seq: 3 });
    assert.deepEqual([...store.ends.deadAt('flat')], [OLD.id]);
  });

  it('follows from a revocation at the keypad; from one so short that it may be a one-time code’s it does not', () => {
    const night = { startsAtMs: LEFT.startsAtMs, endsAtMs: LEFT.startsAtMs + 20 * 3_600_000 };
    take('flat', revocation({ ...OLD, ...night }));
    assert.deepEqual([...store.ends.deadAt('flat')], []);
    take('flat', revocation({ ...OLD, keyVersion: 2 }), { seq: 2 });
    assert.deepEqual([...store.ends.deadAt('flat')], []);
    take('flat', revocation(OLD), { seq: 3 });
    assert.deepEqual([...store.ends.deadAt('flat')], [OLD.id]);
  });

  it('is forgotten with the lock’s log: a lock that was wiped opens for dead codes again', () => {
    take('flat', command(OLD));
    take('flat', { type: 'boot', ...moment }, { logId: 'cd'.repeat(16) });
    assert.deepEqual([...store.ends.deadAt('flat')], []);
  });

  it('keeps a code from coming back that a lock was told of, whatever is written of it later', () => {
    store.ends.revoking(toCodeId(OLD), AT_MS);
    store.ends.revoking(toCodeId(OLD), AT_MS + 1);
    store.changeUnit('flat-a', () => ({ put: [{ ...OLD, withdrawnAtMs: null }] }));
    assert.equal(store.readUnit('flat-a').codes[0]?.revokedAtMs, AT_MS);
  });
});
