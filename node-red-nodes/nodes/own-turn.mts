/**
 * Hundreds of calendars may come at once, after a start, and a board reads hundreds of units; each is milliseconds of work: they
 * take turns, so that the editor and the locks are answered in between.
 * @module
 */
let last: Promise<void> = Promise.resolve();

/** Resolves in a turn of the event loop that nobody else has who asked for one. */
export function ownTurn(): Promise<void> {
  last = last.then(
    () =>
      new Promise((resolve) => {
        setImmediate(resolve);
      }),
  );
  return last;
}
