import assert from 'node:assert/strict';
import type { CodeFacts } from '../../../core/src/access-codes/lifecycle.ts';
import {
  type RecordOptions,
  type SeamAccessCode,
  toSeamRecord,
} from '../../../core/src/access-codes/seam-record.ts';
import { CODE, facts, ISSUED_MS, LEFT, message, WITHDRAWN } from './record-example.ts';

const record = (changes: Partial<CodeFacts> = {}, options: Partial<RecordOptions> = {}): SeamAccessCode =>
  toSeamRecord(facts(changes), {
    ...{ deviceId: 'front-door', name: 'Ada', digits: null, nowMs: ISSUED_MS, ...options },
  });
const problems = ({ errors, warnings }: SeamAccessCode): string[] => [
  ...errors.map(({ error_code }) => error_code),
  ...warnings.map(({ warning_code }) => warning_code),
];
const set = { code: LEFT, messages: [message('sent')] };

describe('toSeamRecord', () => {
  it("has Seam's fields and ours under one key", () => {
    assert.deepEqual(record(set), {
      access_code_id: 'code-1',
      device_id: 'front-door',
      name: 'Ada',
      code: null,
      type: 'time_bound',
      starts_at: '2026-11-27T14:00:00Z',
      ends_at: '2026-11-30T10:00:00Z',
      created_at: '2026-11-20T12:00:00Z',
      status: 'set',
      is_managed: true,
      is_backup: false,
      is_one_time_use: false,
      is_offline_access_code: true,
      is_external_modification_allowed: false,
      common_code_key: null,
      is_scheduled_on_device: true,
      is_waiting_for_code_assignment: false,
      is_backup_access_code_available: false,
      errors: [],
      warnings: [],
      pending_mutations: [],
      staycode: {
        lifecycle: 'set',
        code_id: 'code-1',
        left_at: '2026-11-20T12:00:00Z',
        verified_at: null,
        withdrawn_at: null,
        still_open_until: null,
        unit_id: 'flat-a',
        key_version: 1,
        alphabet: 'decimal',
        kind: 'stay',
        revision: 0,
        message_state: 'sent',
      },
    });
  });
  it('carries the digits only where they are handed in', () => {
    assert.equal(record({}, { digits: '000000000000' }).code, '000000000000');
  });
  it('tells a creation that is under way from one that waits for its day', () => {
    const waiting = record({ messages: [message('queued', { dueAtMs: ISSUED_MS + 60_000 })] });
    assert.equal(waiting.status, 'setting');
    assert.equal(waiting.pending_mutations[0]?.mutation_code, 'deferring_creation');
    assert.equal(waiting.pending_mutations[0].scheduled_at, '2026-11-20T12:01:00Z');
    assert.equal(record().pending_mutations[0]?.mutation_code, 'creating');
  });
  it('is removing, and says until when, while a withdrawn code may still open', () => {
    const removing = record({ code: WITHDRAWN }, { revocationDigits: '000000000000' });
    assert.equal(removing.status, 'removing');
    assert.equal(removing.pending_mutations[0]?.mutation_code, 'deleting');
    assert.equal(removing.staycode.still_open_until, '2026-11-30T10:00:00Z');
    assert.equal(
      removing.warnings[0]?.message,
      'Still open at the lock until 2026-11-30T10:00:00Z unless the new code or this revocation code, 0000 0000 0000, is typed.',
    );
    assert.match(
      record({ code: WITHDRAWN }).warnings[0]?.message ?? '',
      /or its revocation code is typed\.$/u,
    );
  });
  it('is unset, without problems, once a withdrawn code is dead or its window is over', () => {
    for (const unset of [record({ code: WITHDRAWN, deadAtMs: 1 }), record(set, { nowMs: CODE.endsAtMs })]) {
      assert.equal(unset.status, 'unset');
      assert.deepEqual([problems(unset), unset.pending_mutations], [[], []]);
    }
  });
  it('names what failed: the message, the lock that did not take the code, or did not let it go', () => {
    const failed = record({ code: LEFT, messages: [message('failed', { failures: 8 })] });
    assert.deepEqual(problems(failed), ['failed_to_tell_guest']);
    assert.equal(failed.errors[0]?.is_access_code_error, true);
    const lock = { toldAtMs: null, failure: { message: 'No free slot.', atMs: ISSUED_MS + 2000 } };
    assert.deepEqual(problems(record({ ...set, lock })), ['failed_to_set_on_device']);
    assert.deepEqual(problems(record({ code: WITHDRAWN, lock })), [
      'failed_to_remove_from_device',
      'delay_in_removing_from_device',
    ]);
    const earlier = { ...lock, failure: { ...lock.failure, atMs: ISSUED_MS } };
    assert.deepEqual(problems(record({ code: WITHDRAWN, lock: earlier })), ['delay_in_removing_from_device']);
  });
  it('warns of a stay that has begun without its guest being told', () => {
    const late = { messages: [message('queued')] };
    assert.deepEqual(problems(record(late, { nowMs: CODE.startsAtMs })), ['delay_in_setting_on_device']);
    assert.deepEqual(problems(record(late, { nowMs: CODE.startsAtMs - 1 })), []);
    assert.deepEqual(problems(record(set, { nowMs: CODE.startsAtMs })), []);
  });
  it('knows a backup code', () => {
    const backup = record({ code: { ...CODE, kind: 'one-time' } }, { isBackup: true });
    assert.deepEqual([backup.is_backup, backup.is_one_time_use, backup.status], [true, true, 'set']);
  });
});
