/** What the hammered lock is given and what is typed at it: stays of many flats, and one-time codes, around now. */
import { randomBytes } from 'node:crypto';
import { deriveCodeKey, deriveUnitKey, issueCode, type LockConfig } from '@staycode/core';
import type { JournalOptions } from '@staycode/core/edges';

const FLATS = 8;
const ONE_TIME_CODES = 500;
const SLOT_MS = 1_800_000;
const siteKey = new Uint8Array(32).fill(0x5a);

/** Rules that let any window of up to ten days stand, so that the hour of the run does not matter. */
export function hammerConfig(): LockConfig {
  const units = Array.from({ length: FLATS }, (_, flat) => ({
    unitId: `flat-${flat}`,
    keyVersion: 1,
    alphabet: 'decimal' as const,
    unitKey: deriveUnitKey(siteKey, `flat-${flat}`, 1),
  }));
  const all = '1'.repeat(48);
  const rules = {
    startMask: all,
    endMask: all,
    minSlots: 96,
    maxSlots: 480,
    skewMinutes: 10,
    pinDigits: 8,
  } as const;
  return { units, rules: { ...rules, clockLost: 'wait' }, staff: [] };
}

export interface PlannedCode {
  readonly label: string;
  readonly kind: 'stay' | 'one-time';
  readonly digits: string;
}

/** A stay in every flat, and one-time codes that each may move the bolt once. All are good for hours from `nowMs`. */
export function planCodes(nowMs: number): PlannedCode[] {
  const slot = Math.floor(nowMs / SLOT_MS) * SLOT_MS;
  const keys = hammerConfig().units.map(({ unitKey }) => deriveCodeKey(unitKey));
  const keyOf = (n: number): Uint8Array => keys[n % FLATS] ?? siteKey;
  const stays = keys.map((key, n): PlannedCode => {
    const window = { startsAtMs: slot - 48 * SLOT_MS, endsAtMs: slot + 96 * SLOT_MS };
    const digits = issueCode(key, { kind: 'stay', revision: 0, ...window, alphabet: 'decimal' });
    return { label: `stay-${n}`, kind: 'stay', digits };
  });
  const once = Array.from({ length: ONE_TIME_CODES }, (_, n): PlannedCode => {
    const window = {
      startsAtMs: slot - (Math.floor(n / (8 * FLATS)) + 1) * SLOT_MS,
      endsAtMs: slot + 20 * SLOT_MS,
    };
    const revision = Math.floor(n / FLATS) % 8;
    return {
      label: `once-${n}`,
      kind: 'one-time',
      digits: issueCode(keyOf(n), { kind: 'one-time', revision, ...window, alphabet: 'decimal' }),
    };
  });
  return [...stays, ...once];
}

/** How the hammered lock's journal is opened: it forgets acknowledged entries often, so that kills fall into that too. */
export function hammerJournal(folder: string, nowMs: number): JournalOptions {
  return {
    folder,
    lockId: 'hammered',
    lockKey: new Uint8Array(32),
    rules: hammerConfig().rules,
    bootId: '0'.repeat(32),
    randomBytes,
    firstMoment: { atMs: nowMs, clock: 'running', poweredMs: 0 },
    keepAcknowledged: 4,
  };
}
