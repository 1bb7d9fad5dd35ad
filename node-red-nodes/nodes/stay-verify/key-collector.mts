/**
 * The keys of a keypad that sends each by itself, put together to what was typed.
 * @module
 */
import { StaycodeError } from '@staycode/core';

/** Twelve digits are a whole code; what is shorter ends with the enter key. */
const MOST_DIGITS = 12;
/** Who pauses for longer begins anew: the digits of one guest are not the start of the next one's. */
export const KEY_PAUSE_MS = 10_000;

/** Wiegand's four bits have `*` as 10 and `#` as 11. */
const ENTER: ReadonlySet<unknown> = new Set(['#', '11', 11, 'enter', 'Enter', '\r', '\n', '\r\n']);
const CLEAR: ReadonlySet<unknown> = new Set(['*', '10', 10, 'clear', 'Escape', 'Backspace']);

export class KeyCollector {
  #digits = '';
  #forgetting: NodeJS.Timeout | undefined;

  /**
   * Takes a key: a digit as text or number, `#` and its like, `*` and its like.
   * @returns what was typed, once it is whole; `null` until then
   * @throws StaycodeError `bad-entry` for anything else, which ends what was begun
   */
  press(key: unknown): string | null {
    const before = this.#digits;
    this.clear();
    if (CLEAR.has(key)) return null;
    if (ENTER.has(key)) return before === '' ? null : before;
    if (!/^[0-9]$/u.test(typeof key === 'number' ? String(key) : typeof key === 'string' ? key : '')) {
      throw new StaycodeError('bad-entry', 'expected one key: a digit, # to end or * to begin anew');
    }
    const typed = `${before}${String(key)}`;
    if (typed.length === MOST_DIGITS) return typed;
    this.#digits = typed;
    this.#forgetting = setTimeout(() => {
      this.clear();
    }, KEY_PAUSE_MS);
    return null;
  }

  /** Forgets what was typed so far. */
  clear(): void {
    clearTimeout(this.#forgetting);
    this.#digits = '';
  }
}
