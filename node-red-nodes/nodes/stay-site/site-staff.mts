/**
 * The people who come and go: named on the site, for each has one entry in an authenticator app and opens several doors. What the
 * flow holds of them is no secret: secrets are derived from the site key. Source: spec, rule 7.
 * @module
 */
import { deriveStaffSecret, StaycodeError, type StaffSecret } from '@staycode/core';

/** As the editor keeps it, numbers as text. */
export interface StaffRow {
  /** Made with the row: a namesake who comes later has another secret, and who is renamed keeps theirs. */
  readonly id: string;
  readonly name: string;
  /** Every door of the site, or those whose `stay-lock` names the person. */
  readonly doors: 'all' | 'chosen';
  /** 6 or 8. */
  readonly digits: string | number;
  /** Raised when a phone is lost: its codes open nothing from then on. */
  readonly keyVersion: string | number;
}

export interface StaffMember {
  readonly id: string;
  /** What the log says. */
  readonly name: string;
  readonly doors: 'all' | 'chosen';
  readonly digits: 6 | 8;
  readonly keyVersion: number;
}

const MAX_NAME_BYTES = 64;
const MAX_KEY_VERSION = 0xffff_ffff;

/** @param rows absent in flows of before, for nobody @throws StaycodeError `bad-config`, saying who is expected to be what */
export function readStaff(rows: readonly StaffRow[] = []): StaffMember[] {
  const staff = rows.map(readRow);
  for (const field of ['id', 'name'] as const) {
    const twice = staff.find((one, i) => staff.slice(0, i).some((other) => other[field] === one[field]));
    if (twice) throw bad(`each ${field} once, got ${twice[field]} twice`);
  }
  return staff;
}

function readRow({ id, name, doors, digits, keyVersion }: StaffRow): StaffMember {
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/u.test(id)) {
    throw bad(`ids of 1 to 64 letters, digits, _ and -, got ${JSON.stringify(id)}`);
  }
  const bytes = new TextEncoder().encode(name).length;
  if (bytes < 1 || bytes > MAX_NAME_BYTES || name.trim() !== name || /\p{Cc}/u.test(name)) {
    throw bad(
      `names of 1 to ${MAX_NAME_BYTES} bytes without spaces at the ends, got ${JSON.stringify(name)}`,
    );
  }
  const version = Number(keyVersion);
  if (!Number.isInteger(version) || version < 1 || version > MAX_KEY_VERSION) {
    throw bad(`a key version of ${name} that is a whole number from 1, got ${keyVersion}`);
  }
  const count = Number(digits);
  if (count !== 6 && count !== 8) throw bad(`6 or 8 digits for ${name}, got ${digits}`);
  return { id, name, doors: doors === 'chosen' ? 'chosen' : 'all', digits: count, keyVersion: version };
}

/** What the person's app and the locks share. SHA-1, for it is what every app reads. @throws StaycodeError of `deriveStaffSecret` */
export function secretOf({ id, name, digits, keyVersion }: StaffMember, siteKey: Uint8Array): StaffSecret {
  const secret = deriveStaffSecret(siteKey, id, keyVersion);
  return { name, type: 'totp', secret, digits, hash: 'sha1' };
}

function bad(expected: string): StaycodeError {
  return new StaycodeError('bad-config', `staff: expected ${expected}`);
}
