/**
 * The JSON forms of what a lock is given, as they stand in lock files and scenarios: keys and secrets in lower-case hex.
 * @module
 */
import { hexToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import type { UnitKey } from './keyring.ts';
import type { LockRules } from './rules.ts';
import type { StaffSecret } from './staff.ts';

const hex = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2})+$/u), v.transform(hexToBytes));

/** 32 bytes as 64 hex digits. */
export const keySchema: v.GenericSchema<unknown, Uint8Array> = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/u),
  v.transform(hexToBytes),
);

export const unitSchema: v.GenericSchema<unknown, UnitKey> = v.object({
  unitId: v.string(),
  keyVersion: v.pipe(v.number(), v.integer(), v.minValue(1)),
  alphabet: v.picklist(['decimal', 'no-zero']),
  unitKey: keySchema,
  serves: v.optional(v.picklist(['all', 'enrolled']), 'all'),
});

export const rulesSchema: v.GenericSchema<unknown, LockRules> = v.object({
  startMask: v.string(),
  endMask: v.string(),
  minSlots: v.number(),
  maxSlots: v.number(),
  skewMinutes: v.number(),
  pinDigits: v.picklist([0, 6, 8]),
  clockLost: v.optional(v.picklist(['wait', 'grace']), 'wait'),
});

export const staffSchema: v.GenericSchema<unknown, StaffSecret> = v.object({
  name: v.string(),
  type: v.picklist(['totp', 'hotp']),
  secret: hex,
  digits: v.picklist([6, 8]),
  hash: v.picklist(['sha1', 'sha256', 'sha512']),
});
