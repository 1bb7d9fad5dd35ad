/**
 * Checks a log's file, the lock's own journal or a keeper's copy. It fails closed: what cannot be shown to be whole and signed by
 * a key that something outside the log speaks for is not well. Only a tail younger than the last signature may be unsigned, and is named.
 * @module
 */
import { orNull } from '../errors.ts';
import { type LogPoint, splitLine } from './chain.ts';
import { beginLog, followLine, type LogFault, type LogState } from './follow-log.ts';
import { isVouchedFor, type LogHeader, parseHeader, textOf } from './header.ts';

/** A place of a log that is known from before, and the public key in force after it. */
export interface LogPin extends LogPoint {
  readonly key: string;
}

/** What is known of the log from elsewhere. Without a log key or a pin no log is well. */
export interface LogTrust {
  readonly lockId?: string;
  /** As `deriveLogKey` makes it: it vouches for the header's key. */
  readonly logKey?: Uint8Array;
  readonly pin?: LogPin;
}

export type LogCheck =
  | {
      readonly ok: true;
      readonly lockId: string;
      readonly logId: string;
      /** The first and the last entry of the file. */
      readonly fromSeq: number;
      readonly toSeq: number;
      /** Entries after the last signature: whole in themselves, but whoever has the file may have made them. */
      readonly unsigned: { readonly fromSeq: number; readonly toSeq: number } | null;
      /** The last signed place: pin it, and a smaller or another log is noticed from now on. */
      readonly pin: LogPin;
    }
  | {
      readonly ok: false;
      readonly reason: LogFault;
      /** Counted from 1. */
      readonly line: number;
      /** The entry that was expected there; 0 for what stands before the first one. */
      readonly seq: number;
    };

/** @param text the whole file */
export function verifyLog(text: string, trust: LogTrust): LogCheck {
  const lines = text.split('\n');
  const tail = lines.pop();
  const header = orNull(() => parseHeader(lines[0] ?? ''));
  const begun = header && beginLog(header);
  if (!header || !begun) return fault(header ? 'altered' : 'malformed', 1, 0);
  const distrusted = headerFault(header, trust);
  if (distrusted) return fault(distrusted, 1, 0);
  const hasMemory = isMemory(lines[1]);
  if (hasMemory && orNull(() => textOf(lines[1] ?? '', 'memory')) === null) return fault('altered', 2, 0);

  const first = hasMemory ? 2 : 1;
  let state = begun;
  for (const [index, line] of lines.entries()) {
    const astray = pinFault(state, trust.pin);
    if (astray) return fault(astray, index, state.seq);
    if (index < first) continue;
    const step = followLine(state, line);
    if (!step.ok) return fault(laterNamed(step.reason, state, lines.slice(index)), index + 1, step.seq);
    state = step.state;
  }
  if (tail !== '') return fault('torn', lines.length + 1, state.seq + 1);
  return concluded(header, state, trust.pin, lines.length);
}

function concluded(header: LogHeader, state: LogState, pin: LogPin | undefined, line: number): LogCheck {
  const { seq, signed, lockId, logId, unsigned } = state;
  const astray = pinFault(state, pin);
  if (astray) return fault(astray, line, seq);
  if (pin && seq < pin.seq) return fault('shorter', line, seq + 1);
  if (signed === null) return fault('unsigned', line, seq);
  return {
    ok: true,
    ...{ lockId, logId, fromSeq: header.seq + 1, toSeq: seq },
    unsigned: unsigned === 0 ? null : { fromSeq: seq - unsigned + 1, toSeq: seq },
    pin: { seq: signed.seq, hash: signed.hash, key: signed.key },
  };
}

function headerFault(header: LogHeader, { lockId, logKey, pin }: LogTrust): LogFault | null {
  if (lockId !== undefined && lockId !== header.lockId) return 'foreign';
  if (logKey ? !isVouchedFor(logKey, header) : !pin) return 'unvouched';
  // What lies between the pin and this file nobody can show.
  return pin && pin.seq < header.seq ? 'gap' : null;
}

function pinFault({ seq, hash, key }: LogState, pin: LogPin | undefined): LogFault | null {
  if (seq !== pin?.seq) return null;
  if (hash !== pin.hash) return 'forked';
  return key === pin.key ? null : 'foreign-key';
}

/** An entry that is missing here but comes later was moved, not dropped. */
function laterNamed(reason: LogFault, state: LogState, rest: readonly string[]): LogFault {
  const moved = rest.some((line) => line.includes(`"seq":${state.seq + 1},`));
  return reason === 'gap' && moved ? 'reordered' : reason;
}

function isMemory(line = ''): boolean {
  return splitLine(line)?.body.startsWith('{"memory":') ?? false;
}

function fault(reason: LogFault, line: number, seq: number): LogCheck {
  return { ok: false, reason, line, seq };
}
