/**
 * `staycode odds`: what a guesser can hope for, under the default rules or the host's own.
 * @module
 */
import { parseArgs } from 'node:util';
import { type Alphabet, alphabetSpec } from '../stay-code/alphabet.ts';
import { oddsOfLock } from '../lock/can-open.ts';
import type { LockFile } from '../lock/lock-file.ts';
import { type LockOdds, odds } from '../lock/odds.ts';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  type HouseRules,
  STREET_DOOR_HOUSE_RULES,
} from '../lock/rules.ts';
import { readLockFile } from './key-source.ts';
import type { CommandIo } from './main.ts';

const STREET_DOOR_FLATS = 20;

/** `odds [--zone Z] [--alphabet A]` for one flat and a street door with 20, or `odds --lock FILE [--pins N]` for a lock. */
export async function runOdds(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      zone: { type: 'string', default: 'Europe/Berlin' },
      alphabet: { type: 'string', default: 'decimal' },
      lock: { type: 'string' },
      'passphrase-file': { type: 'string' },
      pins: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const doors =
    values.lock === undefined
      ? defaultDoors(values.zone, values.alphabet as Alphabet)
      : { lock: lockOdds(await readLockFile(values.lock, values['passphrase-file'], io.env), values.pins) };
  io.stdout(values.json ? JSON.stringify(toJson(doors)) : Object.entries(doors).map(describe).join('\n\n'));
  return 0;
}

function defaultDoors(zone: string, alphabet: Alphabet): Record<string, LockOdds> {
  alphabetSpec(alphabet);
  const door = (house: Omit<HouseRules, 'zone'>, units: number): LockOdds =>
    odds({ rules: compileRules({ zone, ...house }), alphabet, units, livePins: units, staff: [] });
  return { flat: door(DEFAULT_HOUSE_RULES, 1), streetDoor: door(STREET_DOOR_HOUSE_RULES, STREET_DOOR_FLATS) };
}

function lockOdds(file: LockFile, pins: string | undefined): LockOdds {
  return oddsOfLock(file, pins === undefined ? file.units.length : Number(pins));
}

/** The worst of the doors in front, then each. */
function toJson(doors: Readonly<Record<string, LockOdds>>): object {
  const all = Object.values(doors);
  const perGuess = Math.max(...all.map((door) => door.perGuess));
  const perYear = Math.max(...all.map((door) => door.perYear));
  return { perGuess, oneIn: 1 / perGuess, perYear, ...doors };
}

const TITLES: Readonly<Record<string, string>> = {
  flat: 'One flat, default rules, one guest in',
  streetDoor: `Street door with ${STREET_DOOR_FLATS} flats, its default rules, a guest in each`,
  lock: 'This lock',
};

function describe([name, door]: [string, LockOdds]): string {
  const line = (what: string, { oneIn, perYear }: { oneIn: number; perYear: number }): string =>
    `  ${what.padEnd(34)} 1 guess in ${Math.round(oneIn).toLocaleString('en')}, ${(perYear * 100).toFixed(2)} % a year`;
  return [
    TITLES[name] ?? name,
    ...door.byDigits.map((one) => line(`entries of ${one.digits} digits`, one)),
    ...(door.clockLost.perGuess > 0 ? [line('twelve digits while the clock is lost', door.clockLost)] : []),
    line('hitting a revocation, opens nothing', door.revocation),
  ].join('\n');
}
