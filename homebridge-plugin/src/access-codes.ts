/**
 * HAP's access codes, read only: today's stay codes are listed and read; adding, updating and removing are refused,
 * because a stay code comes from a booking and from nowhere else.
 * @module
 */
import { decodeTlv8, encodeTlv8, type Tlv8Item } from './tlv8.ts';

/** A code as the Home app may see it. */
export interface ListedCode {
  /** Whole number below 2^32, the same for the same code at every start. */
  readonly id: number;
  /** Twelve decimal digits. */
  readonly digits: string;
}

const DIGITS = 12;
/** What the one byte of the supported configuration can say. */
export const MAX_LISTED_CODES = 255;
const DECIMAL_CHARACTERS = 1;
/** Twice what a request for every code that can be listed takes. */
const MAX_REQUEST_BYTES = 8192;

const OPERATION = { list: 1, read: 2, add: 3, update: 4, remove: 5 };
const CONTROL_POINT = { operation: 1, request: 2, response: 3 };
const RECORD = { id: 1, code: 2, flags: 3, status: 4 };
const STATUS = {
  ok: 0,
  full: 2,
  duplicate: 4,
  short: 5,
  long: 6,
  badCharacter: 7,
  invalid: 8,
  missing: 9,
};

interface AccessCodeRequest {
  /** As it came: the Home app may pad a number as it likes. */
  readonly idBytes: Uint8Array | undefined;
  readonly id: number | undefined;
  readonly code: string | undefined;
}

/** The value of AccessCodeSupportedConfiguration: decimal digits, twelve of them. */
export function encodeSupportedConfiguration(): Uint8Array {
  return encodeTlv8([
    { type: 1, value: Uint8Array.of(DECIMAL_CHARACTERS) },
    { type: 2, value: Uint8Array.of(DIGITS) },
    { type: 3, value: Uint8Array.of(DIGITS) },
    { type: 4, value: Uint8Array.of(MAX_LISTED_CODES) },
  ]);
}

/**
 * The response to what was written to AccessCodeControlPoint; `null` for a request that names no operation or is far too long.
 * @param codes at most `MAX_LISTED_CODES`
 */
export function answerControlPoint(bytes: Uint8Array, codes: readonly ListedCode[]): Uint8Array | null {
  const items = bytes.length > MAX_REQUEST_BYTES ? null : decodeTlv8(bytes);
  const operation = items?.find(({ type }) => type === CONTROL_POINT.operation);
  if (!items || operation?.value.length !== 1) return null;
  const requests = items.filter(({ type }) => type === CONTROL_POINT.request).map(readRequest);
  const records = answerOperation(operation.value[0] ?? 0, requests, codes);
  // The operation comes back in every answer: the Home app fails without it.
  const answer: Tlv8Item[] = records.map((value) => ({ type: CONTROL_POINT.response, value }));
  return encodeTlv8([operation, ...answer]);
}

function answerOperation(
  operation: number,
  requests: readonly AccessCodeRequest[],
  codes: readonly ListedCode[],
): Uint8Array[] {
  if (operation === OPERATION.list) return codes.map(({ id }) => encodeRecord(bytesOf(id), STATUS.ok));
  const refuse = refusalOf(operation, codes);
  if (requests.length === 0) return [encodeRecord(undefined, STATUS.invalid)];
  return requests.map((request) => {
    const code = operation === OPERATION.read ? codes.find(({ id }) => id === request.id) : undefined;
    return code
      ? encodeRecord(bytesOf(code.id), STATUS.ok, code.digits)
      : encodeRecord(request.idBytes, refuse(request));
  });
}

/** The status with which a request of an operation is refused. */
function refusalOf(operation: number, codes: readonly ListedCode[]): (request: AccessCodeRequest) => number {
  switch (operation) {
    case OPERATION.add:
      return ({ code }) => statusOfNewCode(code, codes);
    case OPERATION.read:
    case OPERATION.update:
    case OPERATION.remove:
      return ({ id }) =>
        id === undefined || codes.some((code) => code.id === id) ? STATUS.invalid : STATUS.missing;
    default:
      return () => STATUS.invalid;
  }
}

/** What is wrong with a code beside that none can be added, if anything. */
function statusOfNewCode(code: string | undefined, codes: readonly ListedCode[]): number {
  if (code === undefined) return STATUS.invalid;
  if (!/^\d*$/u.test(code)) return STATUS.badCharacter;
  if (code.length < DIGITS) return STATUS.short;
  if (code.length > DIGITS) return STATUS.long;
  if (codes.some(({ digits }) => digits === code)) return STATUS.duplicate;
  return codes.length >= MAX_LISTED_CODES ? STATUS.full : STATUS.invalid;
}

function readRequest({ value }: Tlv8Item): AccessCodeRequest {
  const fields = decodeTlv8(value) ?? [];
  const valueOf = (wanted: number): Uint8Array | undefined =>
    fields.find(({ type }) => type === wanted)?.value;
  const code = valueOf(RECORD.code);
  const idBytes = valueOf(RECORD.id);
  return {
    idBytes,
    id: idBytes && numberOf(idBytes),
    code: code && new TextDecoder().decode(code),
  };
}

function encodeRecord(id: Uint8Array | undefined, status: number, digits?: string): Uint8Array {
  return encodeTlv8([
    ...(id ? [{ type: RECORD.id, value: id }] : []),
    ...(digits === undefined ? [] : [{ type: RECORD.code, value: new TextEncoder().encode(digits) }]),
    { type: RECORD.flags, value: Uint8Array.of(0) },
    { type: RECORD.status, value: Uint8Array.of(status) },
  ]);
}

/** Little-endian, as all of HAP's numbers. */
function bytesOf(id: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, id, true);
  return bytes;
}

function numberOf(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}
