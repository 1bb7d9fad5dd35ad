/**
 * The ids that platforms know things by. Seam's are UUIDs; ours, a calendar's UID or the host's own names, are not, so each gets
 * one that follows from it: version 8 of RFC 9562, from SHA-256. A stay keeps its own when its digits change.
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The `access_code_id` of a stay's code, whichever digits it has. */
export function accessCodeIdOf(unitId: string, reservationId: string): string {
  return uuidOf('access code', unitId, reservationId);
}

/** The `device_id` of a unit: what opens with one code is one device, however many doors it has. */
export function deviceIdOf(unitId: string): string {
  return uuidOf('device', unitId);
}

/** Seam has workspaces and accounts; a register is one of each. */
export const WORKSPACE_ID: string = uuidOf('workspace');
export const CONNECTED_ACCOUNT_ID: string = uuidOf('connected account');

function uuidOf(...names: readonly string[]): string {
  const bytes = sha256(utf8ToBytes(JSON.stringify(['staycode', ...names]))).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-');
}
