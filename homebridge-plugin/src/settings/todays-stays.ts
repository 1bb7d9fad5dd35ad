/**
 * Today's stays on the settings page. Their codes stay in this process until one is asked for.
 * @module
 */
import { groupDigits, openStays, type StayAtLock, StaycodeError, staysTopic } from '@staycode/core';
import type { LockSettings } from '../config.ts';
import { staysOfToday } from '../todays-codes.ts';
import { visitBroker } from './broker-visit.ts';
import { readBlock } from './settings-block.ts';

/** Without digits. */
export interface ShownStay {
  /** For `digitsOf`. */
  readonly id: string;
  readonly unitId: string;
  readonly kind: StayAtLock['code']['kind'];
  /** Milliseconds since 1970 UTC. */
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface StaysOfLock {
  readonly name: string;
  readonly stays: readonly ShownStay[];
  /** Why there are none to show; `null` where the host has told, even that there are none today. */
  readonly text: string | null;
}

const LISTEN_MS = 1_500;

/** Remembers the codes of the last reading. */
export class TodaysStays {
  readonly #digits = new Map<string, string>();

  /** Reads what Node-RED left for this Homebridge. Never throws for what stands in the block or comes from the broker. */
  async read(block: unknown): Promise<readonly StaysOfLock[]> {
    this.#digits.clear();
    const { broker, locks } = readBlock(block);
    const usable = locks.flatMap(({ settings }) => settings ?? []);
    if (broker === null || usable.length === 0) return [];
    const topics = usable.map(topicOf);
    const visit = await visitBroker(broker, { topics, listenMs: LISTEN_MS });
    return usable.map((lock) => {
      if (!visit.ok) return { name: lock.name, stays: [], text: visit.text };
      const text = visit.messages.findLast(({ topic }) => topic === topicOf(lock))?.text ?? '';
      return { name: lock.name, ...this.#open(lock, text) };
    });
  }

  /** The digits of a stay that was read, in groups; `null` for one that was not. */
  digitsOf(id: unknown): string | null {
    const digits = typeof id === 'string' ? this.#digits.get(id) : undefined;
    return digits === undefined ? null : groupDigits(digits);
  }

  #open({ commandKey, lockId }: LockSettings, text: string): Pick<StaysOfLock, 'stays' | 'text'> {
    if (text === '') return { stays: [], text: 'Node-RED sends this Homebridge no stays of this lock.' };
    try {
      const stays = staysOfToday(openStays(commandKey, lockId, text).stays, Date.now());
      return { stays: stays.map((stay, i) => this.#keep(`${lockId} ${i}`, stay)), text: null };
    } catch (error) {
      if (!(error instanceof StaycodeError)) throw error;
      return { stays: [], text: 'The stays were sent for another key: paste a new pairing string.' };
    }
  }

  #keep(id: string, { code, digits }: StayAtLock): ShownStay {
    this.#digits.set(id, digits);
    const { unitId, kind, startsAtMs, endsAtMs } = code;
    return { id, unitId, kind, startsAtMs, endsAtMs };
  }
}

function topicOf({ lockId, controllerId }: LockSettings): string {
  return staysTopic(lockId, controllerId);
}
