/** Times from and to, as sorted lists without overlap. */
import type { TimeWindow } from '@staycode/core';

export function unite(windows: readonly TimeWindow[]): TimeWindow[] {
  const sorted = windows.filter(isSome).sort((a, b) => a.startsAtMs - b.startsAtMs);
  const united: TimeWindow[] = [];
  for (const window of sorted) {
    const last = united.at(-1);
    if (last && window.startsAtMs <= last.endsAtMs) {
      const endsAtMs = Math.max(last.endsAtMs, window.endsAtMs);
      united.splice(-1, 1, { ...last, endsAtMs });
    } else united.push(window);
  }
  return united;
}

/** What is in the first and in none of the second. */
export function subtract(from: readonly TimeWindow[], cuts: readonly TimeWindow[]): TimeWindow[] {
  return cuts.reduce<TimeWindow[]>(
    (rest, cut) =>
      rest.flatMap(({ startsAtMs, endsAtMs }) =>
        [
          { startsAtMs, endsAtMs: Math.min(endsAtMs, cut.startsAtMs) },
          { startsAtMs: Math.max(startsAtMs, cut.endsAtMs), endsAtMs },
        ].filter(isSome),
      ),
    unite(from),
  );
}

export function clip(windows: readonly TimeWindow[], to: TimeWindow): TimeWindow[] {
  return windows
    .map(({ startsAtMs, endsAtMs }) => ({
      startsAtMs: Math.max(startsAtMs, to.startsAtMs),
      endsAtMs: Math.min(endsAtMs, to.endsAtMs),
    }))
    .filter(isSome);
}

/** When at least so many of them hold at once. */
export function atLeast(count: number, windows: readonly TimeWindow[]): TimeWindow[] {
  const edges = windows
    .filter(isSome)
    .flatMap(({ startsAtMs, endsAtMs }) => [
      { atMs: startsAtMs, step: 1 },
      { atMs: endsAtMs, step: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.step - b.step);
  const found: TimeWindow[] = [];
  let holding = 0;
  let sinceMs = 0;
  for (const { atMs, step } of edges) {
    if (holding >= count && holding + step < count) found.push({ startsAtMs: sinceMs, endsAtMs: atMs });
    if (holding < count && holding + step >= count) sinceMs = atMs;
    holding += step;
  }
  return found.filter(isSome);
}

export function totalMs(windows: readonly TimeWindow[]): number {
  return windows.reduce((sum, { startsAtMs, endsAtMs }) => sum + endsAtMs - startsAtMs, 0);
}

function isSome({ startsAtMs, endsAtMs }: TimeWindow): boolean {
  return startsAtMs < endsAtMs;
}
