/** The host's desk of a replay: the real engine and the real issuer over a register in memory; every code goes out at once. */
import {
  type AccessCode,
  compileRules,
  DEFAULT_HOUSE_RULES,
  deriveCodeKey,
  deriveUnitKey,
  isLive,
  issueCode,
  type LockRules,
  reconcile,
  type StayNews,
  type StayRecord,
  wantReservation,
} from '@staycode/core';
import {
  type Belief,
  type BeliefChange,
  type BeliefInput,
  type BeliefOptions,
  NO_BELIEF,
} from '../../core/src/reservations/belief/belief.ts';
import { believe } from '../../core/src/reservations/belief/believe.ts';

/** The default rules but for the length: no guest of a crawl is refused for staying long. */
export function replayRules(zone: string): LockRules {
  return compileRules({ ...DEFAULT_HOUSE_RULES, zone, maxNights: 365 });
}

export interface DeskCode extends AccessCode {
  readonly digits: string;
}

/** One unit. */
export class Desk {
  belief: Belief = NO_BELIEF;
  codes: DeskCode[] = [];
  readonly unitId: string;
  readonly #options: BeliefOptions;
  readonly #rules: LockRules;
  readonly #codeKey: Uint8Array;
  #stays: readonly StayRecord[] = [];
  #count = 0;

  readonly #engine: typeof believe;

  /** `engine` is another one only where a test wants to see it fail. */
  constructor(unitId: string, options: BeliefOptions, rules: LockRules, engine: typeof believe = believe) {
    this.unitId = unitId;
    this.#engine = engine;
    this.#options = options;
    this.#rules = rules;
    this.#codeKey = deriveCodeKey(deriveUnitKey(new Uint8Array(32).fill(7), unitId, 1));
  }

  /** Takes in what came and acts on it; the belief goes through JSON each time, as over a restart. */
  take(input: BeliefInput): BeliefChange {
    const change = this.#engine(this.belief, input, this.#options);
    this.belief = JSON.parse(JSON.stringify(change.belief)) as Belief;
    const news = change.events.map((event): StayNews => {
      const { reservation } = event;
      return event.event === 'cancelled'
        ? { news: 'gone', id: reservation.id, why: 'cancelled' }
        : wantReservation(reservation, event);
    });
    this.#settle(news, input.atMs);
    return change;
  }

  /** The reservation's code. */
  codeOf(reservationId: string): DeskCode | undefined {
    return this.codes.find((code) => code.reservationId === reservationId && isLive(code));
  }

  /** Codes that are meant to open at an instant; none that is withdrawn, though a lock may still take it. */
  liveAt(atMs: number): DeskCode[] {
    return this.codes.filter((code) => isLive(code) && code.startsAtMs <= atMs && atMs < code.endsAtMs);
  }

  #settle(news: readonly StayNews[], nowMs: number): void {
    const { put, keep, drop } = reconcile({
      ...{ codes: this.codes, stays: this.#stays, overrides: [], news, nowMs },
      unit: { unitId: this.unitId, keyVersion: 1, alphabet: 'decimal' },
      ...{ rules: this.#rules, hasKey: true, zone: this.#options.house.zone },
      newId: () => `${this.unitId}-${++this.#count}`,
    });
    const gone = new Set([...drop, ...keep.map(({ stay }) => stay.id)]);
    this.#stays = [...this.#stays.filter(({ stay }) => !gone.has(stay.id)), ...keep];
    this.#put(put.map((code) => ({ ...code, leftAtMs: code.leftAtMs ?? nowMs })));
  }

  #put(codes: readonly AccessCode[]): void {
    for (const code of codes) {
      const at = this.codes.findIndex(({ id }) => id === code.id);
      const digits = this.codes[at]?.digits ?? issueCode(this.#codeKey, code);
      this.codes.splice(at < 0 ? this.codes.length : at, 1, { ...code, digits });
    }
  }
}
