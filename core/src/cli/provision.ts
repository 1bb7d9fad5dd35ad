/**
 * `staycode provision`: the file that one lock is given. The keys in it are derived from the site key, which is not in it.
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { StaycodeError } from '../errors.ts';
import { oddsOfLock } from '../lock/can-open.ts';
import type { UnitKey } from '../lock/keyring.ts';
import { DEFAULT_KEEPER, formatLockFile, type LockFile, parseLockFile } from '../lock/lock-file.ts';
import type { LockOdds } from '../lock/odds.ts';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  type HouseRules,
  STREET_DOOR_HOUSE_RULES,
} from '../lock/rules.ts';
import { staffSchema } from '../lock/schemas.ts';
import { sealBytes } from '../lock/sealed-file.ts';
import type { StaffSecret } from '../lock/staff.ts';
import { parseMessage } from '../parse-message.ts';
import { type Alphabet, CODE_DIGITS } from '../stay-code/alphabet.ts';
import { deriveLockKey, deriveUnitKey } from '../stay-code/keys.ts';
import { needPassphrase, readSiteKey } from './key-source.ts';
import type { CommandIo } from './main.ts';
import { needed } from './needed.ts';

const options = {
  lock: { type: 'string' },
  name: { type: 'string' },
  unit: { type: 'string', multiple: true },
  zone: { type: 'string' },
  'lock-key-version': { type: 'string', default: '1' },
  'street-door': { type: 'boolean', default: false },
  'check-in-from': { type: 'string' },
  'check-in-to': { type: 'string' },
  'check-out-from': { type: 'string' },
  'check-out-to': { type: 'string' },
  'step-minutes': { type: 'string' },
  'min-nights': { type: 'string' },
  'max-nights': { type: 'string' },
  'skew-minutes': { type: 'string' },
  'pin-digits': { type: 'string' },
  'clock-lost': { type: 'string' },
  staff: { type: 'string' },
  keeper: { type: 'string', default: DEFAULT_KEEPER },
  out: { type: 'string' },
  plain: { type: 'boolean', default: false },
  'key-file': { type: 'string' },
  'passphrase-file': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** `provision --lock ID --unit ID[:VERSION[:ALPHABET]] … --zone Z --out FILE`: a lock's file, sealed unless `--plain`. */
