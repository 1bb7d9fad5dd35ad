/**
 * Which of the host's stays the Home app lists today, and by which numbers.
 * @module
 */
import { createHash } from 'node:crypto';
import type { StayAtLock, TimeWindow } from '@staycode/core';
import { type ListedCode, MAX_LISTED_CODES } from './access-codes.ts';

type CodeId = StayAtLock['code'];

/** Those that are valid now or begin later today, the earliest first. The day ends by the time zone of this machine. */
export function staysOfToday(stays: readonly StayAtLock[], nowMs: number): StayAtLock[] {
  const dayEndsAtMs = new Date(nowMs).setHours(24, 0, 0, 0);
  return stays
    .filter(({ code }) => code.startsAtMs < dayEndsAtMs && nowMs < code.endsAtMs)
    .sort((a, b) => a.code.startsAtMs - b.code.startsAtMs);
}

/** Today's, as many as the Home app takes. */
export function listTodaysCodes(stays: readonly StayAtLock[], nowMs: number): ListedCode[] {
  return staysOfToday(stays, nowMs)
    .slice(0, MAX_LISTED_CODES)
    .map(({ code, digits }) => ({ id: numberOf(code), digits }));
}

/** A number that changes with the list, for the Home app to see that there is something new. It tells nothing of digits. */
export function configurationState(codes: readonly ListedCode[]): number {
  return digestOf(codes.map(({ id }) => id)).readUInt16LE();
}

/** Whether a guest's stay is running; a one-time code is none. */
export function isStayNow(
  { kind, startsAtMs, endsAtMs }: Pick<CodeId, 'kind'> & TimeWindow,
  nowMs: number,
): boolean {
  return (kind === 'stay' || kind === 'amendment') && startsAtMs <= nowMs && nowMs < endsAtMs;
}

/** From what the code is, not from its digits: it goes into Homebridge's memory of the accessory. */
function numberOf({ unitId, keyVersion, kind, revision, startsAtMs, endsAtMs }: CodeId): number {
  return digestOf([unitId, keyVersion, kind, revision, startsAtMs, endsAtMs]).readUInt32LE();
}

function digestOf(content: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(content)).digest();
}
