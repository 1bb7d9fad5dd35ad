/**
 * TLV8, the byte form of HAP's structured values: a type byte, a length byte, the value. Source: HAP specification R2, 14.1.
 * @module
 */

export interface Tlv8Item {
  /** 1 to 255: 0 parts two items of one type. */
  readonly type: number;
  readonly value: Uint8Array;
}

const MAX_FRAGMENT_BYTES = 255;
const SEPARATOR_TYPE = 0;

/** Values over 255 bytes go in fragments; two items of one type in a row are parted by 00 00. */
export function encodeTlv8(items: readonly Tlv8Item[]): Uint8Array {
  const bytes: number[] = [];
  for (const [i, { type, value }] of items.entries()) {
    if (items[i - 1]?.type === type) bytes.push(SEPARATOR_TYPE, 0);
    let start = 0;
    do {
      const fragment = value.subarray(start, start + MAX_FRAGMENT_BYTES);
      bytes.push(type, fragment.length, ...fragment);
      start += MAX_FRAGMENT_BYTES;
    } while (start < value.length);
  }
  return Uint8Array.from(bytes);
}

/** The items, whole again and without what parts them; `null` for bytes that end within one. */
export function decodeTlv8(bytes: Uint8Array): Tlv8Item[] | null {
  const items: Tlv8Item[] = [];
  let openType: number | null = null;
  for (let at = 0; at < bytes.length;) {
    const [type = SEPARATOR_TYPE, length] = bytes.subarray(at, at + 2);
    const value = bytes.subarray(at + 2, at + 2 + (length ?? 0));
    if (length === undefined || value.length < length) return null;
    const last = items.at(-1);
    if (last?.type === type && type === openType)
      items[items.length - 1] = { type, value: join(last.value, value) };
    else if (type !== SEPARATOR_TYPE) items.push({ type, value });
    openType = length === MAX_FRAGMENT_BYTES ? type : null;
    at += 2 + length;
  }
  return items;
}

function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