export async function runProvision(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const out = needed('--out FILE', values.out);
  // Asked for before the work, so that nothing is written where it is missing.
  const passphrase = values.plain ? null : needPassphrase(values['passphrase-file'], io.env);
  const file = createLockFile(values, readSiteKey(values['key-file'], io.env));
  const text = formatLockFile(file);
  const randomBytes = (length: number): Uint8Array => io.randomBytes(length);
  const written =
    passphrase === null ? text : await sealBytes(utf8ToBytes(text), { passphrase, randomBytes });
  writeFileSync(out, written, { mode: 0o600, flag: 'wx' });
  if (values.plain) io.stderr(`staycode provision: ${out} is not sealed: who reads it can mint codes`);
  tellOdds(file, out, values.json, io);
  return 0;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** Read back from its own text, so that what is written is what a lock takes. */
function createLockFile(values: Values, siteKey: Uint8Array): LockFile {
  const lockId = needed('--lock ID', values.lock);
  const zone = needed('--zone ZONE, such as Europe/Berlin', values.zone);
  if (!values.unit?.length) throw bad('expected --unit ID[:VERSION[:ALPHABET]], once or more');
  const file: LockFile = {
    lockId,
    name: values.name ?? lockId,
    zone,
    lockKey: deriveLockKey(siteKey, lockId, Number(values['lock-key-version'])),
    units: retireOldKeys(values.unit.map((text) => readUnit(text, siteKey))),
    rules: compileRules(readHouseRules(values, zone)),
    staff: readStaff(values.staff),
    ...(values.keeper !== 'none' && { keeper: values.keeper }),
  };
  return parseLockFile(formatLockFile(file));
}

/** An id that has a colon of its own is told from a mistyped version only by naming version and alphabet as well. */
function readUnit(text: string, siteKey: Uint8Array): UnitKey {
  const match = /^(.+):(\d+):(decimal|no-zero)$/u.exec(text) ?? /^([^:]+)(?::(\d+))?$/u.exec(text);
  const [, unitId, version = '1', alphabet = 'decimal'] = match ?? [];
  if (unitId === undefined) throw bad(`--unit: expected ID[:VERSION[:decimal|no-zero]], got ${text}`);
  const keyVersion = Number(version);
  const unitKey = deriveUnitKey(siteKey, unitId, keyVersion);
  return { unitId, keyVersion, alphabet: alphabet as Alphabet, unitKey };
}

/** Of a unit with two key versions the lower serves only who is in already. Source: spec, "Keys". */
function retireOldKeys(units: readonly UnitKey[]): UnitKey[] {
  return units.map((unit) => {
    const isOld = units.some(
      ({ unitId, keyVersion }) => unitId === unit.unitId && keyVersion > unit.keyVersion,
    );
    return { ...unit, serves: isOld ? 'enrolled' : 'all' };
  });
}

function readHouseRules(values: Values, zone: string): HouseRules {
  const base = values['street-door'] ? STREET_DOOR_HOUSE_RULES : DEFAULT_HOUSE_RULES;
  const number = <T extends number>(text: string | undefined, preset: T): T =>
    text === undefined ? preset : (Number(text) as T);
  const stepMinutes = number(values['step-minutes'], base.stepMinutes);
  // A step of 0 would give endless times; the other fields are checked where the rules are compiled.
  if (![30, 60].includes(stepMinutes)) throw bad(`--step-minutes: expected 30 or 60`);
  return {
    zone,
    checkInFrom: values['check-in-from'] ?? base.checkInFrom,
    checkInTo: values['check-in-to'] ?? base.checkInTo,
    checkOutFrom: values['check-out-from'] ?? base.checkOutFrom,
    checkOutTo: values['check-out-to'] ?? base.checkOutTo,
    stepMinutes,
    minNights: number(values['min-nights'], base.minNights),
    maxNights: number(values['max-nights'], base.maxNights),
    skewMinutes: number(values['skew-minutes'], base.skewMinutes),
    pinDigits: number(values['pin-digits'], base.pinDigits),
    clockLost: (values['clock-lost'] ?? base.clockLost) as HouseRules['clockLost'],
  };
}

function readStaff(path: string | undefined): readonly StaffSecret[] {
  if (path === undefined) return [];
  return parseMessage(v.array(staffSchema), readFileSync(path, 'utf8'), 'staff file');
}

const LEAST_ONE_IN = 1_000_000;
const MOST_A_YEAR = 0.01;

/** With a guest's PIN in every unit, as on a full house's night. */
function tellOdds(file: LockFile, out: string, json: boolean, io: CommandIo): void {
  const guests = file.units.filter(({ serves }) => serves === 'all').length;
  const odds = oddsOfLock(file, guests);
  const { perGuess, oneIn, perYear } = odds;
  const warnings = adviseOn(odds);
  for (const warning of warnings) io.stderr(`staycode provision: ${warning}`);
  if (json) {
    io.stdout(JSON.stringify({ file: out, odds: { perGuess, oneIn, perYear }, warnings }));
    return;
  }
  io.stdout(
    `Wrote ${out} for lock ${file.lockId}. With a guest in every unit: 1 guess in ${count(oneIn)} opens, ${(perYear * 100).toFixed(2)} % a year.`,
  );
}

function adviseOn({ byDigits }: LockOdds): string[] {
  return byDigits
    .filter(({ oneIn, perYear }) => Math.round(oneIn) < LEAST_ONE_IN || perYear > MOST_A_YEAR)
    .map(({ digits, oneIn, perYear }) => {
      const figure = `entries of ${digits} digits: 1 guess in ${count(oneIn)}, ${(perYear * 100).toFixed(2)} % a year`;
      return `${figure}, expected 1 in ${count(LEAST_ONE_IN)} and 1 % or better: ${narrow(digits)}`;
    });
}

function narrow(digits: number): string {
  if (digits === CODE_DIGITS) return 'narrow check-in and check-out times, --max-nights, or use whole hours';
  return digits === 6
    ? 'use --pin-digits 8 (or 0), and staff secrets of 8 digits'
    : 'use --pin-digits 0, or fewer staff secrets';
}

function count(oneIn: number): string {
  return Math.round(oneIn).toLocaleString('en');
}

function bad(message: string): StaycodeError {
  return new StaycodeError('bad-config', message);
}
