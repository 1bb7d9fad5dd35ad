/**
 * The locks of the settings page: those that the host listed, and those that speak on the broker.
 * @module
 */
import { type IncomingMessage, type LockState, parseLockState, StaycodeError } from '@staycode/core';
import { type Visit, visitBroker } from './broker-visit.ts';
import { type ListedLock, readBlock } from './settings-block.ts';

/** Fit for the page: no key and no login. */
export interface ShownLock {
  /** Its place in the list of the config; `null` for one that was only found. */
  readonly at: number | null;
  readonly lockId: string | null;
  readonly name: string;
  /** What the broker says of it. */
  readonly text: string;
  readonly online: boolean;
  /** What the host has to do before it can be used; `null` for nothing. */
  readonly needs: string | null;
}

export interface ShownLocks {
  readonly broker: { readonly ok: boolean; readonly text: string };
  readonly locks: readonly ShownLock[];
}

interface Heard {
  availability?: string;
  state?: LockState;
}

/** Retained messages come at once; a broker far away takes a moment. */
const LISTEN_MS = 2_000;
const TOPICS = ['staycode/+/availability', 'staycode/+/state'];
const BOLTS = { secured: 'locked', unsecured: 'unlocked', jammed: 'jammed' } as const;

/** Asks the broker of the block. Never throws for what stands in the block or comes from the broker. */
export async function findLocks(block: unknown): Promise<ShownLocks> {
  const { broker, faults, locks } = readBlock(block);
  const visit: Visit =
    broker === null
      ? { ok: false, text: noBroker(faults), messages: [] }
      : await visitBroker(broker, { topics: TOPICS, listenMs: LISTEN_MS });
  const heard = sortByLock(visit.messages);
  const listed = locks.map((lock) => showListed(lock, heard, visit.ok));
  const ids = new Set(listed.map(({ lockId }) => lockId));
  const found = [...heard.keys()]
    .filter((lockId) => !ids.has(lockId))
    .sort()
    .map((lockId) => showFound(lockId, heard.get(lockId)));
  const text = [visit.text, ...(broker === null ? [] : faults.map((fault) => `${fault}.`))].join(' ');
  return { broker: { ok: visit.ok, text }, locks: [...listed, ...found] };
}

function noBroker(faults: readonly string[]): string {
  return faults.length === 0
    ? 'No broker is set yet. Paste a pairing string, or set the broker under All settings.'
    : `The broker cannot be used: ${faults.join('; ')}.`;
}

function sortByLock(messages: readonly IncomingMessage[]): Map<string, Heard> {
  const locks = new Map<string, Heard>();
  for (const { topic, text } of messages) {
    const [, encoded = '', kind] = topic.split('/');
    const lockId = decodeId(encoded);
    if (lockId === null || text === '') continue;
    const heard = locks.get(lockId) ?? {};
    locks.set(lockId, heard);
    if (kind === 'availability') heard.availability = text;
    else Object.assign(heard, readState(text));
  }
  return locks;
}

function decodeId(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

function readState(text: string): Heard {
  try {
    return { state: parseLockState(text) };
  } catch (error) {
    if (!(error instanceof StaycodeError)) throw error;
    return {};
  }
}

function showListed(
  { at, settings, faults }: ListedLock,
  heard: Map<string, Heard>,
  asked: boolean,
): ShownLock {
  if (settings === null) {
    const needs = `Its settings have a fault${faults.map((fault) => ` ${fault}`).join(';')}.`;
    return { at, lockId: null, name: `Lock ${at + 1}`, text: 'Not used.', online: false, needs };
  }
  const { lockId, name } = settings;
  const own = heard.get(lockId);
  return { at, lockId, name, ...tell(own, asked), needs: null };
}

function showFound(lockId: string, heard: Heard | undefined): ShownLock {
  const needs =
    'It has no key here yet: make its pairing string in Node-RED or with staycode pair, and paste it above.';
  return { at: null, lockId, name: lockId, ...tell(heard, true), needs };
}

function tell(heard: Heard | undefined, asked: boolean): Pick<ShownLock, 'text' | 'online'> {
  if (!asked) return { text: 'Not known while the broker is out of reach.', online: false };
  if (heard?.availability === undefined) {
    return { text: 'Nothing is heard of it on this broker: has it ever been connected?', online: false };
  }
  if (heard.availability !== 'online') return { text: 'Offline.', online: false };
  const { state } = heard;
  if (state === undefined) return { text: 'Online.', online: true };
  const battery = state.battery === null ? '' : `, battery ${Math.round(state.battery)} %`;
  return { text: `Online, ${BOLTS[state.bolt]}${battery}.`, online: true };
}
