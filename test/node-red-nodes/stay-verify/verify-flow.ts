/** A home with keypads of all kinds, and what the tests need to type at them. */
import { deriveCodeKey, deriveUnitKey, issueClockCode, issueCode } from '@staycode/core';
import type { RunningNodeRed } from '../../support/node-red.ts';
import { instant } from '../sample-feed.ts';
import type { SampleHome } from '../sample-home.ts';

export const SITE_KEY: string = '5c'.repeat(32);
export const siteKey: Uint8Array = Uint8Array.from(Buffer.from(SITE_KEY, 'hex'));
const codeKey = deriveCodeKey(deriveUnitKey(siteKey, 'flat-a', 1));

/** A stay that runs now, by its place among the stays of these days. */
export function stayCode(revision = 0): string {
  const window = { startsAtMs: instant(-1, 15), endsAtMs: instant(2, 11) };
  return issueCode(codeKey, { kind: 'stay', revision, ...window, alphabet: 'decimal' });
}

export function clockCode(): string {
  const atMs = Math.ceil(Date.now() / 60_000 + 1) * 60_000;
  return issueClockCode(codeKey, { atMs, alphabet: 'decimal' });
}

/** What the flow sends on of a verdict. */
export interface Verdict {
  /** `opened`, `refused` or `done`. */
  readonly output: string;
  readonly node: string;
  readonly topic: string;
  readonly payload: Record<string, unknown>;
  readonly keypad?: Record<string, unknown>;
  /** Names of all that the message held. */
  readonly held: readonly string[];
}

export interface Door {
  readonly id: string;
  readonly lock?: string;
  readonly lockFile?: string;
  readonly groups?: string;
}

/** One property; doors and keypads as named; each verdict and each status sent on to the home. */
export function verifyFlows(home: SampleHome, doors: readonly Door[], keyVersion = 1): object[] {
  const locks = new Set(doors.map(({ lock }) => lock).filter((lock) => lock !== undefined));
  const unit = { type: 'stay-unit', site: 'site', alphabet: 'decimal' };
  return [
    { id: 'tab', type: 'tab', label: 'Home' },
    {
      ...{ id: 'site', type: 'stay-site', name: 'Home', zone: 'UTC', checkIn: '15:00', checkOut: '11:00' },
      ...{ checkInFrom: '14:00', checkInTo: '18:00', checkOutFrom: '09:00', checkOutTo: '12:00' },
      ...{ minNights: 1, maxNights: 31 },
    },
    { id: 'unit-a', unitId: 'flat-a', keyVersion, ...unit },
    { id: 'unit-b', unitId: 'flat-b', keyVersion: 1, ...unit },
    ...[...locks].map((lock) => ({
      ...{ id: `lock-${lock}`, type: 'stay-lock', name: `The ${lock}`, site: 'site', lockId: lock },
      units: ['unit-a', 'unit-b'],
    })),
    ...doors.flatMap((door) => nodesOf(door, home)),
    { id: 'statuses', z: 'tab', type: 'status', scope: doors.map(({ id }) => id), wires: [['pick-status']] },
    ...post('status', 'return { payload: msg.status };', home),
    { id: 'ok', z: 'tab', type: 'http response', statusCode: '200', wires: [] },
    { id: 'caught', z: 'tab', type: 'catch', scope: null, wires: [['pick-caught']] },
    ...post('caught', 'const { res, ...rest } = msg; return { payload: rest };', home),
  ];
}

/** Types a payload at a keypad. */
/** `beside` are fields of the message beside what was typed, as a broker's node has them. */
export async function type(
  node: RunningNodeRed,
  door: string,
  payload: unknown,
  beside: object = {},
): Promise<void> {
  const response = await fetch(`${node.url}/${door}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ value: payload, beside }),
  });
  if (response.status !== 200) throw new Error(`typing at ${door}: ${response.status}`);
}

function nodesOf({ id, lock, lockFile = '', groups = 'whole' }: Door, home: SampleHome): object[] {
  const outputs = ['opened', 'refused', 'done'];
  const tell = (output: string): string =>
    `const { res, ...rest } = msg;
     return { payload: { output: '${output}', node: '${id}', held: Object.keys(msg), ...rest } };`;
  return [
    {
      id: `in-${id}`,
      z: 'tab',
      type: 'http in',
      url: `/${id}`,
      method: 'post',
      wires: [[`beside-${id}`, 'ok']],
    },
    {
      ...{ id: `beside-${id}`, z: 'tab', type: 'function', outputs: 1, wires: [[id]] },
      func: 'const { beside, ...payload } = msg.payload; return { ...msg, payload, ...beside };',
    },
    {
      ...{ id, z: 'tab', type: 'stay-verify', name: '', groups, property: 'payload.value' },
      ...{ source: lock === undefined ? 'file' : 'lock', lock: `lock-${lock ?? ''}`, lockFile },
      wires: outputs.map((output) => [`pick-${id}-${output}`]),
    },
    ...outputs.flatMap((output) => post(`${id}-${output}`, tell(output), home, 'verdict')),
  ];
}

function post(id: string, func: string, home: SampleHome, to = id): object[] {
  const request = { type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' };
  return [
    { id: `pick-${id}`, z: 'tab', type: 'function', func, outputs: 1, wires: [[`post-${id}`]] },
    { id: `post-${id}`, z: 'tab', ...request, url: `${home.url}/${to}`, wires: [[]] },
  ];
}
