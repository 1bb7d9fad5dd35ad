/**
 * A PMS's bodies by the PMS's mapping: which reservation it is about, and whether the body is enough.
 * @module
 */
import { StaycodeError } from '../../errors.ts';
import { badField, findField, isList, readText, requireText, type Source } from './fields.ts';
import { meaningOf, type PmsMapping } from './mapping.ts';
import type { PmsContext, PmsReading, PmsRequest } from './pms-reservation.ts';
import { readReservation } from './read-reservation.ts';

/** Readings of a poll, and what was wrong with those reservations that could not be read. */
export interface PmsPoll {
  readonly readings: readonly PmsReading[];
  readonly problems: readonly string[];
}

/**
 * Reads a webhook's body, or a PMS's answer for one reservation.
 * @param body parsed JSON
 * @throws StaycodeError `bad-message`, naming the PMS, the field and what was expected of it
 */
export function readPms(mapping: PmsMapping, body: unknown, context: PmsContext): PmsReading {
  const source = locateRecord(mapping, body);
  const event = readText(source, mapping.event?.path);
  const meaning = event === null || !mapping.event ? 'read' : meaningOf(mapping.event, event);
  if (meaning === undefined) return { kind: 'ignored', event: event ?? '' };
  const { pms } = mapping;
  const id = requireText(source, mapping.id, "the reservation's id");
  if (meaning === 'deleted') return { kind: 'deleted', pms, id };
  if (meaning === 'refetch') return { kind: 'refetch', pms, id, refetch: refetchRequest(mapping, id) };
  const reservation = readReservation(mapping, source, context);
  return {
    kind: 'reservation',
    reservation: meaning === 'cancelled' ? { ...reservation, status: 'cancelled' } : reservation,
  };
}

/** Reads a PMS's answer with many reservations: one that cannot be read spoils only itself. */
export function readPmsPoll(mapping: PmsMapping, body: unknown, context: PmsContext): PmsPoll {
  const source: Source = { pms: mapping.pms, within: [body], body };
  const listed = mapping.list === undefined ? body : findField(source, mapping.list);
  const items = [body, listed].find(isList) ?? [body];
  const readings: PmsReading[] = [];
  const problems: string[] = [];
  for (const item of items) {
    try {
      readings.push(readPms(mapping, item, context));
    } catch (error) {
      if (!(error instanceof StaycodeError)) throw error;
      problems.push(error.message);
    }
  }
  return { readings, problems };
}

/** The request that fetches one reservation. @throws StaycodeError `bad-config` where the mapping names none */
export function refetchRequest(mapping: PmsMapping, id: string): PmsRequest {
  if (mapping.refetch === undefined) {
    throw new StaycodeError('bad-config', `PMS mapping ${mapping.pms}: refetch: expected a path with {id}`);
  }
  return { method: 'GET', path: mapping.refetch.replaceAll('{id}', () => encodeURIComponent(id)) };
}

function locateRecord({ pms, record }: PmsMapping, body: unknown): Source {
  const whole: Source = { pms, within: [body], body };
  for (const path of record) {
    const found = path === '' ? body : findField(whole, path);
    if (typeof found === 'object' && found !== null && !Array.isArray(found))
      return { pms, within: [found], body };
  }
  throw badField(
    whole,
    record.map((path) => path || 'whole'),
    'an object',
  );
}
