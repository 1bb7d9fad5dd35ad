/** A house with many units, each with stays of every kind, in a register as the nodes would have left it. */
import { join } from 'node:path';
import {
  type CodeId,
  compileRules,
  DEFAULT_HOUSE_RULES,
  DEFAULT_OUTBOX_POLICY,
  isLive,
  reconcile,
  type StayNews,
  type Unit,
} from '@staycode/core';
import { type AccessCodeStore, openAccessCodeStore } from '@staycode/core/edges';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
export const SITE_KEY: string = '5c'.repeat(32);

export interface BusyHouse {
  readonly flows: readonly object[];
  readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const NAMES = (
  'Anna Keller,Björn Lindqvist,Chiara Romano,David Okafor,Elif Yılmaz,François Petit,Greta Vogel,Hugo Sánchez,' +
  'Ines Duarte,Jonas Weber,Katarzyna Nowak,Liam Byrne,Mei Tanaka,Noah Fischer,Olga Petrova,Pedro Alves,Rosa Marini,' +
  'Sven Holm,Tereza Horáková,Umar Siddiqui,Vera de Vries,Willem Bakker,Yara Haddad,Zoë Martin'
).split(',');

/** What becomes of a stay beyond its code. */
type Fate = 'told' | 'used' | 'waits' | 'bare' | 'unpaid' | 'cancelled' | 'double';

interface PlannedStay {
  /** Days from today on which it starts and ends. */
  readonly from: number;
  readonly to: number;
  readonly fate: Fate;
}

/** Eight stays a unit: two that are over, one in the house, and what comes; which of them go wrong differs by unit. */
function planStays(index: number, stays: number): PlannedStay[] {
  const planned: PlannedStay[] = [];
  let day = -7 - (index % 4);
  for (let i = 0; i < stays; i++) {
    const nights = 1 + ((index * 5 + i * 3) % 4);
    const from = day;
    const to = from + nights;
    planned.push({ from, to, fate: fateOf(index, i, from, to) });
    day = to + ((index + i) % 3 === 0 ? 1 : 0);
  }
  return planned;
}

function fateOf(index: number, i: number, from: number, to: number): Fate {
  if (to <= 0) return 'used';
  if (from < 0) return 'used';
  if (from === 0) return index % 20 === 13 ? 'unpaid' : index % 9 === 3 ? 'waits' : 'told';
  if ((index * 3 + i) % 37 === 5) return 'unpaid';
  if ((index * 5 + i) % 53 === 7) return 'double';
  if ((index * 7 + i) % 41 === 6) return 'cancelled';
  if (from > 6) return (index + i) % 3 === 0 ? 'bare' : 'waits';
  return 'told';
}

export const unitIdOf = (index: number): string => `flat-${index + 1}`;

export interface BusyHouseOptions {
  readonly userDir: string;
  readonly units: number;
  readonly stays: number;
  readonly zone: string;
  readonly nowMs: number;
}

/** Writes the register into the user directory of a Node-RED that is yet to start, and returns its flow. */
export function writeBusyHouse({ userDir, units, stays, zone, nowMs }: BusyHouseOptions): BusyHouse {
  const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
  for (let index = 0; index < units; index++) {
    const unit: Unit = { unitId: unitIdOf(index), keyVersion: 1, alphabet: 'decimal' };
    for (const [i, planned] of planStays(index, stays).entries()) {
      writeStay(store, unit, {
        ...planned,
        id: `r-${index + 1}-${i + 1}`,
        zone,
        nowMs,
        name: nameOf(index, i),
      });
    }
  }
  store.close();
  return { flows: busyFlow(units, zone), credentials: { site: { siteKey: SITE_KEY } } };
}

const nameOf = (index: number, i: number): string => NAMES[(index * 7 + i * 5) % NAMES.length] ?? '';

interface Writing extends PlannedStay {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly nowMs: number;
}

function writeStay(store: AccessCodeStore, unit: Unit, stay: Writing): void {
  const { id, name, fate, from, to, nowMs, zone } = stay;
  const window = { startsAtMs: at(stay, from, 15), endsAtMs: at(stay, to, 11) };
  // Booked ten days ahead, so that a code of the past was made in its time.
  const bookedMs = Math.min(nowMs, window.startsAtMs) - 10 * DAY_MS;
  const news = (of: string, who: string): StayNews => ({
    news: 'stay',
    stay: {
      ...{
        id: of,
        source: fate === 'unpaid' ? 'pms' : 'feed',
        bookingId: null,
        ...window,
        guestName: who,
        displaces: [],
      },
      gate:
        fate === 'unpaid'
          ? { pass: false, reason: 'unpaid', message: 'The booking is not paid.' }
          : { pass: true, override: null },
    },
  });
  const settle = (told: readonly StayNews[], atMs: number): void => {
    store.changeUnit(unit.unitId, (records) =>
      reconcile({
        ...{ ...records, unit, zone, hasKey: true, rules: compileRules({ ...DEFAULT_HOUSE_RULES, zone }) },
        ...{ news: told, nowMs: atMs, newId: () => crypto.randomUUID() },
      }),
    );
    if (fate !== 'bare') {
      const policy = { ...DEFAULT_OUTBOX_POLICY, daysBeforeArrival: fate === 'waits' ? 0 : null };
      store.outbox.queue(unit.unitId, { policy, nowMs: atMs, newId: () => crypto.randomUUID() });
    }
  };
  settle([news(id, name)], bookedMs);
  if (fate === 'double') settle([news(`${id}-again`, 'Quentin Moreau')], bookedMs + HOUR_MS);
  if (fate === 'waits' || fate === 'bare' || fate === 'unpaid') return;
  tellAll(store, unit.unitId, bookedMs + HOUR_MS);
  if (fate === 'cancelled') settle([{ news: 'gone', id, why: 'cancelled' }], bookedMs + 2 * HOUR_MS);
  if (fate === 'used') use(store, unit, id, window.startsAtMs + 2 * HOUR_MS);
}

function tellAll(store: AccessCodeStore, unitId: string, atMs: number): void {
  const policy = DEFAULT_OUTBOX_POLICY;
  const next = () => store.outbox.claimNext(atMs, policy, (message) => message.unitId === unitId);
  for (let claimed = next(); claimed !== null; claimed = next())
    store.outbox.markSent(claimed.message.id, atMs);
}

/** As a lock's log tells it. */
function use(store: AccessCodeStore, { unitId }: Unit, id: string, atMs: number): void {
  const code = store.readUnit(unitId).codes.find((one) => one.reservationId === id && isLive(one));
  if (!code) throw new Error(`${id}: expected a code`);
  const { keyVersion, kind, revision, startsAtMs, endsAtMs } = code;
  const codeId: CodeId = { unitId, keyVersion, kind, revision, startsAtMs, endsAtMs };
  const lockId = `door-${unitId}`;
  const seq = store.uses.takenUpTo(lockId, '0'.repeat(32)) + 1;
  store.uses.take([
    {
      ...{ lockId, logId: '0'.repeat(32), seq, bootId: '0'.repeat(32), event: 'LockOperation' },
      record: {
        ...{ type: 'entry', length: 'long', outcome: 'opened', reason: 'stay', code: codeId },
        ...{ atMs, clock: 'running', poweredMs: seq },
      },
    },
  ]);
}

/** The instant of an hour, on the zone's wall, so many days from today. */
function at({ nowMs, zone }: Writing, days: number, hour: number): number {
  const day = new Date(nowMs + days * DAY_MS).toLocaleDateString('sv', { timeZone: zone });
  const guess = Date.parse(`${day}T${String(hour).padStart(2, '0')}:00:00Z`);
  const wall = Date.parse(`${new Date(guess).toLocaleString('sv', { timeZone: zone }).replace(' ', 'T')}Z`);
  return guess - (wall - guess);
}

/** One site, a door for each unit and none that codes are sent from. */
function busyFlow(units: number, zone: string): object[] {
  const flow: object[] = [
    { id: 'tab', type: 'tab', label: 'Stays' },
    {
      ...{ id: 'site', type: 'stay-site', name: 'Harbour House', zone, checkIn: '15:00', checkOut: '11:00' },
      ...{ checkInFrom: '14:00', checkInTo: '18:00', checkOutFrom: '09:00', checkOutTo: '12:00' },
      ...{ minNights: 1, maxNights: 31 },
    },
  ];
  for (let index = 0; index < units; index++) {
    const unitId = unitIdOf(index);
    flow.push(
      {
        ...{ id: `unit-${index + 1}`, type: 'stay-unit', name: `Flat ${index + 1}`, site: 'site', unitId },
        ...{ alphabet: 'decimal', keyVersion: 1 },
      },
      {
        ...{ id: `lock-${index + 1}`, type: 'stay-lock', name: `Door ${index + 1}`, site: 'site' },
        ...{ lockId: `door-${unitId}`, units: [`unit-${index + 1}`] },
      },
    );
  }
  return flow;
}
