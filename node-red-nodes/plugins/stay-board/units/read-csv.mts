/**
 * Units in a table: a row each, as a spreadsheet writes it. What a row says wrongly is told by row and column, with what was
 * expected there.
 * @module
 */
import { deriveLockKey, deriveUnitKey, StaycodeError } from '@staycode/core';
import Papa from 'papaparse';

export const COLUMNS = [
  'unit_id',
  'name',
  'site',
  'keypad',
  'key_version',
  'lock_id',
  'lock_name',
  'feed_url',
] as const;
export type Column = (typeof COLUMNS)[number];

/** What is wrong in a cell: the page has a sentence for each rule, with what was expected and what came. */
export interface CellFault {
  /** From 2 on, as the heading is line 1. */
  readonly line: number;
  readonly column: string;
  readonly rule:
    | 'columns'
    | 'id'
    | 'twice'
    | 'no-site'
    | 'which-site'
    | 'site'
    | 'keypad'
    | 'key-version'
    | 'key-lower'
    | 'lock-names'
    | 'url';
  readonly expected: string;
  readonly got: string;
}

export interface UnitRow {
  readonly line: number;
  readonly unitId: string;
  readonly name: string;
  /** Id of the `stay-site` node. */
  readonly site: string;
  readonly alphabet: 'decimal' | 'no-zero';
  readonly keyVersion: number;
  readonly locks: readonly { readonly lockId: string; readonly name: string }[];
  /** Addresses of calendars; none to leave those that there are as they are. */
  readonly feedUrls: readonly string[];
}

export interface CsvReading {
  readonly rows: readonly UnitRow[];
  readonly faults: readonly CellFault[];
}

export interface CsvContext {
  /** The sites of the flow. */
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  /** The key version of a unit that there is; `null` for a new one. */
  readonly keyVersionOf: (unitId: string) => number | null;
}

type Cells = Readonly<Record<string, string | undefined>>;
type Tell = (column: Column, rule: CellFault['rule'], expected: string, got: string) => void;

/** Reads a table with any of the usual separators. Several doors or calendars of a unit stand in one cell, parted by `|`. */
export function readUnitsCsv(text: string, context: CsvContext): CsvReading {
  const table = Papa.parse<Cells>(text.replace(/^\uFEFF/u, ''), {
    header: true,
    skipEmptyLines: 'greedy',
    transformHeader: (name) => name.trim().toLowerCase(),
  });
  const faults: CellFault[] = headingFaults(table.meta.fields ?? []);
  if (faults.length > 0) return { rows: [], faults };
  const lineOf = new Map<string, number>();
  const rows = table.data.map((cells, i): UnitRow => {
    const line = i + 2;
    const tell: Tell = (column, rule, expected, got) => {
      faults.push({ line, column, rule, expected, got });
    };
    const row = readRow({ line, cells, tell, context });
    const earlier = lineOf.get(row.unitId);
    if (earlier !== undefined) tell('unit_id', 'twice', String(earlier), row.unitId);
    else lineOf.set(row.unitId, line);
    return row;
  });
  return { rows, faults };
}

function headingFaults(fields: readonly string[]): CellFault[] {
  const unknown = fields.filter((field) => field !== '' && !COLUMNS.includes(field as Column));
  const got = unknown.length > 0 ? unknown.join(', ') : fields.join(', ');
  if (unknown.length === 0 && fields.includes('unit_id')) return [];
  return [{ line: 1, column: unknown[0] ?? 'unit_id', rule: 'columns', expected: COLUMNS.join(', '), got }];
}

interface RowParts {
  readonly line: number;
  readonly cells: Cells;
  readonly tell: Tell;
  readonly context: CsvContext;
}

function readRow({ line, cells, tell, context }: RowParts): UnitRow {
  const cell = (column: Column): string => cells[column]?.trim() ?? '';
  const unitId = cell('unit_id');
  if (!isId(unitId, deriveUnitKey)) tell('unit_id', 'id', '64', unitId);
  const keypad = cell('keypad') || 'decimal';
  if (keypad !== 'decimal' && keypad !== 'no-zero') tell('keypad', 'keypad', 'decimal, no-zero', keypad);
  return {
    ...{ line, unitId, name: cell('name') },
    site: readSite(cell('site'), context, tell),
    alphabet: keypad === 'no-zero' ? 'no-zero' : 'decimal',
    keyVersion: readKeyVersion(cell('key_version'), context.keyVersionOf(unitId), tell),
    locks: readLocks(cell('lock_id'), cell('lock_name'), tell),
    feedUrls: readUrls(cell('feed_url'), tell),
  };
}

function isId(id: string, derive: (key: Uint8Array, id: string, version: number) => unknown): boolean {
  try {
    derive(new Uint8Array(32), id, 1);
    return true;
  } catch (error) {
    if (error instanceof StaycodeError) return false;
    throw error;
  }
}

function readSite(name: string, { sites }: CsvContext, tell: Tell): string {
  const names = sites.map((site) => site.name).join(', ');
  const [only] = sites;
  if (only === undefined) tell('site', 'no-site', '', name);
  else if (name === '') {
    if (sites.length === 1) return only.id;
    tell('site', 'which-site', names, '');
  }
  const site = sites.find((one) => one.name === name);
  if (site === undefined && name !== '' && only !== undefined) tell('site', 'site', names, name);
  return site?.id ?? '';
}

function readKeyVersion(text: string, known: number | null, tell: Tell): number {
  const version = text === '' ? (known ?? 1) : Number(text);
  if (!Number.isInteger(version) || version < 1) {
    tell('key_version', 'key-version', '1', text);
    return 1;
  }
  // Codes of a lower version are dead at every lock that has been given the higher one.
  if (known !== null && version < known) tell('key_version', 'key-lower', String(known), text);
  return version;
}

const parts = (text: string): string[] =>
  text
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function readLocks(ids: string, names: string, tell: Tell): UnitRow['locks'] {
  const lockIds = parts(ids);
  const lockNames = parts(names);
  for (const id of lockIds) if (!isId(id, deriveLockKey)) tell('lock_id', 'id', '64', id);
  if (lockNames.length > 0 && lockNames.length !== lockIds.length) {
    tell('lock_name', 'lock-names', String(lockIds.length), String(lockNames.length));
  }
  return lockIds.map((lockId, i) => ({ lockId, name: lockNames[i] ?? '' }));
}

function readUrls(text: string, tell: Tell): string[] {
  const urls = parts(text);
  // What came is not told: a calendar's address is a secret.
  if (urls.some((url) => !/^(https|webcal):\/\/[^\s/]+\S*$/iu.test(url)))
    tell('feed_url', 'url', 'https://', '');
  return urls.map((url) => url.replace(/^webcal:/iu, 'https:'));
}
