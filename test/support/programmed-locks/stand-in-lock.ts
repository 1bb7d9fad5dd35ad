/** What the stand-ins for locks have in common: a list of codes, a keypad, and a record of when which PIN opened. */
import type { LockTarget, MqttMessage } from '../../../core/src/programmed-locks/target.ts';
import type { TimeWindow } from '../../../core/src/stay-code/collision.ts';

export interface StoredCode {
  readonly pin: string;
  readonly label: string;
  /** `null` opens at any time. */
  readonly window: TimeWindow | null;
}

/** A PIN that was in a slot, and the part of that time in which it opened. */
export interface Stretch {
  readonly slot: number;
  readonly pin: string;
  readonly held: TimeWindow;
  readonly open: TimeWindow | null;
}

export abstract class StandInLock {
  abstract readonly target: LockTarget;
  readonly codes: Map<number, StoredCode> = new Map<number, StoredCode>();
  /** Commands beyond the limits of the real one, which must not be sent. */
  readonly complaints: string[] = [];
  readonly stretches: Stretch[] = [];
  readonly #since = new Map<number, number>();

  /** Does what a message says and answers it. */
  abstract receive(message: MqttMessage, nowMs: number): MqttMessage[];
  /** What the lock sends when a code was used. */
  protected abstract event(slot: number): MqttMessage[];
  protected abstract freeSlot(): number | undefined;

  /** Someone types a PIN. */
  enter(pin: string, nowMs: number): { slot: number | null; messages: MqttMessage[] } {
    const found = [...this.codes].find(([, code]) => code.pin === pin && isWithin(code.window, nowMs));
    return found ? { slot: found[0], messages: this.event(found[0]) } : { slot: null, messages: [] };
  }

  /** A code that somebody sets by hand; the slot, or `undefined` where the lock is full or has the PIN. */
  setByHand(pin: string, nowMs: number): number | undefined {
    const slot = this.freeSlot();
    if (slot === undefined || this.isTaken(pin, slot)) return undefined;
    this.store(slot, { pin, label: 'Cleaner', window: null }, nowMs);
    return slot;
  }

  store(slot: number, code: StoredCode, nowMs: number): void {
    this.remove(slot, nowMs);
    this.codes.set(slot, code);
    this.#since.set(slot, nowMs);
  }

  remove(slot: number, nowMs: number): void {
    const code = this.codes.get(slot);
    if (!code) return;
    const held = { startsAtMs: this.#since.get(slot) ?? nowMs, endsAtMs: nowMs };
    this.stretches.push({ slot, pin: code.pin, held, open: overlap(held, code.window) });
    this.codes.delete(slot);
  }

  protected isTaken(pin: string, slot: number): boolean {
    return [...this.codes].some(([other, code]) => other !== slot && code.pin === pin);
  }

  /** For a payload that the real one would refuse or misread. */
  protected complain(what: string): [] {
    this.complaints.push(what);
    return [];
  }
}

function isWithin(window: TimeWindow | null, atMs: number): boolean {
  return window === null || (window.startsAtMs <= atMs && atMs < window.endsAtMs);
}

function overlap(held: TimeWindow, window: TimeWindow | null): TimeWindow | null {
  if (window === null) return held;
  const startsAtMs = Math.max(held.startsAtMs, window.startsAtMs);
  const endsAtMs = Math.min(held.endsAtMs, window.endsAtMs);
  return startsAtMs < endsAtMs ? { startsAtMs, endsAtMs } : null;
}
