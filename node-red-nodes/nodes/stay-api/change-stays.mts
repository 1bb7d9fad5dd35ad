/**
 * Stays that callers make, move and call off. Each is decided and written in one transaction; where it would be left without a
 * code nothing is written, and the caller hears why.
 * @module
 */
import {
  type Action,
  type CreateRequest,
  type HostOverride,
  isLive,
  reconcile,
  type Reconciliation,
  type StayNews,
  type UpdateRequest,
  wantReservation,
  type WantedStay,
} from '@staycode/core';
import { Refusal, refuseField } from './answers.mts';
import type { ApiDesk, ApiUnit, Found } from './api-desk.mts';
import type { ApiKey } from './api-keys.mts';
import { toWords } from './overrule.mts';

/** The `access_code_id` comes from the stay's id. @returns the stay's id */
export function createStay(desk: ApiDesk, unit: ApiUnit, request: CreateRequest): string {
  const { startsAtMs, endsAtMs, name } = request;
  checkTimes(desk, request);
  const id = desk.newId();
  const news = wantReservation(
    { id, startsAtMs, endsAtMs, guestName: name, status: 'confirmed' },
    { source: 'hand' },
  );
  change(desk, unit, id, { news: [named(news, desk.nodeId)] });
  return id;
}

/** What a feed or a PMS booked is overruled as by the host's word; what was made by hand is made anew. */
export function updateStay(desk: ApiDesk, found: Found, request: UpdateRequest, key: ApiKey): void {
  const { unit } = found;
  const stay = requireStay(found);
  const times = {
    startsAtMs: request.startsAtMs ?? stay.startsAtMs,
    endsAtMs: request.endsAtMs ?? stay.endsAtMs,
  };
  checkTimes(desk, times);
  if (stay.source === 'hand') {
    const guestName = request.name === undefined ? stay.guestName : request.name;
    const moved: WantedStay = { ...stay, ...times, guestName };
    change(desk, unit, stay.id, { news: [{ news: 'stay', stay: moved }] });
    return;
  }
  if (request.name !== undefined && request.name !== stay.guestName)
    throw refuseField('name', 'expected none: the name is the booking’s');
  const words = toWords(found, request, { zone: unit.house.zone, key, atMs: desk.nowMs() });
  change(desk, unit, stay.id, { words });
}

/** A booking that is a feed's or a PMS's would come back: the host's word holds its code back. */
export function endStay(desk: ApiDesk, found: Found, key: ApiKey): void {
  const { unit } = found;
  const stay = requireStay(found);
  const { id } = stay;
  if (stay.source === 'hand') {
    change(desk, unit, id, { news: [{ news: 'gone', id, why: 'cancelled' }], isEnd: true });
    return;
  }
  const { unitId } = unit.house.unit;
  const said = { by: `API key ${key.name}`, why: 'deleted over the API', atMs: desk.nowMs() };
  const word = { kind: 'hold', on: true } as const;
  change(desk, unit, id, { words: [{ unitId, reservationId: id, word, ...said }], isEnd: true });
}

/** The stay of a code that is in force. @throws Refusal for one that is called off or over */
function requireStay({ stay, code }: Found): WantedStay {
  if (stay !== null && code.withdrawnAtMs === null) return stay;
  throw new Refusal(
    'access_code_not_found',
    'access code: expected one that is in force, got one that was ended',
  );
}

function checkTimes(
  { nowMs }: ApiDesk,
  { startsAtMs, endsAtMs }: { readonly startsAtMs: number; readonly endsAtMs: number },
): void {
  if (endsAtMs <= startsAtMs) throw refuseField('ends_at', 'expected a time after starts_at');
  if (endsAtMs <= nowMs()) throw refuseField('ends_at', 'expected a time to come');
}

function named(news: StayNews, nodeId: string): StayNews {
  return news.news === 'stay' ? { ...news, toldBy: nodeId } : news;
}

interface Wish {
  readonly news?: readonly StayNews[];
  readonly words?: readonly HostOverride[];
  /** Whether the stay is to have no code. */
  readonly isEnd?: boolean;
}

function change(desk: ApiDesk, unit: ApiUnit, stayId: string, { news = [], words = [], isEnd }: Wish): void {
  const { store, newId } = desk;
  const nowMs = desk.nowMs();
  const { unitId } = unit.house.unit;
  const { actions } = store.together(() => {
    const change = store.changeUnit(unitId, (records) => {
      const done = reconcile({ ...records, ...unit.house, news, words, nowMs, newId });
      if (isEnd !== true) checkOutcome(done.actions, stayId);
      return letOut(done, stayId, nowMs);
    });
    const record = store.readUnit(unitId).stays.find(({ stay }) => stay.id === stayId);
    if (record?.toldBy === desk.nodeId) store.outbox.noteTold(unitId, stayId, { nowMs, newId });
    return change;
  });
  desk.changed(unitId, actions);
}

/** The answer has the digits, or they can be read from then on, so they are out there with it: written before anybody reads them. */
function letOut(done: Reconciliation, stayId: string, nowMs: number): Reconciliation {
  const put = done.put.map((code) =>
    code.reservationId === stayId && isLive(code) ? { ...code, leftAtMs: code.leftAtMs ?? nowMs } : code,
  );
  return { ...done, put };
}

/** @throws Refusal where the stay would have no code */
function checkOutcome(actions: readonly Action[], stayId: string): void {
  const held = actions.find(
    (action) => action.reservationId === stayId && (action.action === 'hold' || action.action === 'ask'),
  );
  if (held === undefined) return;
  const detail = 'detail' in held ? held.detail : null;
  const why = WITHHELD[held.reason === 'rule' ? `rule-${String(detail)}` : held.reason];
  throw why?.() ?? new Refusal('access_code_conflict', detail ?? 'the host holds this stay back');
}

const noTime = (field: string) => () => refuseField(field, 'expected a time at which the locks take stays');
const notReady = () => new Refusal('device_not_ready', 'the unit’s site has no key, or no rules');

const WITHHELD: Readonly<Record<string, () => Refusal>> = {
  'rule-start': noTime('starts_at'),
  'rule-end': noTime('ends_at'),
  'rule-shortest': () => refuseField('ends_at', 'expected a longer stay'),
  'rule-longest': () => refuseField('ends_at', 'expected a shorter stay'),
  'beyond-years': () => refuseField('ends_at', 'expected a time within the years that a code can hold'),
  conflict: () =>
    new Refusal('access_code_conflict', 'another stay has these nights: expected times that are free'),
  'revisions-spent': () =>
    new Refusal('no_code_left', 'these nights were changed too often: the unit needs a new key version'),
  'no-site-key': notReady,
  'no-rules': notReady,
};
