/**
 * The integer that is enciphered into the digits: a window with its kind and revision, or a clock time.
 * Times are milliseconds since 1970 UTC outside, half-hour slots since 2025-01-01T00:00:00Z inside. Source: spec, "Payload".
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { type AlphabetSpec, VARIANTS } from './alphabet.ts';

export const EPOCH_MS: number = Date.UTC(2025, 0, 1);
export const SLOT_MS: number = 30 * 60_000;
const MINUTE_MS = 60_000;
const REVISIONS = 8;

/** The kinds of window codes, in the order of their numbers on the wire. */
export const CODE_KINDS = ['stay', 'amendment', 'one-time', 'revocation'] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

/** What a window code says: open from `startsAtMs` on, until before `endsAtMs`. */
export interface WindowContent {
  readonly kind: CodeKind;
  /** 0 to 7 */
  readonly revision: number;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** What a clock code says: it was made for this whole minute. */
export interface ClockContent {
  readonly kind: 'clock';
  readonly atMs: number;
}

/** Slots of a window, rounded outward: start down, end up. @throws StaycodeError `out-of-range` */
export function windowSlots(
  window: { readonly startsAtMs: number; readonly endsAtMs: number },
  alphabet: AlphabetSpec,
): { startSlot: number; lengthSlots: number } {
  const { startsAtMs, endsAtMs } = window;
  if (!(endsAtMs > startsAtMs))
    throw range('window', 'an end after its start', `${startsAtMs} to ${endsAtMs}`);
  const startSlot = Math.floor((startsAtMs - EPOCH_MS) / SLOT_MS);
  const lengthSlots = Math.ceil((endsAtMs - EPOCH_MS) / SLOT_MS) - startSlot;
  checkWhole('start slot', startSlot, 0, alphabet.startSlots - 1);
  checkWhole('length in slots', lengthSlots, 1, alphabet.maxLengthSlots);
  return { startSlot, lengthSlots };
}

/** @throws StaycodeError `out-of-range` for a kind, revision, start or length that the alphabet cannot hold */
export function encodeWindow(content: WindowContent, alphabet: AlphabetSpec): number {
  const kind = CODE_KINDS.indexOf(content.kind);
  if (kind < 0) throw range('kind', CODE_KINDS.join(', '), content.kind);
  checkWhole('revision', content.revision, 0, REVISIONS - 1);
  const { startSlot, lengthSlots } = windowSlots(content, alphabet);
  return (
    (startSlot * alphabet.maxLengthSlots + (lengthSlots - 1)) * VARIANTS + kind * REVISIONS + content.revision
  );
}

/** A time within a minute is that minute. @throws StaycodeError `out-of-range` */
export function encodeClock(atMs: number, alphabet: AlphabetSpec): number {
  const { windowPayloads, clockMinutes } = alphabet;
  const minutes = Math.floor((atMs - EPOCH_MS) / MINUTE_MS);
  checkWhole('clock minutes', minutes, 0, clockMinutes - 1);
  return windowPayloads + minutes;
}

/** The inverse of both; `null` for a payload that no code has. */
export function decodePayload(payload: number, alphabet: AlphabetSpec): WindowContent | ClockContent | null {
  const { windowPayloads, clockMinutes } = alphabet;
  if (payload >= windowPayloads) {
    const minutes = payload - windowPayloads;
    return minutes < clockMinutes ? { kind: 'clock', atMs: EPOCH_MS + minutes * MINUTE_MS } : null;
  }
  const variant = payload % VARIANTS;
  const window = (payload - variant) / VARIANTS;
  const kind = CODE_KINDS[Math.floor(variant / REVISIONS)];
  if (kind === undefined) return null;
  const startSlot = Math.floor(window / alphabet.maxLengthSlots);
  const startsAtMs = EPOCH_MS + startSlot * SLOT_MS;
  const endsAtMs = startsAtMs + ((window % alphabet.maxLengthSlots) + 1) * SLOT_MS;
  return { kind, revision: variant % REVISIONS, startsAtMs, endsAtMs };
}

function checkWhole(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw range(what, `a whole number from ${min} to ${max}`, String(value));
  }
}

function range(what: string, expected: string, got: string): StaycodeError {
  return new StaycodeError('out-of-range', `${what}: expected ${expected}, got ${got}`);
}
