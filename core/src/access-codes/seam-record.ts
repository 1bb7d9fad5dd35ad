/**
 * A code as PMSes know one: the fields of Seam's access code (docs.seam.co, "Access Codes"), ours beside them under one key.
 * @module
 */
import { formatInstant } from '../instant.ts';
import type { IssuedCode } from './issued-code.ts';
import { type CodeFacts, isStillOpen, type Lifecycle, lifecycleOf } from './lifecycle.ts';
import type { OutboxMessage } from './outbox.ts';
import { listProblems, type SeamError, type SeamWarning } from './seam-problems.ts';

export type SeamStatus = 'setting' | 'set' | 'unset' | 'removing' | 'unknown';

export interface SeamMutation {
  readonly mutation_code: 'creating' | 'deferring_creation' | 'deleting';
  readonly message: string;
  readonly created_at: string;
  /** Of a deferred creation: when the guest's message is due. */
  readonly scheduled_at?: string;
}

/** Times are ISO 8601 in UTC. */
export interface SeamAccessCode {
  readonly access_code_id: string;
  readonly device_id: string;
  readonly name: string | null;
  /** What the guest types, where the reader may have it. */
  readonly code: string | null;
  readonly type: 'time_bound';
  /** From when to when the lock opens: the booked times, widened to what its rules take. */
  readonly starts_at: string;
  readonly ends_at: string;
  readonly created_at: string;
  readonly status: SeamStatus;
  readonly is_managed: true;
  readonly is_backup: boolean;
  readonly is_one_time_use: boolean;
  readonly is_offline_access_code: true;
  readonly is_external_modification_allowed: false;
  readonly common_code_key: string | null;
  readonly is_scheduled_on_device: boolean;
  readonly is_waiting_for_code_assignment: false;
  readonly is_backup_access_code_available: boolean;
  readonly errors: readonly SeamError[];
  readonly warnings: readonly SeamWarning[];
  readonly pending_mutations: readonly SeamMutation[];
  readonly staycode: StaycodeFields;
}

/** What Seam has no field for. */
export interface StaycodeFields {
  readonly lifecycle: Lifecycle;
  /** Of the very digits: the register's id, which changes with them. */
  readonly code_id: string;
  /** When it was shown, sent or drawn first. */
  readonly left_at: string | null;
  /** When its first use was seen. */
  readonly verified_at: string | null;
  readonly withdrawn_at: string | null;
  /** Until when a withdrawn code opens a lock where neither its successor nor its revocation is typed. */
  readonly still_open_until: string | null;
  readonly unit_id: string;
  readonly key_version: number;
  readonly alphabet: IssuedCode['alphabet'];
  readonly kind: IssuedCode['kind'];
  readonly revision: number;
  readonly message_state: OutboxMessage['state'] | null;
}

export interface RecordOptions {
  /** What the reader knows it by, where that outlives a change of the digits; the code's own id unless set. */
  readonly accessCodeId?: string;
  /** The lock that the record is for. */
  readonly deviceId: string;
  readonly name: string | null;
  /** The twelve digits, or `null` unless the reader may have them. */
  readonly digits: string | null;
  /** Of a withdrawn code, where the reader may have it: the revocation's digits, to be typed at the lock. */
  readonly revocationDigits?: string | null;
  /** The same for every lock that the code opens; `null` where it opens only one. */
  readonly commonCodeKey?: string | null;
  readonly isBackup?: boolean;
  /** Whether an undrawn backup code is at hand for a day of the stay. */
  readonly isBackupAvailable?: boolean;
  readonly nowMs: number;
}

/** The record of a code at one lock, from what happened to it. @throws RangeError for times that no calendar has */
export function toSeamRecord(facts: CodeFacts, options: RecordOptions): SeamAccessCode {
  const { code, lock } = facts;
  const { nowMs } = options;
  const lifecycle = lifecycleOf(facts, nowMs);
  const status = statusOf(facts, lifecycle, nowMs);
  return {
    access_code_id: options.accessCodeId ?? code.id,
    device_id: options.deviceId,
    name: options.name,
    code: options.digits,
    type: 'time_bound',
    starts_at: formatInstant(code.startsAtMs),
    ends_at: formatInstant(code.endsAtMs),
    created_at: formatInstant(code.issuedAtMs),
    status,
    is_managed: true,
    is_backup: options.isBackup ?? false,
    is_one_time_use: code.kind === 'one-time',
    is_offline_access_code: true,
    is_external_modification_allowed: false,
    common_code_key: options.commonCodeKey ?? null,
    is_scheduled_on_device: lock?.toldAtMs !== null,
    is_waiting_for_code_assignment: false,
    is_backup_access_code_available: options.isBackupAvailable ?? false,
    ...listProblems(facts, { nowMs, revocationDigits: options.revocationDigits ?? null }),
    pending_mutations: listMutations(facts, status, nowMs),
    staycode: staycodeFields(facts, lifecycle, nowMs),
  };
}

const STATUS_OF: Readonly<Record<Lifecycle, SeamStatus>> = {
  created: 'setting',
  setting: 'setting',
  set: 'set',
  verified: 'set',
  expired: 'unset',
  revoked: 'unset',
};

function statusOf(facts: CodeFacts, lifecycle: Lifecycle, nowMs: number): SeamStatus {
  return isStillOpen(facts, nowMs) ? 'removing' : STATUS_OF[lifecycle];
}

function listMutations(facts: CodeFacts, status: SeamStatus, nowMs: number): SeamMutation[] {
  const { code, messages } = facts;
  if (status === 'removing') {
    const created_at = formatInstant(code.withdrawnAtMs ?? nowMs);
    return [{ mutation_code: 'deleting', message: 'Waiting for the locks to learn of it.', created_at }];
  }
  if (status !== 'setting') return [];
  const created_at = formatInstant(code.issuedAtMs);
  const message = messages.at(-1);
  if (message?.state === 'queued' && message.dueAtMs > nowMs) {
    const scheduled_at = formatInstant(message.dueAtMs);
    const why = "The guest's message is due later.";
    return [{ mutation_code: 'deferring_creation', message: why, created_at, scheduled_at }];
  }
  return [{ mutation_code: 'creating', message: 'Guest or lock is about to be told.', created_at }];
}

function staycodeFields(facts: CodeFacts, lifecycle: Lifecycle, nowMs: number): StaycodeFields {
  const { code, messages, verifiedAtMs } = facts;
  const at = (atMs: number | null): string | null => (atMs === null ? null : formatInstant(atMs));
  return {
    lifecycle,
    code_id: code.id,
    left_at: at(code.leftAtMs),
    verified_at: at(verifiedAtMs),
    withdrawn_at: at(code.withdrawnAtMs),
    still_open_until: isStillOpen(facts, nowMs) ? at(code.endsAtMs) : null,
    unit_id: code.unitId,
    key_version: code.keyVersion,
    alphabet: code.alphabet,
    kind: code.kind,
    revision: code.revision,
    message_state: messages.at(-1)?.state ?? null,
  };
}
