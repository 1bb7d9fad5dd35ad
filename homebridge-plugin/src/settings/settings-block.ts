/**
 * The block of config that the settings page shows and changes, lock by lock.
 * @module
 */
import { parsePairing, StaycodeError } from '@staycode/core';
import type { MqttLogin } from '@staycode/core/edges';
import { type LockSettings, readConfig } from '../config.ts';

export type Block = Readonly<Record<string, unknown>>;

/** A lock of the list, at its place there. */
export interface ListedLock {
  readonly at: number;
  /** `null` where it is faulty. */
  readonly settings: LockSettings | null;
  readonly faults: readonly string[];
}

export interface ReadBlock {
  readonly broker: MqttLogin | null;
  /** Of the broker, and of the locks as a whole. */
  readonly faults: readonly string[];
  readonly locks: readonly ListedLock[];
}

/** Reads what the page sent. Never throws. */
export function readBlock(sent: unknown): ReadBlock {
  const block = isBlock(sent) ? sent : {};
  const config = readConfig(block);
  const entries: unknown[] = Array.isArray(block.locks) ? block.locks : [];
  const locks = entries.map((entry, at) => {
    const read = readConfig({ ...block, locks: [entry] });
    const faults = read?.faults.filter((fault) => fault.startsWith('locks[0]')) ?? [];
    return { at, settings: read?.locks[0] ?? null, faults: faults.map((fault) => fault.slice(8)) };
  });
  const ofLock = new Set(locks.flatMap(({ at, faults }) => faults.map((fault) => `locks[${at}]${fault}`)));
  return {
    broker: config?.broker ?? null,
    faults: (config?.faults ?? []).filter((fault) => !ofLock.has(fault)),
    locks,
  };
}

export type Added =
  | { readonly ok: true; readonly block: Block; readonly name: string; readonly replaced: boolean }
  | { readonly ok: false; readonly text: string };

/** The block with the lock of a pairing string; for a lock that is listed already its key is set anew, and the rest stays. */
export function addPairing(sent: unknown, pasted: unknown): Added {
  const block = isBlock(sent) ? sent : {};
  const line = typeof pasted === 'string' ? pasted.replace(/\s/gu, '') : '';
  if (line === '') return { ok: false, text: 'Paste the line that Staycode made for Homebridge.' };
  try {
    const { lockId, name } = parsePairing(line);
    const entries: unknown[] = Array.isArray(block.locks) ? block.locks : [];
    const at = readBlock(block).locks.find(({ settings }) => settings?.lockId === lockId)?.at ?? null;
    const locks = at === null ? [...entries, { pairing: line }] : entries.with(at, anew(entries[at], line));
    return { ok: true, block: { ...block, locks }, name, replaced: at !== null };
  } catch (error) {
    if (!(error instanceof StaycodeError)) throw error;
    return { ok: false, text: `This is no whole pairing string: ${error.message}.` };
  }
}

/** The string stands for these fields. */
const IN_PAIRING: readonly string[] = ['lockId', 'controllerId', 'commandKey'];

function anew(entry: unknown, pairing: string): Block {
  const kept = Object.entries(isBlock(entry) ? entry : {}).filter(([field]) => !IN_PAIRING.includes(field));
  return { ...Object.fromEntries(kept), pairing };
}

export function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
