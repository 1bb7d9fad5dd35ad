/** A register in memory with the real issuer; every code goes out at once. It remembers when each code was in force. */
import {
  type AccessCode,
  compileRules,
  DEFAULT_HOUSE_RULES,
  deriveCodeKey,
  deriveUnitKey,
  issueAccessCode,
  issueCode,
  type TimeWindow,
  type Unit,
  withdrawAccessCodes,
} from '@staycode/core';
import type { CodeForLock } from '../../core/src/programmed-locks/plan.ts';

const RULES = compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC', maxNights: 60 });

interface Span {
  readonly startsAtMs: number;
  endsAtMs: number;
}

export class SimRegister {
  readonly codes: Map<string, CodeForLock> = new Map<string, CodeForLock>();
  /** By code: from when to when it was the reservation's. */
  readonly inForce: Map<string, Span[]> = new Map<string, Span[]>();
  readonly #seed: number;
  #count = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Issues the code of a reservation, or changes it. */
  book(unit: Unit, reservationId: string, window: TimeWindow, nowMs: number): void {
    const issue = issueAccessCode({
      ...{
        unit,
        reservation: { id: reservationId, ...window },
        rules: RULES,
        issued: this.#ofUnit(unit.unitId),
      },
      ...{ nowMs, newId: `${this.#seed}-${++this.#count}` },
    });
    this.#put(issue.withdrawn, nowMs);
    if (issue.ok) this.#put([{ ...issue.code, leftAtMs: issue.code.leftAtMs ?? nowMs }], nowMs);
  }

  cancel(unitId: string, reservationId: string, nowMs: number): void {
    this.#put(withdrawAccessCodes(this.#ofUnit(unitId), reservationId, nowMs).withdrawn, nowMs);
  }

  /** What a plan is given. */
  forLock(nowMs: number): CodeForLock[] {
    return [...this.codes.values()].filter(({ code }) => code.endsAtMs > nowMs - 40 * 86_400_000);
  }

  #ofUnit(unitId: string): AccessCode[] {
    return [...this.codes.values()].map(({ code }) => code).filter((code) => code.unitId === unitId);
  }

  #put(codes: readonly AccessCode[], nowMs: number): void {
    for (const code of codes) {
      const key = deriveCodeKey(deriveUnitKey(new Uint8Array(32).fill(this.#seed % 251), code.unitId, 1));
      this.codes.set(code.id, { code, digits: this.codes.get(code.id)?.digits ?? issueCode(key, code) });
      const spans = this.inForce.get(code.id) ?? [];
      const last = spans.at(-1);
      if (code.withdrawnAtMs === null && last?.endsAtMs !== Infinity)
        spans.push({ startsAtMs: nowMs, endsAtMs: Infinity });
      if (code.withdrawnAtMs !== null && last?.endsAtMs === Infinity) last.endsAtMs = nowMs;
      this.inForce.set(code.id, spans);
    }
  }
}
