/**
 * What a lock remembers: the fold of the records of what happened. Records hold no digits: PINs come back from the keys.
 * Times are milliseconds since 1970 UTC by the lock's clock; powered times are milliseconds of the lock's powered life.
 * @module
 */
import { SLOT_MS } from '../stay-code/payload.ts';
import type { KeyRaise, MemoryAct } from './acts.ts';
import { bar, type BarredCode, unbar } from './bars.ts';
import { giveBackFirstHalf } from './entry-groups.ts';
import {
  addWrong,
  type EntryLength,
  type GuessCount,
  isClosed,
  NO_GUESSES,
  restartWait,
} from './guessing.ts';
import { type CodeId, isStayKind, sameCode } from './keyring.ts';
import { type LockRules, meetsRules } from './rules.ts';
import type { StaffUse } from './staff.ts';
import type { CommandRefusal } from '../protocol/commands.ts';

export type Outcome = 'opened' | 'done' | 'refused';
export type Reason =
  // opened
  | 'stay'
  | 'amendment'
  | 'one-time'
  | 'pin'
  | 'staff'
  // done
  | 'clock'
  | 'revocation'
  // refused, the first that holds
  | 'closed'
  | 'unknown'
  | 'revoked'
  | 'superseded'
  | 'suspended'
  | 'consumed'
  | 'clock-lost'
  | 'early'
  | 'expired'
  | 'replayed'
  | 'clock-refused'
  | 'revocation-refused'
  | 'store-full';

/** The lock's time when something happened; with the clock lost, `atMs` is its best guess L. */
export interface Moment {
  readonly atMs: number;
  readonly clock: 'running' | 'lost';
  readonly poweredMs: number;
}

/** One judged entry, with all that its judgement changed. */
export interface EntryRecord extends Moment {
  readonly type: 'entry';
  readonly length: EntryLength;
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** The window code that it was, or whose PIN it was. */
  readonly code?: CodeId;
  /** Set on a first acceptance: the codes whose leading digits open from now on. */
  readonly pinsOf?: readonly CodeId[];
  /** The code's own PIN was taken by another guest's, so it got none. */
  readonly pinTaken?: true;
  readonly staff?: StaffUse;
  /** A clock code that was taken, or that waits for one to confirm it. */
  readonly clockMs?: number;
  /** Set on an acceptance whose first half was counted as a wrong short entry, at this powered time: that is taken back. */
  readonly firstHalfPoweredMs?: number;
}

/** The lock stored its time. */
export interface TimeRecord extends Moment {
  readonly type: 'time';
  /** Commands refused since the last such record that have no record of their own. */
  readonly unlogged?: number;
}

/** The lock started; `clock` says whether its time survived. */
export interface BootRecord extends Moment {
  readonly type: 'boot';
}

/** What a bolt does. */
export type Movement = 'lock' | 'unlock';

/** The bolt was moved by other than an entry; a command's counter is used up by it. */
export interface OperationRecord extends Moment {
  readonly type: 'operation';
  readonly operation: Movement;
  readonly source: 'manual' | 'remote' | 'auto';
  readonly command?: CommandUse;
}

/** Whose command it was; its counter is used up with the record. */
export interface CommandUse {
  readonly controllerId: string;
  readonly counter: number;
}

/** A controller's command changed what the lock remembers. */
export interface CommandRecord extends Moment {
  readonly type: 'command';
  readonly command: CommandUse;
  readonly act: MemoryAct;
}

/** A command was refused; whose it was is known where its MAC held, and the lock could have taken it at all. */
export interface CommandRefusedRecord extends Moment {
  readonly type: 'command-refused';
  readonly reason: CommandRefusal;
  readonly command?: CommandUse;
}

/** Something is wrong at the door that no entry asked for. */
export interface AlarmRecord extends Moment {
  readonly type: 'alarm';
  readonly alarm: 'jammed' | 'forced';
}

/** The log up to the record before, signed by the lock; `body` is the exact text signed, `signature` its Ed25519 in hex. */
export interface HeadRecord extends Moment {
  readonly type: 'head';
  readonly body: string;
  readonly signature: string;
}

/**
 * A lock that keeps no log of its own told that the code of a slot opened it. It is what was heard, and in the log of who heard it;
 * `atMs` is when that was.
 */
export interface HeardRecord extends Moment {
  readonly type: 'heard';
  readonly slot: number;
  /** Whose code was in the slot; none for one that Staycode did not set. */
  readonly code?: CodeId;
  /** The lock's own number for it, where it numbers what happens. */
  readonly number?: number;
}

