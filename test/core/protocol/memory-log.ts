/** A lock's log in memory, with real hashes and signatures, and a keeper's copy of one: disks that outlive the state machines. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { firstHash, formatLine, type LogLine, type LogPoint, nextHash } from '../../../core/src/log/chain.ts';
import { formatEntry } from '../../../core/src/log/entry.ts';
import type { LogState } from '../../../core/src/log/follow-log.ts';
import { publicKeyOf, SIGN_EVERY, signHead } from '../../../core/src/log/head.ts';
import { type LogHeader, vouchForHeader } from '../../../core/src/log/header.ts';
import type { LockRecord } from '../../../core/src/lock/memory.ts';
import type { KeeperStep } from '../../../core/src/protocol/audit-keeper.ts';
import type { SendableLog } from '../../../core/src/protocol/audit-sender.ts';
import { deriveLogKey } from '../../../core/src/stay-code/keys.ts';

const BOOT_ID = 'ab'.repeat(16);
const MOMENT = { atMs: 1_800_000_000_000, clock: 'running', poweredMs: 0 } as const;

export class MemoryLog implements SendableLog {
  header: LogHeader;
  /** Acknowledged entries that stay readable. */
  readonly keeps = 20;
  /** Every line since the log began, trimmed or not. */
  readonly written: string[] = [];
  readonly #lockKey: Uint8Array;
  readonly #secretKey: Uint8Array;
  #lines: LogLine[] = [];
  #unsigned = 0;

  constructor(lockId: string, lockKey: Uint8Array, seed = 1) {
    this.#lockKey = lockKey;
    this.#secretKey = new Uint8Array(32).fill(seed);
    const logId = bytesToHex(new Uint8Array(16).fill(seed));
    const place = {
      lockId,
      logId,
      seq: 0,
      hash: firstHash(lockId, logId),
      key: publicKeyOf(this.#secretKey),
    };
    this.header = vouchForHeader(deriveLogKey(lockKey), place);
  }

  head(): LogPoint {
    return { seq: this.#lines.length, hash: this.#lines.at(-1)?.hash ?? this.header.hash };
  }

  entriesFrom(seq: number, count: number): readonly (LogLine & { seq: number })[] {
    if (seq <= this.header.seq) return [];
    return this.#lines.slice(seq - 1, seq - 1 + count).map((line, i) => ({ seq: seq + i, ...line }));
  }

  trim(seq: number, hash: string): boolean {
    if (this.#lines[seq - 1]?.hash !== hash) return false;
    const before = Math.max(this.header.seq, seq - this.keeps);
    const { format, mac, ...place } = this.header;
    const header = { ...place, seq: before, hash: this.#lines[before - 1]?.hash ?? place.hash };
    this.header = vouchForHeader(deriveLogKey(this.#lockKey), header);
    return true;
  }

  /** Writes so many entries, signed heads among them. */
  grow(count: number, reason = 'stay'): void {
    for (let i = 0; i < count; i++) {
      if (this.#unsigned >= SIGN_EVERY) this.#sign();
      else {
        const record = { type: 'entry', length: 'long', outcome: 'opened', reason, ...MOMENT };
        this.#write(record as LockRecord);
        this.#unsigned++;
      }
    }
  }

  /** The disk as it is now, for a lock that is set back to it later. */
  clone(): MemoryLog {
    const { lockId } = this.header;
    const copy = new MemoryLog(lockId, this.#lockKey, this.#secretKey[0]);
    copy.header = this.header;
    copy.#lines = [...this.#lines];
    copy.#unsigned = this.#unsigned;
    copy.written.push(...this.written);
    return copy;
  }

  #sign(): void {
    const { lockId, logId, key } = this.header;
    const head = { lockId, logId, ...this.head(), bootId: BOOT_ID, atMs: MOMENT.atMs, key };
    this.#write({ type: 'head', ...MOMENT, ...signHead(this.#secretKey, head) });
    this.#unsigned = 0;
  }

  #write(record: LockRecord): void {
    const { lockId, logId } = this.header;
    const { seq, hash } = this.head();
    const body = formatEntry({ lockId, logId, seq: seq + 1, bootId: BOOT_ID, record });
    const line = { hash: nextHash(hash, body), body };
    this.#lines.push(line);
    this.written.push(formatLine(line));
  }
}

export class KeptCopy {
  state: LogState | null = null;
  readonly endedLogIds: string[] = [];
  lines: string[] = [];

  /** What an edge writes of a step. */
  write({ begin, append }: KeeperStep, state: LogState | null): void {
    if (begin) {
      if (this.state) this.endedLogIds.push(this.state.logId);
      this.lines = [];
    }
    this.lines.push(...append);
    this.state = state;
  }

  hashAt(seq: number): string | null {
    return this.lines[seq - 1]?.slice(0, 64) ?? null;
  }
}
