/**
 * `staycode backup-codes`: one-time codes made ahead, a day each, for the day on which nothing else works. All that it needs is
 * the lock's file and the register, so it runs on a machine that no network reaches.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import {
  drawBackupCode,
  listUndrawn,
  planBackupCodes,
  revokeBackupCode,
} from '../access-codes/backup-codes.ts';
import { revocationOf } from '../access-codes/revocations.ts';
import { type AccessCodeStore, openAccessCodeStore } from '../edges/access-code-store.ts';
import { systemClock } from '../edges/clock.ts';
import { StaycodeError } from '../errors.ts';
import { formatInstant } from '../instant.ts';
import type { UnitKey } from '../lock/keyring.ts';
import type { LockFile } from '../lock/lock-file.ts';
import { deriveCodeKey } from '../stay-code/keys.ts';
import type { WindowContent } from '../stay-code/payload.ts';
import { groupDigits, issueCode } from '../stay-code/stay-code.ts';
import { readLockFile } from './key-source.ts';
import type { CommandIo } from './main.ts';

const options = {
  lock: { type: 'string' },
  register: { type: 'string' },
  unit: { type: 'string' },
  day: { type: 'string' },
  days: { type: 'string', default: '14' },
  for: { type: 'string', default: 'host' },
  'passphrase-file': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** What an action works on; `day` is the one asked for, else today in the property's zone. */
interface Desk {
  readonly file: LockFile;
  readonly unit: UnitKey;
  readonly store: AccessCodeStore;
  readonly nowMs: number;
  readonly day: string;
  readonly days: number;
  readonly drawnFor: string;
}

/** What is told: lines for people, and the same as data. */
interface Told {
  readonly lines: readonly string[];
  readonly data: object;
  readonly exit?: 1;
}

const ACTIONS: Readonly<Record<string, (desk: Desk) => Told>> = { plan, list, draw, revoke };

/**
 * `backup-codes plan|list|draw|revoke --lock FILE --register FILE [--unit ID] [--days 14] [--day YYYY-MM-DD] [--for WHO]`. Exits 1
 * where there is none to draw or revoke. @throws StaycodeError
 */
export async function runBackupCodes(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [name = '', ...more] = positionals;
  const act = more.length === 0 && Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (act === undefined) throw bad(`expected one of ${Object.keys(ACTIONS).join(', ')}`);
  const file = await readLockFile(needed('--lock FILE', values.lock), values['passphrase-file'], io.env);
  const unit = findUnit(file, values.unit);
  const nowMs = systemClock.now();
  const store = openAccessCodeStore(needed('--register FILE', values.register));
  try {
    const day = values.day ?? dayAt(file.zone, nowMs);
    const told = act({ file, unit, store, nowMs, day, days: Number(values.days), drawnFor: values.for });
    io.stdout(values.json ? JSON.stringify(told.data) : told.lines.join('\n'));
    return told.exit ?? 0;
  } finally {
    store.close();
  }
}

function plan({ file, unit, store, nowMs, days }: Desk): Told {
  const others = store.readUnit(unit.unitId).codes;
  const change = store.backups.changeUnit(unit.unitId, (codes) => {
    const { zone, rules } = file;
    const issued = [...codes, ...others];
    const made = planBackupCodes({ ...{ unit, zone, rules, issued, days, nowMs }, newId: randomUUID });
    return { ...made, put: made.made };
  });
  const { made, without } = change;
  const lines = [
    `${made.length} made.`,
    ...without.map((day) => `None for ${day}: every window of it may be a stay's, or its serials are spent.`),
  ];
  return { lines, data: { made: made.map(({ day }) => day), without } };
}

function list({ unit, store, nowMs }: Desk): Told {
  const days = listUndrawn(store.backups.readUnit(unit.unitId), nowMs).map(({ day }) => day);
  return { lines: days.length > 0 ? days : ['None.'], data: { undrawn: days } };
}

function draw({ unit, store, nowMs, day, drawnFor }: Desk): Told {
  const { drawn } = store.backups.changeUnit(unit.unitId, (codes) => {
    const answer = drawBackupCode(codes, { unit, day, drawnFor, nowMs });
    return { drawn: answer, put: answer.ok ? [answer.code] : [] };
  });
  if (!drawn.ok) {
    const why =
      drawn.reason === 'ended' ? 'its day is over' : 'none is left; staycode backup-codes plan makes one';
    return { lines: [`No code for ${day}: ${why}.`], data: { digits: null, reason: drawn.reason }, exit: 1 };
  }
  return tellDigits(unit, drawn.code, 'opens each lock once');
}

function revoke({ unit, store, nowMs, day }: Desk): Told {
  const { revoked, codes } = store.backups.changeUnit(unit.unitId, (all) => {
    const one = all.find((code) => code.day === day && code.withdrawnAtMs === null);
    const code = one && revokeBackupCode(one, nowMs);
    return { revoked: code, codes: all, put: code ? [code] : [] };
  });
  if (revoked === undefined) return { lines: [`No code for ${day}.`], data: { digits: null }, exit: 1 };
  return tellDigits(
    unit,
    revocationOf(revoked, codes),
    'revocation: type it at each lock, and the code is dead there',
  );
}

function tellDigits(unit: UnitKey, code: WindowContent, what: string): Told {
  const digits = issueCode(deriveCodeKey(unit.unitKey), { ...code, alphabet: unit.alphabet });
  const [startsAt, endsAt] = [formatInstant(code.startsAtMs), formatInstant(code.endsAtMs)];
  return {
    lines: [`${groupDigits(digits)}  from ${startsAt} until ${endsAt}, ${what}`],
    data: { digits, startsAt, endsAt },
  };
}

/** The newest key of the unit: codes of an older one open only for who is in. */
function findUnit({ units }: LockFile, unitId: string | undefined): UnitKey {
  const ids = [...new Set(units.map((unit) => unit.unitId))];
  const wanted = unitId ?? (ids.length === 1 ? ids[0] : undefined);
  const own = units.filter((unit) => unit.unitId === wanted).sort((a, b) => b.keyVersion - a.keyVersion);
  if (own[0] === undefined) throw bad(`expected --unit to be one of ${ids.join(', ')}`);
  return own[0];
}

/** `YYYY-MM-DD` on the wall. */
function dayAt(zone: string, atMs: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(atMs);
}

function needed(what: string, value: string | undefined): string {
  if (value === undefined || value === '') throw bad(`expected ${what}`);
  return value;
}

function bad(message: string): StaycodeError {
  return new StaycodeError('bad-config', `backup-codes: ${message}`);
}
