import assert from 'node:assert/strict';
import type { CodeFacts } from '../../../core/src/access-codes/lifecycle.ts';
import { listSeamEvents } from '../../../core/src/access-codes/seam-events.ts';
import {
  type RecordOptions,
  type SeamAccessCode,
  toSeamRecord,
} from '../../../core/src/access-codes/seam-record.ts';
import { CODE, facts, ISSUED_MS, LEFT, message, WITHDRAWN } from './record-example.ts';

const record = (changes: Partial<CodeFacts> = {}, options: Partial<RecordOptions> = {}): SeamAccessCode =>
  toSeamRecord(facts(changes), {
    ...{ deviceId: 'front-door', name: null, digits: null, nowMs: ISSUED_MS, ...options },
  });
const events = (before: SeamAccessCode | null, after: SeamAccessCode | null): string[] =>
  listSeamEvents(before, after).map((type) => type.replace('access_code.', ''));
const set = record({ code: LEFT, messages: [message('sent')] });

describe('listSeamEvents', () => {
  it('tells of a code that is new, and of one that is gone', () => {
    assert.deepEqual(events(null, record()), ['created']);
    assert.deepEqual(events(null, set), ['created', 'set_on_device']);
    assert.deepEqual(events(record(), null), ['deleted']);
    assert.deepEqual(events(null, null), []);
  });
  it('tells nothing where nothing changed but who may see the digits', () => {
    assert.deepEqual(events(set, { ...set, code: '000000000000' }), []);
  });
  it('tells of a code that comes into force and out of it', () => {
    assert.deepEqual(events(record(), set), ['changed', 'set_on_device']);
    const removing = record({ code: WITHDRAWN });
    assert.deepEqual(events(set, removing), ['changed']);
    assert.deepEqual(events(removing, record({ code: WITHDRAWN, deadAtMs: 1 })), [
      'changed',
      'removed_from_device',
    ]);
    assert.deepEqual(events(set, record({ code: LEFT }, { nowMs: CODE.endsAtMs })).slice(0, 2), [
      'changed',
      'removed_from_device',
    ]);
  });
  it('tells new digits from new times', () => {
    const reissued = record({ code: { ...CODE, revision: 1 } });
    assert.deepEqual(events(record(), reissued), ['changed', 'code_changed']);
    const longer = record({ code: { ...CODE, endsAtMs: CODE.endsAtMs + 86_400_000 } });
    assert.deepEqual(events(record(), longer), ['changed', 'code_changed', 'time_frame_changed']);
  });
  it('tells once that a lock refused it', () => {
    const lock = { toldAtMs: null, failure: { message: 'No free slot.', atMs: ISSUED_MS } };
    const failed = record({ lock });
    assert.deepEqual(events(record(), failed), ['changed', 'failed_to_set_on_device']);
    assert.deepEqual(events(failed, { ...failed, name: 'Ada' }), ['changed']);
  });
  it('tells of a backup code that is drawn', () => {
    const undrawn = record({ code: { ...CODE, kind: 'one-time' } }, { isBackup: true });
    const drawn = record({ code: { ...LEFT, kind: 'one-time' } }, { isBackup: true });
    assert.deepEqual(events(undrawn, drawn), ['changed', 'backup_access_code_pulled']);
    assert.deepEqual(events(drawn, drawn), []);
  });
});
