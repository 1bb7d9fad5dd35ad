/**
 * The desk between a PMS and the flow: what was heard is folded and kept in the register's file, and what the register does not
 * know yet is told. Nothing is sent here.
 * @module
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type Deliveries,
  foldPms,
  forgetPms,
  type HouseOptions,
  listRefetches,
  listStays,
  matchSources,
  type PmsEvent,
  type PmsPoll,
  type PmsState,
  type PmsStay,
  readPmsPoll,
  rememberDelivery,
  type StayNews,
  wantPmsStay,
} from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { PmsSettings } from './settings.mts';

/** What is kept of a PMS: JSON in the register's file. */
interface Kept {
  readonly state: PmsState;
  readonly seen: Deliveries;
}

export interface PmsDeskOptions {
  /** Names the PMS in the register. */
  readonly nodeId: string;
  readonly store: AccessCodeStore;
  readonly settings: PmsSettings;
  /** Id and house of the unit that a listing is, `null` for one that is not run from here. */
  readonly unitOf: (ref: string) => { readonly unitId: string; readonly house: HouseOptions } | null;
  /** Whether the flow makes codes for the unit, so that its stays reach the register. */
  readonly makesCodes: (unitId: string) => boolean;
}

/** One stay that the flow is to hear of. */
export interface StayTold {
  readonly unitId: string;
  readonly stay: PmsStay;
  readonly news: StayNews;
  readonly event: 'new' | 'changed' | 'cancelled';
}

export interface Taken {
  readonly told: readonly StayTold[];
  /** What could not be read. */
  readonly problems: readonly string[];
  /** Listings that no unit is named for, each told once. */
  readonly unmapped: readonly string[];
  /** How many reservations were read. */
  readonly count: number;
}

export interface PmsDesk {
  /** Webhooks that were taken before. */
  seen(): Deliveries;
  /** @param deliveryId of a webhook; it is remembered together with what it says */
  take(body: unknown, event: Omit<PmsEvent, 'reading'>, deliveryId?: string): Taken;
  /** What the register does not know, though it was told: a crash or an unfinished flow has lost it. */
  lost(nowMs: number): readonly StayTold[];
  /** Reservations that a webhook only named. */
  refetches(): readonly { readonly id: string }[];
  /** A stay by the name that the PMS gives it. */
  find(stayId: string): PmsStay | undefined;
}

/** Guests come back with questions for some weeks. */
const KEPT_MS = 30 * 86_400_000;

export function createPmsDesk(options: PmsDeskOptions): PmsDesk {
  const { store, settings, nodeId } = options;
  const { mapping, prepaidChannels } = settings;
  const key = `pms ${nodeId}`;
  const unknown = new Set<string>();
  const tellings = createTellings(options);
  const read = (): Kept => {
    const json = store.readFeed(key);
    return json === null ? { state: {}, seen: [] } : (JSON.parse(json) as Kept);
  };
  return {
    seen: () => read().seen,
    find: (stayId) => listStays(read().state).find(({ id }) => id === stayId),
    refetches: () => listNamed(read().state),
    lost: (nowMs) => tellings(listStays(read().state), nowMs),
    take(body, event, deliveryId) {
      const missed = new Set<string>();
      const houseOf = (ref: string): HouseOptions | null => {
        const unit = options.unitOf(ref);
        if (unit === null && !unknown.has(ref)) missed.add(ref);
        return unit?.house ?? null;
      };
      const { readings, problems } = readPmsPoll(mapping, body, { houseOf, prepaidChannels });
      const { state, seen } = read();
      const next = foldPms(
        state,
        readings.map((reading) => ({ ...event, reading })),
      );
      const { seenAtMs } = event;
      const kept: Kept = {
        state: forgetPms(next, seenAtMs - KEPT_MS),
        seen: deliveryId === undefined ? seen : rememberDelivery(seen, deliveryId, seenAtMs),
      };
      // Before anything is told: what is lost on the way is told again at the next start.
      if (problems.length === 0 || readings.length > 0) store.writeFeed(key, JSON.stringify(kept));
      for (const ref of missed) unknown.add(ref);
      const ids = idsOf(readings);
      const stays = listStays(kept.state).filter(({ reservation }) => ids.has(reservation.id));
      return { told: tellings(stays, seenAtMs), problems, unmapped: [...missed], count: ids.size };
    },
  };
}

/** What a webhook with all there is to know has told needs no second look. */
function listNamed(state: PmsState): { id: string }[] {
  return listRefetches(state).filter(({ pms, id }) => {
    const { newestChanged, newestSeen, webhookSeenAtMs } = state[`${pms}/${id}`] ?? {};
    const toldAtMs = Math.max(newestChanged?.seenAtMs ?? 0, newestSeen?.seenAtMs ?? 0);
    return (webhookSeenAtMs ?? 0) > toldAtMs;
  });
}

function idsOf(readings: PmsPoll['readings']): Set<string> {
  return new Set(
    readings.flatMap((reading) => {
      if (reading.kind === 'ignored') return [];
      return reading.kind === 'reservation' ? reading.reservation.id : reading.id;
    }),
  );
}

/** Of the stays those that the register, or without one the flow, does not have as they are now. */
function createTellings({
  store,
  unitOf,
  makesCodes,
}: PmsDeskOptions): (stays: readonly PmsStay[], nowMs: number) => StayTold[] {
  const told = new Map<string, string>();
  return (stays, nowMs) =>
    stays.flatMap((stay): StayTold[] => {
      const unit = unitOf(stay.unitRef);
      if (unit === null) return [];
      const { unitId } = unit;
      const news = wantPmsStay(stay);
      const records = makesCodes(unitId) ? store.readUnit(unitId).stays : null;
      const isKnown =
        records?.some(({ stay: { id, pmsStayId } }) => [id, pmsStayId].includes(stay.id)) ??
        told.has(stay.id);
      const isOver = news.news === 'stay' && news.stay.endsAtMs <= nowMs;
      if (!isKnown && (isOver || news.news === 'gone')) return [];
      const text = JSON.stringify(news);
      if (records ? agrees(records, news) : told.get(stay.id) === text) return [];
      const event = news.news === 'gone' ? 'cancelled' : isKnown ? 'changed' : 'new';
      if (news.news === 'gone') told.delete(stay.id);
      else told.set(stay.id, text);
      return [{ unitId, stay, news, event }];
    });
}

/** Whether the register holds already what the news say. */
function agrees(records: Parameters<typeof matchSources>[0], news: StayNews): boolean {
  const byId = new Map(records.map(({ stay }) => [stay.id, stay]));
  return matchSources(records, [news]).every((one) =>
    one.news === 'gone'
      ? !byId.has(one.id)
      : isDeepStrictEqual(toJson(byId.get(one.stay.id)), toJson(fill(one.stay, byId.get(one.stay.id)))),
  );
}

/** The register keeps a name that it had, where the news have none. */
function fill<T extends { readonly guestName: string | null }>(stay: T, known: T | undefined): T {
  return { ...stay, guestName: stay.guestName ?? known?.guestName ?? null };
}

/** As it comes back from disk: without what is undefined. */
function toJson(value: unknown): unknown {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown);
}
