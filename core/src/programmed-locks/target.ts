/**
 * What the planner knows of a lock that keeps its own list: its limits, and what travels to and from it. One file a target
 * turns these into topics and payloads.
 * @module
 */
import type { TimeWindow } from '../stay-code/collision.ts';
import type { PinLimits } from './pin-choice.ts';

/** What to tell a lock. A `slot` of `null` is the lock's to choose, and for `read` its whole list. */
export type LockCommand =
  | ({ readonly do: 'set' } & SlotSetting)
  | { readonly do: 'clear'; readonly slot: number }
  /** Only for a lock that keeps windows apart from codes. */
  | { readonly do: 'set-window'; readonly slot: number; readonly window: TimeWindow }
  | { readonly do: 'clear-window'; readonly slot: number }
  | { readonly do: 'read'; readonly slot: number | null };

export interface SlotSetting {
  readonly slot: number | null;
  /** What the lock shows as its name, where it has names. */
  readonly label: string;
  readonly pin: string;
  readonly window: TimeWindow;
}

/** What a lock said of one taken slot; `null` for what this lock does not tell. */
export interface SlotEntry {
  readonly pin: string | null;
  readonly label: string | null;
  readonly window: TimeWindow | null;
}

/** What a lock said. An `entry` of `null` is a free slot. */
export type LockReport =
  | { readonly report: 'slot'; readonly slot: number; readonly entry: SlotEntry | null }
  | { readonly report: 'window'; readonly slot: number; readonly window: TimeWindow | null }
  | { readonly report: 'list'; readonly entries: ReadonlyMap<number, SlotEntry> }
  | {
      readonly report: 'refused';
      /** `null` where the lock does not say which. */
      readonly slot: number | null;
      /** Whether it is because another slot has the PIN. */
      readonly isTaken: boolean;
      readonly message: string;
    }
  /** Someone opened with the slot's code, just now. */
  | { readonly report: 'opened'; readonly slot: number }
  /** The last few things that happened, numbered by the lock. */
  | {
      readonly report: 'log';
      readonly upTo: number;
      /** Whether it comes from the broker, which had kept it. */
      readonly isKept: boolean;
      /** By rising number. */
      readonly openings: readonly { readonly slot: number; readonly number: number }[];
    };

export interface MqttMessage {
  readonly topic: string;
  readonly payload: string;
  /** Of an incoming message: whether the broker had kept it. */
  readonly isRetained?: boolean;
}

/** The slots that Staycode may use, in a lock where the writer chooses; or how many codes a lock holds that chooses itself. */
export type SlotRange =
  | { readonly chosenBy: 'host'; readonly first: number; readonly count: number }
  | { readonly chosenBy: 'lock'; readonly count: number };

export interface LockTarget {
  readonly pinLimits: PinLimits;
  readonly slots: SlotRange;
  /**
   * Whether the lock itself opens only within the window: `with-code` where it is set with the code, `apart` where it is told and
   * read on its own; `no`, and the code is set before check-in and cleared after check-out.
   */
  readonly keepsWindow: 'with-code' | 'apart' | 'no';
  /**
   * Whether an answer is what the lock said just now. Zigbee2MQTT sends all that it remembers of a lock with whatever it sends, so
   * what looks like an answer may be old.
   */
  readonly isAnswerNew: boolean;
  /** What to subscribe to. */
  readonly topics: readonly string[];
  write(command: LockCommand): MqttMessage[];
  /** What a message says; nothing for one that says nothing about codes. Never throws on what comes in. */
  read(message: MqttMessage): LockReport[];
}
