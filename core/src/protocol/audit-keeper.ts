/**
 * The host's side of bringing a lock's log home. What comes is checked line by line before it is kept; kept lines are to be on
 * disk before they are acknowledged, and acted on by number, so that none is lost and none counts twice.
 * @module
 */
import type { LogEntry } from '../log/entry.ts';
import { beginLog, followLine, type LogFault, type LogState } from '../log/follow-log.ts';
import type { SignatureCheck } from '../log/head.ts';
import { isVouchedFor, parseHeader } from '../log/header.ts';
import { orNull } from '../errors.ts';
import { type AuditEntries, readEntries, signAck, signResend } from './audit-messages.ts';

export interface AuditKeeperOptions {
  readonly lockId: string;
  readonly controllerId: string;
  /** 32 bytes, as `deriveCommandKey` makes them. */
  readonly commandKey: Uint8Array;
  /** 32 bytes, as `deriveLogKey` makes them: it says that a log is this lock's. */
  readonly logKey: Uint8Array;
  /** Where the copy on disk ends; `null` for none yet. */
  readonly state: LogState | null;
  /** The hash of an entry of the copy; `null` for one that it does not hold. */
  readonly hashAt: (seq: number) => string | null;
  /** Logs that this lock has ended: what a broker still has of them is not begun again. */
  readonly endedLogIds?: readonly string[];
  /** As of `followLine`. */
  readonly isOfKey?: SignatureCheck;
}

/** What to do with a message, in this order. */
export interface KeeperStep {
  /** First line of the copy of a log that was not known before. */
  readonly begin: { readonly logId: string; readonly header: string } | null;
  /** Lines to write and flush to disk. */
  readonly append: readonly string[];
  readonly entries: readonly LogEntry[];
  /** Whether these are told as news. */
  readonly historical: boolean;
  /** Lines that the copy had already. */
  readonly duplicates: number;
  /** Text for `auditAck`, once all above is on disk. */
  readonly ack: string | null;
  /** Text for `auditResend`. */
  readonly resend: string | null;
  /** The lock's log is not the one that is kept: a person has to look. Nothing is acknowledged from here on. */
  readonly fault: LogFault | null;
}

/** Of a message that changes nothing. */
export const NOTHING_TO_KEEP: KeeperStep = {
  begin: null,
  append: [],
  entries: [],
  historical: true,
  duplicates: 0,
  ack: null,
  resend: null,
  fault: null,
};
/** A gap is asked for so often. */
const ASK_PAUSE_MS = 2_000;

export class AuditKeeper {
  readonly #options: AuditKeeperOptions;
  readonly #ended: Set<string>;
  #state: LogState | null;
  #askedMs = -Infinity;
  #fault: LogFault | null = null;

  constructor(options: AuditKeeperOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#ended = new Set(options.endedLogIds);
  }

  get state(): LogState | null {
    return this.#state;
  }

  get fault(): LogFault | null {
    return this.#fault;
  }

  /** Asks for what is missing: at every connection, and when the host wants to be sure. Returns a text for `auditResend`. */
  askFrom(nowMs: number): string {
    const { lockId, controllerId, commandKey } = this.#options;
    this.#askedMs = nowMs;
    return signResend(commandKey, { lockId, controllerId, from: (this.#state?.seq ?? 0) + 1 });
  }

  /**
   * Takes what came on `auditEntries`. Where the caller cannot write what comes out, it has to begin anew from its disk.
   * @throws StaycodeError `bad-message` for what is no message of the protocol
   */
  receive(message: { readonly text: string; readonly retained: boolean }, nowMs: number): KeeperStep {
    if (message.retained || this.#fault !== null) return NOTHING_TO_KEEP;
    const { commandKey, controllerId, lockId } = this.#options;
    const sent = readEntries(commandKey, message.text);
    if (sent?.lockId !== lockId || sent.controllerId !== controllerId) return NOTHING_TO_KEEP;
    if (this.#ended.has(sent.logId)) return NOTHING_TO_KEEP;
    const begun = this.#state?.logId === sent.logId ? null : this.#begin(sent);
    if (this.#state?.logId !== sent.logId) return this.#ask(nowMs);
    return this.#follow(sent, begun, nowMs);
  }

  /** A log that is not the one in hand: a new lock's first, or one that the lock began anew. */
  #begin(sent: AuditEntries): KeeperStep['begin'] {
    if (sent.header === null) return null;
    const line = sent.header;
    const header = orNull(() => parseHeader(line));
    const { lockId, logKey } = this.#options;
    if (header?.lockId !== lockId || header.logId !== sent.logId) return null;
    const state = isVouchedFor(logKey, header) ? beginLog(header) : null;
    if (state === null) {
      this.#fault = 'unvouched';
      return null;
    }
    if (this.#state !== null) this.#ended.add(this.#state.logId);
    this.#state = state;
    return { logId: sent.logId, header: sent.header };
  }

  #follow(sent: AuditEntries, begin: KeeperStep['begin'], nowMs: number): KeeperStep {
    const { from, lines, historical } = sent;
    let state = this.#state;
    if (state === null || this.#fault !== null) return { ...NOTHING_TO_KEEP, fault: this.#fault };
    // The lock has no more what is missing: this copy has lost entries that it had acknowledged.
    if (from > state.seq + 1 && sent.header !== null) return this.#fail('gap');
    if (from > state.seq + 1) return { ...this.#ask(nowMs), begin };
    const duplicates = Math.min(lines.length, state.seq + 1 - from);
    const fresh = lines.slice(duplicates);
    if (lines.slice(0, duplicates).some((line, i) => this.#isOther(line, from + i)))
      return this.#fail('forked');
    const { lockId, controllerId, commandKey, isOfKey } = this.#options;
    const entries: LogEntry[] = [];
    for (const line of fresh) {
      const step = followLine(state, line, isOfKey);
      if (!step.ok) return this.#fail(step.reason);
      state = step.state;
      entries.push(step.entry);
    }
    this.#state = state;
    const ack = { lockId, controllerId, logId: state.logId, upTo: state.seq, hash: state.hash };
    return {
      ...NOTHING_TO_KEEP,
      begin,
      append: fresh,
      entries,
      historical,
      duplicates,
      ack: state.seq > 0 ? signAck(commandKey, ack) : null,
    };
  }

  /** A lock that was set back to a backup goes on with numbers that the copy has already. */
  #isOther(line: string, seq: number): boolean {
    const hash = this.#options.hashAt(seq);
    return hash !== null && !line.startsWith(`${hash} `);
  }

  #fail(fault: LogFault): KeeperStep {
    this.#fault = fault;
    return { ...NOTHING_TO_KEEP, fault };
  }

  #ask(nowMs: number): KeeperStep {
    if (this.#fault !== null) return { ...NOTHING_TO_KEEP, fault: this.#fault };
    if (nowMs - this.#askedMs < ASK_PAUSE_MS) return NOTHING_TO_KEEP;
    return { ...NOTHING_TO_KEEP, resend: this.askFrom(nowMs) };
  }
}
