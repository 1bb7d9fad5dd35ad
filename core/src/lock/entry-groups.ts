/**
 * Keypads that cannot send twelve digits at once: what they send in groups is judged as the entries that it stands for, and
 * every look that it gives a guesser is an entry on the count. Source: issue 3, item 5; spec, rule 9.
 * @module
 */
import { CODE_DIGITS } from '../stay-code/alphabet.ts';
import { countNow, ENROLLED_TRY_MS, type GuessCount } from './guessing.ts';
import type { EntryRecord } from './memory.ts';

/** How a keypad sends twelve digits. Other entries, such as PINs, come whole in every mode. */
export type GroupMode = 'whole' | '4-4-4' | '6-6';

/**
 * Judges one entry and makes its record durable.
 * @param firstHalfPoweredMs powered time at which its first half was counted as a wrong short entry, `null` if it was not
 */
export type JudgeEntry = (digits: string, firstHalfPoweredMs: number | null) => Promise<EntryRecord | null>;

/** How long after their first group the others may come. */
export const GROUPS_WITHIN_MS = 30_000;
const FOUR = CODE_DIGITS / 3;
const SIX = CODE_DIGITS / 2;

interface HeldGroups {
  readonly digits: string;
  /** When it is given up. */
  readonly untilMs: number;
  /** See `JudgeEntry`. */
  readonly countedPoweredMs: number | null;
}

/** The groups of one keypad, in their order. Times are milliseconds of any clock that only rises. */
export class EntryGroups {
  readonly #mode: GroupMode;
  readonly #judge: JudgeEntry;
  #held: HeldGroups | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(mode: GroupMode, judge: JudgeEntry) {
    this.#mode = mode;
    this.#judge = judge;
  }

  /** When what is held is given up, or `null` while nothing is; call `expire` then. */
  get heldUntilMs(): number | null {
    return this.#held && this.#held.untilMs;
  }

  /**
   * Takes a group of ASCII digits.
   * @returns the verdict on it and on the groups before it that it completes; `null` where it waits for more, or is empty
   * @throws StaycodeError of the judge
   */
  enter(group: string, atMs: number): Promise<EntryRecord | null> {
    return this.#inTurn(async () => {
      if (group === '') return null;
      await this.#giveUp(atMs);
      if (this.#mode === '4-4-4') return this.#enterFour(group, atMs);
      if (this.#mode === '6-6') return this.#enterSix(group, atMs);
      return this.#judge(group, null);
    });
  }

  /** Gives up what was held for too long. @returns the verdict on an unfinished 4-4-4 */
  expire(atMs: number): Promise<EntryRecord | null> {
    return this.#inTurn(() => this.#giveUp(atMs));
  }

  /** No PIN and no staff code has four digits, so four alone say nothing yet. */
  async #enterFour(group: string, atMs: number): Promise<EntryRecord | null> {
    if (group.length !== FOUR) {
      await this.#endUnfinished();
      return this.#judge(group, null);
    }
    const { digits = '', untilMs = atMs + GROUPS_WITHIN_MS } = this.#held ?? {};
    const all = digits + group;
    this.#held = all.length < CODE_DIGITS ? { digits: all, untilMs, countedPoweredMs: null } : null;
    return this.#held ? null : this.#judge(all, null);
  }

  /**
   * A refused pair's second half is judged alone too, for it may be a PIN that follows a mistyped one, and is held in its turn,
   * for it may be the first half typed anew. So a group gives a guesser at most two looks, one of them short and one of twelve
   * digits, and each is an entry that counts by itself. While twelve digits are closed a pair is a try of which there is one in ten
   * seconds, so the half is held for no longer: with a guest's next first half it would make a try that spoils his own.
   */
  async #enterSix(group: string, atMs: number): Promise<EntryRecord | null> {
    const first = this.#held;
    this.#held = null;
    let withinMs = GROUPS_WITHIN_MS;
    if (group.length === SIX && first) {
      const pair = await this.#judge(first.digits + group, first.countedPoweredMs);
      if (pair && pair.outcome !== 'refused') return pair;
      if (pair?.reason === 'closed') withinMs = ENROLLED_TRY_MS;
    }
    const alone = await this.#judge(group, null);
    if (group.length === SIX && alone?.outcome === 'refused')
      // A closed lock takes no count, so there is none to give back; twelve digits have a count of their own.
      this.#held = {
        digits: group,
        untilMs: atMs + withinMs,
        countedPoweredMs: alone.reason === 'closed' ? null : alone.poweredMs,
      };
    return alone;
  }

  async #giveUp(atMs: number): Promise<EntryRecord | null> {
    const untilMs = this.heldUntilMs;
    return untilMs === null || atMs <= untilMs ? null : this.#endUnfinished();
  }

  /** Of an unfinished 4-4-4 only the first group is judged: two would be eight digits, a look at PINs of eight. */
  async #endUnfinished(): Promise<EntryRecord | null> {
    const held = this.#held;
    this.#held = null;
    return held && this.#mode === '4-4-4' ? this.#judge(held.digits.slice(0, FOUR), null) : null;
  }

  /** A group must know the verdict on the one before. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/**
 * The count of short entries without a first half that was counted at `firstHalfPoweredMs`, and without the wait that this
 * very half began. One that another entry began stays: else a guest could end the wait of a guesser beside him.
 */
export function giveBackFirstHalf(
  guesses: GuessCount,
  firstHalfPoweredMs: number,
  poweredMs: number,
): GuessCount {
  const count = Math.max(0, countNow(guesses, 'short', poweredMs) - 1);
  const waitMs = guesses.closedAtPoweredMs === firstHalfPoweredMs ? 0 : guesses.waitMs;
  return { ...guesses, count, atPoweredMs: poweredMs, waitMs };
}