export type LockRecord =
  | EntryRecord
  | HeardRecord
  | TimeRecord
  | BootRecord
  | OperationRecord
  | AlarmRecord
  | HeadRecord
  | CommandRecord
  | CommandRefusedRecord;

/** A code that was accepted here, dead or alive. */
export interface AcceptedCode extends CodeId {
  readonly pinsOf: readonly CodeId[];
  /** The end that a controller gave it in place of its own. */
  readonly untilMs?: number;
}

/** A key that a controller raised, and whose it is to unseal it. */
export interface RaisedKey extends Omit<KeyRaise, 'name'> {
  readonly controllerId: string;
}

/** The stays that a controller knows, as fingerprints under its key. */
export interface Roster extends CommandUse {
  readonly known: readonly string[];
}

export interface LockMemory {
  readonly accepted: readonly AcceptedCode[];
  /** Last accepted TOTP step or HOTP counter by name. */
  readonly staffLast: Readonly<Record<string, number>>;
  readonly guesses: Readonly<Record<EntryLength, GuessCount>>;
  /** The last twelve-digit entry made while twelve digits were closed. */
  readonly lastClosedTryPoweredMs: number | null;
  readonly clock: 'running' | 'lost';
  /** T of the spec: the time most recently stored, and the powered time at which L counts from it. */
  readonly storedAtMs: number;
  readonly storedPoweredMs: number;
  /** 0 until there is one; so the next. */
  readonly lastAcceptedAtMs: number;
  readonly lastClockCodeMs: number;
  /** A clock code far ahead that waits for another to confirm it. */
  readonly pendingClockMs: number | null;
  /** The last command counter accepted, by controller id. */
  readonly counters: Readonly<Record<string, number>>;
  readonly barred: readonly BarredCode[];
  /** Oldest first. */
  readonly raisedKeys: readonly RaisedKey[];
  readonly roster: Roster | null;
}

const DAY_MS = 24 * 3_600_000;
/** More than a busy street door needs in a year; a full store refuses new codes and drops none early. */
export const MAX_ACCEPTED = 4096;

/** A lock that has seen nothing yet. */
export function newMemory(moment: Moment): LockMemory {
  return {
    accepted: [],
    staffLast: {},
    guesses: { short: NO_GUESSES, long: NO_GUESSES },
    lastClosedTryPoweredMs: null,
    clock: moment.clock,
    storedAtMs: moment.atMs,
    storedPoweredMs: moment.poweredMs,
    lastAcceptedAtMs: 0,
    lastClockCodeMs: 0,
    pendingClockMs: null,
    counters: {},
    barred: [],
    raisedKeys: [],
    roster: null,
  };
}

/** The memory after a record. Pure, and the only way in which memory changes. */
export function remember(memory: LockMemory, record: LockRecord, rules: LockRules): LockMemory {
  switch (record.type) {
    case 'boot':
      return rememberBoot(memory, record);
    case 'time':
      return storeTime(memory, record, rules);
    case 'alarm':
    case 'head':
    case 'heard':
      return memory;
    case 'operation':
    case 'command-refused':
      return useUp(memory, record.command);
    case 'command':
      return useUp(rememberAct(memory, record, rules), record.command);
    case 'entry':
      return storeTime(rememberEntry(memory, record), { ...record, ...clockSetBy(record) }, rules);
  }
}

function useUp(memory: LockMemory, command: CommandUse | undefined): LockMemory {
  if (command === undefined) return memory;
  return { ...memory, counters: { ...memory.counters, [command.controllerId]: command.counter } };
}

function rememberAct(
  memory: LockMemory,
  { act, command, ...moment }: CommandRecord,
  rules: LockRules,
): LockMemory {
  switch (act.name) {
    case 'revoke':
    case 'suspend':
      return { ...memory, barred: bar(memory.barred, act.code, act.name) };
    case 'resume':
      return { ...memory, barred: unbar(memory.barred, act.code) };
    case 'extend': {
      const extend = (known: AcceptedCode): AcceptedCode =>
        sameCode(known, act.code) ? { ...known, untilMs: act.untilMs } : known;
      return { ...memory, accepted: memory.accepted.map(extend) };
    }
    case 'set-clock': {
      // A clock that was fast has accepted entries in what is now the future: they must not refuse the next clock code.
      const lastAcceptedAtMs = Math.min(memory.lastAcceptedAtMs, act.atMs);
      const set = { ...memory, clock: 'running', lastAcceptedAtMs, pendingClockMs: null } as const;
      return storeTime(set, { ...moment, atMs: act.atMs, clock: 'running' }, rules);
    }
    case 'clear-guesses':
      return { ...memory, guesses: { short: NO_GUESSES, long: NO_GUESSES }, lastClosedTryPoweredMs: null };
    case 'raise-key': {
      const { name, ...key } = act;
      return {
        ...memory,
        raisedKeys: [...memory.raisedKeys, { ...key, controllerId: command.controllerId }],
      };
    }
    case 'roster':
      return { ...memory, roster: { ...command, known: act.known } };
  }
}

