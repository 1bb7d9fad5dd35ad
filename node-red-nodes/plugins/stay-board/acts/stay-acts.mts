/**
 * What the host can do to a stay.
 * @module
 */
import {
  type HostOverride,
  isLive,
  Overrides,
  type OverrideWord,
  requireZone,
  type StayRecord,
  wantReservation,
} from '@staycode/core';
import {
  type Act,
  type ActContext,
  ActRefused,
  findRecord,
  queue,
  settleStay,
  type Settled,
  textOf,
} from './act.mts';
import { revocationsOf, showCode } from './show-code.mts';

type Word = HostOverride['word'];

const DAY_MS = 86_400_000;

const isTrial = ({ body }: ActContext): boolean => body.trial === true;

/** What the page says of an act, before and after it. */
function report(context: ActContext, { code, isNewCode, lost }: Settled): object {
  return {
    hasCode: code !== null,
    isNewCode,
    startsAtMs: code?.stay.startsAtMs ?? null,
    endsAtMs: code?.stay.endsAtMs ?? null,
    /** Until when the code of before still opens, where nobody types the new one or its revocation. */
    stillOpenUntilMs: lost.length > 0 ? Math.max(...lost.map(({ endsAtMs }) => endsAtMs)) : null,
    revocations: isTrial(context) ? [] : revocationsAfter(context),
  };
}

function revocationsAfter(context: ActContext): object[] {
  const { unit, store } = context;
  return revocationsOf(context, textOf(context, 'stayId'), store.readUnit(unit.node.unit.unitId));
}

function say(words: (context: ActContext) => readonly Word[], wantsCode: boolean): Act {
  return (context) => {
    const stayId = textOf(context, 'stayId');
    const { unit, store } = context;
    findRecord(store.readUnit(unit.node.unit.unitId), stayId);
    const wish = { stayId, wantsCode, why: textOf(context, 'why'), isTrial: isTrial(context) };
    return report(context, settleStay(context, { ...wish, words: words(context) }));
  };
}

/** Other times: each a wall time `YYYY-MM-DDTHH:MM` of the property. One that is the stay's already is no word. */
function readTimes(context: ActContext): readonly Word[] {
  const { unit, store, body } = context;
  const { unitId } = unit.node.unit;
  const records = store.readUnit(unitId);
  const { stay } = findRecord(records, textOf(context, 'stayId'));
  if (body.from === undefined && body.to === undefined) throw new ActRefused('missing-to');
  const zone = zoneOf(context);
  const { window } = new Overrides(records.overrides, zoneName(context)).apply(stay, unitId);
  return (
    [
      ['check-in', 'from', 'startsAtMs'],
      ['check-out', 'to', 'endsAtMs'],
    ] as const
  ).flatMap(([kind, field, end]) => {
    const wallMs = body[field] === undefined ? null : readWall(context, field);
    const isAnother = wallMs !== null && wallMs !== zone.toWall(window[end]);
    return isAnother ? [toTimeWord(kind, wallMs, zone.toWall(stay[end]))] : [];
  });
}

/** The booked time again takes the word back. */
function toTimeWord(kind: 'check-in' | 'check-out', wallMs: number, bookedWallMs: number): OverrideWord {
  if (wallMs === bookedWallMs) return { kind, time: null };
  const days = Math.floor(wallMs / DAY_MS) - Math.floor(bookedWallMs / DAY_MS);
  return { kind, time: new Date(wallMs).toISOString().slice(11, 16), ...(days !== 0 && { days }) };
}

/** Milliseconds on the wall, as core's zones count them. */
function readWall(context: ActContext, field: 'from' | 'to'): number {
  const text = textOf(context, field);
  const wallMs = Date.parse(`${text}:00Z`);
  // What is no day of the calendar, as 31 November, comes back as another text or as none.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 16) !== text) {
    throw new ActRefused(`bad-${field}`, text);
  }
  return wallMs;
}

