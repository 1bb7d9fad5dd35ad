/**
 * A calendar that is read for the first time may bring a hundred stays at once, each with some writes to disk: one is worked on
 * in a turn of the event loop, so that the editor and the locks are answered in between.
 * @module
 */
export interface Inbox {
  /** Works on it in a turn of its own, in the order in which they came. */
  put(work: () => void): void;
  /** Works on all that waits, now: what the node was given must not be lost with it. */
  empty(): void;
}

export function createInbox(): Inbox {
  const waiting: (() => void)[] = [];
  let turn: NodeJS.Immediate | undefined;
  const next = (): void => {
    turn = undefined;
    const work = waiting.shift();
    if (waiting.length > 0) turn = setImmediate(next);
    work?.();
  };
  return {
    put(work) {
      waiting.push(work);
      turn ??= setImmediate(next);
    },
    empty() {
      if (turn !== undefined) clearImmediate(turn);
      turn = undefined;
      for (const work of waiting.splice(0)) work();
    },
  };
}
