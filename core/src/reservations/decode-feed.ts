/**
 * Bytes of a feed to whole lines of text.
 * @module
 */
import { StaycodeError } from '../errors.ts';

/** Room for 200,000 events of the usual size; a feed of one property has a few dozen. */
export const MAX_FEED_BYTES: number = 64 * 1024 * 1024;

const NUL = 0;
const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;

/**
 * Decodes UTF-8, or UTF-16 by its byte order mark, and unfolds (RFC 5545 §3.1), so that a line ends in one LF.
 * Drops byte order marks and NULs, and takes a bare CR for an end of line.
 * @throws StaycodeError `not-a-calendar` for more than `maxBytes`
 */
export function decodeFeed(body: Uint8Array | string, maxBytes: number = MAX_FEED_BYTES): string {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  if (bytes.length > maxBytes) {
    throw new StaycodeError(
      'not-a-calendar',
      `the feed is ${bytes.length} bytes, expected at most ${maxBytes}`,
    );
  }
  const utf8 = toUtf8(bytes);
  const text = new TextDecoder().decode(
    unfold(utf8.includes(NUL) ? utf8.filter((byte) => byte !== NUL) : utf8),
  );
  // Calendars that were joined end to end have a mark in the middle, too.
  return text.replaceAll('\uFEFF', '').trimStart();
}

function toUtf8(bytes: Uint8Array): Uint8Array {
  const mark = bytes.length < 2 ? 0 : ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  if (mark !== 0xfffe && mark !== 0xfeff) return bytes;
  return new TextEncoder().encode(new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be').decode(bytes));
}

/** On bytes, because old programs fold after 75 of them, within a character if need be. */
function unfold(bytes: Uint8Array): Uint8Array {
  const unfolded = new Uint8Array(bytes.length);
  let length = 0;
  let broken = false;
  // Neither for-of nor forEach: over megabytes they take as long as all the parsing.
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at++] ?? NUL;
    if (byte === LF || byte === CR) {
      broken = true;
      continue;
    }
    const isFold = broken && (byte === SPACE || byte === TAB);
    if (broken && !isFold) unfolded[length++] = LF;
    if (!isFold) unfolded[length++] = byte;
    broken = false;
  }
  return unfolded.subarray(0, length);
}