const zoneName = ({ unit }: ActContext): string => unit.site?.zone ?? 'UTC';
const zoneOf = (context: ActContext): ReturnType<typeof requireZone> => requireZone(zoneName(context));

const addStay: Act = (context) => {
  const zone = zoneOf(context);
  const window = {
    startsAtMs: zone.toInstant(readWall(context, 'from'), 'earlier'),
    endsAtMs: zone.toInstant(readWall(context, 'to'), 'later'),
  };
  if (window.endsAtMs <= window.startsAtMs) throw new ActRefused('bad-to');
  const { name } = context.body;
  const stayId = `hand-${context.newId()}`;
  const guestName = typeof name === 'string' && name.trim() !== '' ? name.trim() : null;
  const news = wantReservation({ id: stayId, ...window, guestName, status: 'confirmed' }, { source: 'hand' });
  const settled = settleStay(context, {
    ...{ stayId, news: [news], why: 'added by hand', wantsCode: true, isTrial: isTrial(context) },
  });
  if (!isTrial(context)) record(context, 'added', stayId);
  return { stayId, ...report({ ...context, body: { ...context.body, stayId } }, settled) };
};

/** Only what the host wrote is his to strike; a calendar or a PMS would bring its own back. */
const removeStay: Act = (context) => {
  const stayId = textOf(context, 'stayId');
  const { stay }: StayRecord = findRecord(context.store.readUnit(context.unit.node.unit.unitId), stayId);
  if (stay.source !== 'hand') throw new ActRefused('not-by-hand');
  const settled = settleStay(context, {
    ...{ stayId, why: textOf(context, 'why'), wantsCode: false, isTrial: isTrial(context) },
    news: [{ news: 'gone', id: stayId, why: 'cancelled' }],
  });
  if (!isTrial(context)) record(context, 'removed', stayId);
  return report(context, settled);
};

/** The id of a stay that has a code. */
function withCode(context: ActContext): string {
  const { unit, store } = context;
  const stayId = textOf(context, 'stayId');
  const { codes } = store.readUnit(unit.node.unit.unitId);
  if (codes.some((code) => code.reservationId === stayId && isLive(code))) return stayId;
  throw new ActRefused('no-code');
}

const sendAgain: Act = (context) => {
  const { unit, store, nowMs } = context;
  const { unitId } = unit.node.unit;
  const stayId = withCode(context);
  if (unit.desk === null) throw new ActRefused('nobody-sends');
  queue(context);
  const last = store.outbox.readUnit(unitId).findLast(({ reservationId }) => reservationId === stayId);
  if (!last) throw new ActRefused('no-code');
  store.outbox.retry(last.id, nowMs);
  context.changed([]);
  record(context, 'sent-again', stayId);
  return {};
};

/** The host told the guest himself: what waits to be sent is not. */
const told: Act = (context) => {
  const { unit, store, nowMs, newId } = context;
  const { unitId } = unit.node.unit;
  const stayId = withCode(context);
  store.outbox.noteTold(unitId, stayId, { nowMs, newId });
  context.changed([]);
  record(context, 'told-otherwise', stayId);
  return {};
};

function record({ unit, store, by, nowMs, body }: ActContext, act: string, reservationId: string): void {
  const note = typeof body.why === 'string' && body.why.trim() !== '' ? body.why.trim() : null;
  store.acts.add({ act, unitId: unit.node.unit.unitId, reservationId, by, note, atMs: nowMs });
}

/** By their names in the address. */
export const STAY_ACTS: Readonly<Record<string, Act>> = {
  'show-code': showCode,
  'change-times': say(readTimes, true),
  'new-code': say(() => [{ kind: 'new-code' }], true),
  revoke: say(() => [{ kind: 'hold', on: true }], false),
  // Another code: the revocation of the one before may have been typed, and that one is dead then.
  restore: say(() => [{ kind: 'hold', on: false }, { kind: 'new-code' }], true),
  allow: say(() => [{ kind: 'pay', on: true }], true),
  'send-again': sendAgain,
  told,
  'add-stay': addStay,
  'remove-stay': removeStay,
};
