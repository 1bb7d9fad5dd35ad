/**
 * The few words under a keypad's node; at most 20 characters, never digits that were typed.
 * @module
 */
import { StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeStatusFill } from 'node-red';

/** How an entry went, as the host reads it. */
export interface ShownVerdict {
  readonly outcome: 'opened' | 'done' | 'refused';
  /** Time of day at the door, `HH:MM`. */
  readonly time: string;
  /** For how long entries of its length are refused unseen from now on; 0 while they are not. */
  readonly closedMs: number;
}

export interface VerifyStatus {
  ready(clock: 'running' | 'lost'): void;
  verdict(shown: ShownVerdict): void;
  /** The lock judges nothing; why is in the log. */
  stopped(error: unknown): void;
  end(): void;
}

const MINUTE_MS = 60_000;
const FILLS = { opened: 'green', done: 'blue', refused: 'yellow' } as const;
const OWN_WORDS = ['journal-corrupt', 'journal-foreign', 'journal-failed', 'sealed-refused', 'bad-config'];

export function createStatus(RED: NodeAPI, node: Node): VerifyStatus {
  let reopens: NodeJS.Timeout | undefined;
  const show = (fill: NodeStatusFill, key: string, values: Record<string, string | number> = {}): void => {
    clearTimeout(reopens);
    const shape = fill === 'red' ? 'ring' : 'dot';
    node.status({ fill, shape, text: RED._(`stay-verify.status.${key}`, values) });
  };
  return {
    ready(clock) {
      show(clock === 'lost' ? 'yellow' : 'green', clock === 'lost' ? 'clock-lost' : 'ready');
    },
    verdict({ outcome, time, closedMs }) {
      const minutes = Math.ceil(closedMs / MINUTE_MS);
      show(FILLS[outcome], minutes > 0 ? 'closed' : outcome, { time, minutes });
      if (minutes > 0) reopens = setTimeout(show, closedMs, 'green', 'ready');
    },
    stopped(error) {
      const code = error instanceof StaycodeError ? error.code : '';
      show('red', OWN_WORDS.includes(code) ? code : 'stopped');
    },
    end() {
      clearTimeout(reopens);
    },
  };
}
