/**
 * The units that there are as a table, to edit in a spreadsheet and bring back. The calendars' addresses are not in it.
 * @module
 */
import Papa from 'papaparse';
import { doorName } from '../door-log.mts';
import type { HouseUnit } from '../house.mts';
import { COLUMNS } from './read-csv.mts';

export function writeUnitsCsv(house: readonly HouseUnit[]): string {
  const data = house.map(({ node, site, locks }) => [
    node.unit.unitId,
    node.unitName,
    site?.name ?? '',
    node.unit.alphabet,
    String(node.unit.keyVersion),
    locks.map(({ lockId }) => lockId).join('|'),
    locks.map(doorName).join('|'),
    '',
  ]);
  // A name that begins as a formula must not be one in the host's spreadsheet.
  return `${Papa.unparse({ fields: [...COLUMNS], data }, { escapeFormulae: true })}\r\n`;
}
