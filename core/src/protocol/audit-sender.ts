/**
 * The lock's side of bringing its log home: a small window of entries in flight, a cumulative acknowledgement by the one
 * keeper, resending from a gap. Nothing is forgotten before the keeper has it. Time is handed in; what is to be said comes out.
 * @module
 */
import { orNull } from '../errors.ts';
import { formatLine, type LogLine, type LogPoint } from '../log/chain.ts';
import { formatHeader, type LogHeader } from '../log/header.ts';
import { BATCH_CHARACTERS, BATCH_LINES, readAck, readResend, signEntries } from './audit-messages.ts';
import type { WireMessage } from './judge-command.ts';

/** The lock's log, as the journal gives it. */
export interface SendableLog {
  readonly header: LogHeader;
  head(): LogPoint;
  entriesFrom(seq: number, count: number): readonly (LogLine & { readonly seq: number })[];
  /** Returns false where the log has no such entry of this hash. */
  trim(seq: number, hash: string): boolean;
}

export interface AuditSenderOptions {
  readonly lockId: string;
  /** The one controller whose acknowledgement counts; `null` for a lock that keeps its log to itself. */
  readonly keeperId: string | null;
  readonly commandKeyOf: (controllerId: string) => Uint8Array;
  readonly log: SendableLog;
}

/** Entries that may be unacknowledged on the wire. */
export const AUDIT_WINDOW = 128;
/** Without an acknowledgement all in flight is sent again, each time after twice as long. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** One controller's question is answered so often: who replays it on the broker does not keep the lock busy. */
const RESEND_PAUSE_MS = 1_000;
/** Controllers whose last question is remembered. */
const MAX_ASKERS = 16;

/** Each method returns the texts to publish on `auditEntries`, in order. */
export class AuditSender {
  readonly #options: AuditSenderOptions;
  readonly #askedMs = new Map<string, number>();
  #connected = false;
  /** What the keeper is known to have; what was sent. */
  #acked: number;
  #sent: number;
  /** Entries before this one are history. */
  #liveFrom = 0;
  #retryMs = FIRST_RETRY_MS;
  #retryAtMs: number | null = null;

  constructor(options: AuditSenderOptions) {
    this.#options = options;
    this.#acked = options.log.header.seq;
    this.#sent = this.#acked;
  }

  /** When `tick` has something to do; `null` while nothing is in flight. */
  get dueMs(): number | null {
    return this.#connected ? this.#retryAtMs : null;
  }

  /** Entries that the keeper is not known to have. */
  get backlog(): number {
    return this.#options.log.head().seq - this.#acked;
  }

  get acked(): number {
    return this.#acked;
  }

  connectionUp(nowMs: number): string[] {
    this.#connected = true;
    this.#liveFrom = this.#options.log.head().seq + 1;
    this.#retryMs = FIRST_RETRY_MS;
    return this.#sendAgain(nowMs);
  }

  connectionDown(): void {
    this.#connected = false;
  }

  /** The log has grown. */
  appended(nowMs: number): string[] {
    return this.#fillWindow(nowMs);
  }

  /** Nothing came for too long: all in flight goes out again. */
  tick(nowMs: number): string[] {
    if (this.dueMs === null || nowMs < this.dueMs) return [];
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
    return this.#sendAgain(nowMs);
  }

  /** Takes what came on `auditAck`; anything but the keeper's word on this very log changes nothing. */
  ack({ text, retained }: WireMessage, nowMs: number): string[] {
    const { commandKeyOf, keeperId, lockId, log } = this.#options;
    const ack = retained ? null : orNull(() => readAck(commandKeyOf, text));
    if (ack?.controllerId !== keeperId || ack.lockId !== lockId) return [];
    if (ack.logId !== log.header.logId || ack.upTo <= this.#acked) return [];
    // Before anything else: a keeper with another history has not what we would forget.
    if (!log.trim(ack.upTo, ack.hash)) return [];
    this.#acked = ack.upTo;
    this.#sent = Math.max(this.#sent, ack.upTo);
    this.#retryMs = FIRST_RETRY_MS;
    this.#retryAtMs = null;
    return this.#fillWindow(nowMs);
  }

  /** Takes what came on `auditResend`: the keeper's question sets the window back, another host's is answered once. */
  resend({ text, retained }: WireMessage, nowMs: number): string[] {
    const { commandKeyOf, keeperId, lockId, log } = this.#options;
    const resend = retained ? null : orNull(() => readResend(commandKeyOf, text));
    if (resend?.lockId !== lockId || this.#askedTooSoon(resend.controllerId, nowMs)) return [];
    const before = Math.min(Math.max(resend.from - 1, log.header.seq), log.head().seq);
    if (resend.controllerId !== keeperId)
      return this.#say(resend.controllerId, before, before + AUDIT_WINDOW);
    this.#acked = before;
    this.#retryMs = FIRST_RETRY_MS;
    return this.#sendAgain(nowMs);
  }

  #askedTooSoon(controllerId: string, nowMs: number): boolean {
    const askedMs = this.#askedMs.get(controllerId);
    if (askedMs !== undefined && nowMs - askedMs < RESEND_PAUSE_MS) return true;
    if (this.#askedMs.size >= MAX_ASKERS) this.#askedMs.clear();
    this.#askedMs.set(controllerId, nowMs);
    return false;
  }

  /** What was sent before is history by now. */
  #sendAgain(nowMs: number): string[] {
    this.#acked = Math.max(this.#acked, this.#options.log.header.seq);
    this.#liveFrom = this.#options.log.head().seq + 1;
    this.#sent = this.#acked;
    this.#retryAtMs = null;
    return this.#fillWindow(nowMs);
  }

  #fillWindow(nowMs: number): string[] {
    const { keeperId, log } = this.#options;
    const after = this.#sent;
    const upTo = Math.min(log.head().seq, this.#acked + AUDIT_WINDOW);
    if (!this.#connected || keeperId === null) return [];
    this.#sent = Math.max(after, upTo);
    if (this.#sent > this.#acked) this.#retryAtMs ??= nowMs + this.#retryMs;
    return upTo > after ? this.#say(keeperId, after, upTo) : [];
  }

  /** The entries after one, up to another, in messages for a controller. */
  #say(controllerId: string, after: number, upTo: number): string[] {
    const { commandKeyOf, lockId, log } = this.#options;
    const { header } = log;
    const commandKey = commandKeyOf(controllerId);
    return batches(log.entriesFrom(after + 1, upTo - after), this.#liveFrom).map((batch) => {
      const from = batch[0]?.seq ?? after + 1;
      return signEntries(commandKey, {
        ...{ lockId, controllerId, logId: header.logId, from },
        historical: from < this.#liveFrom,
        header: from === header.seq + 1 ? formatHeader(header) : null,
        lines: batch.map(formatLine),
      });
    });
  }
}

type Numbered = LogLine & { readonly seq: number };

/** History and news never share a message. */
function batches(entries: readonly Numbered[], liveFrom: number): Numbered[][] {
  const result: Numbered[][] = [];
  let characters = 0;
  for (const entry of entries) {
    const batch = result.at(-1);
    characters += entry.body.length;
    if (batch && batch.length < BATCH_LINES && characters <= BATCH_CHARACTERS && entry.seq !== liveFrom) {
      batch.push(entry);
    } else {
      result.push([entry]);
      characters = entry.body.length;
    }
  }
  return result;
}