function rememberBoot(memory: LockMemory, boot: BootRecord): LockMemory {
  const { short, long } = memory.guesses;
  const guesses = { short: restartWait(short, boot.poweredMs), long: restartWait(long, boot.poweredMs) };
  if (boot.clock === 'running') return { ...memory, guesses };
  // L counts from the stored time; how long the power was gone nobody knows.
  return { ...memory, guesses, clock: 'lost', storedPoweredMs: boot.poweredMs };
}

function rememberEntry(memory: LockMemory, entry: EntryRecord): LockMemory {
  if (entry.outcome === 'refused') return rememberRefusal(memory, entry);
  const { code, staff, clockMs } = entry;
  const accepted =
    code && entry.reason !== 'pin' ? withCode(memory.accepted, code, entry.pinsOf) : memory.accepted;
  return {
    ...memory,
    accepted,
    staffLast: staff ? { ...memory.staffLast, [staff.name]: staff.counter } : memory.staffLast,
    guesses: takeBack(memory.guesses, entry),
    lastClosedTryPoweredMs: closedTry(memory, entry),
    lastAcceptedAtMs: clockMs ?? entry.atMs,
    lastClockCodeMs: clockMs ?? memory.lastClockCodeMs,
    pendingClockMs: clockMs === undefined ? memory.pendingClockMs : null,
    clock: clockMs === undefined ? memory.clock : 'running',
  };
}

function rememberRefusal(memory: LockMemory, entry: EntryRecord): LockMemory {
  if (entry.reason === 'closed') return { ...memory, lastClosedTryPoweredMs: closedTry(memory, entry) };
  const guesses = addWrong(memory.guesses[entry.length], entry.length, entry.poweredMs);
  return {
    ...memory,
    guesses: { ...memory.guesses, [entry.length]: guesses },
    pendingClockMs: entry.clockMs ?? memory.pendingClockMs,
  };
}

function takeBack(guesses: LockMemory['guesses'], entry: EntryRecord): LockMemory['guesses'] {
  const { firstHalfPoweredMs, poweredMs } = entry;
  if (firstHalfPoweredMs === undefined) return guesses;
  return { ...guesses, short: giveBackFirstHalf(guesses.short, firstHalfPoweredMs, poweredMs) };
}

function closedTry(memory: LockMemory, entry: EntryRecord): number | null {
  const closed = entry.length === 'long' && isClosed(memory.guesses.long, entry.poweredMs);
  return closed ? entry.poweredMs : memory.lastClosedTryPoweredMs;
}

function withCode(
  accepted: readonly AcceptedCode[],
  code: CodeId,
  pinsOf: readonly CodeId[] = [],
): readonly AcceptedCode[] {
  return accepted.some((known) => sameCode(known, code)) ? accepted : [...accepted, { ...code, pinsOf }];
}

function clockSetBy(entry: EntryRecord): Pick<Moment, 'atMs' | 'clock'> {
  if (entry.outcome !== 'done' || entry.clockMs === undefined) return entry;
  return { atMs: entry.clockMs, clock: 'running' };
}

function storeTime(memory: LockMemory, moment: Moment, rules: LockRules): LockMemory {
  const kept = memory.accepted.filter((code) => moment.atMs < forgottenAtMs(code, rules));
  const barred = memory.barred.filter(
    (code) => moment.atMs < forgottenAtMs(code, rules) || kept.some((known) => sameCode(known, code)),
  );
  return {
    ...memory,
    accepted: kept.length === memory.accepted.length ? memory.accepted : kept,
    barred: barred.length === memory.barred.length ? memory.barred : barred,
    storedAtMs: moment.atMs,
    storedPoweredMs: moment.poweredMs,
  };
}

/** A code of a stay matters while any that it collides with could open; a one-time code until its own end. Then a day more. */
function forgottenAtMs(code: CodeId & { readonly untilMs?: number }, rules: LockRules): number {
  const endsStays = isStayKind(code.kind) || (code.kind === 'revocation' && meetsRules(rules, code));
  const margin = endsStays ? rules.maxSlots * SLOT_MS : rules.skewMinutes * 60_000;
  return (code.untilMs ?? code.endsAtMs) + margin + DAY_MS;
}
