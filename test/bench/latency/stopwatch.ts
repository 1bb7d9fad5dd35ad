/** What an entry at the door and the events that come of it took, from two starts: the key, and the lock's word at the broker. */

/** Places of a HomeKit lock, as `HomeApp` names them. */
export const EVENTS = ['keypad', 'current'] as const;
export type Event = (typeof EVENTS)[number];
export type Plugin = 'staycode' | 'bare';
type Start = 'key' | 'broker';

interface Sample {
  readonly plugin: Plugin;
  readonly event: Event;
  readonly start: Start;
  readonly ms: number;
}

export class Stopwatch {
  readonly #samples: Sample[] = [];
  #keyMs: number | null = null;
  #brokerMs: Partial<Record<Event, number>> = {};

  keyPressed(): void {
    this.#brokerMs = {};
    this.#keyMs = performance.now();
  }

  /** The broker has the message that the event comes of; the first one counts. */
  lockSaid(event: Event): void {
    this.#brokerMs[event] ??= performance.now();
  }

  homeTold(plugin: Plugin, event: Event): void {
    const atMs = performance.now();
    const starts = { key: this.#keyMs, broker: this.#brokerMs[event] };
    if (starts.key === null) return;
    for (const [start, sinceMs] of Object.entries(starts))
      this.#samples.push({ plugin, event, start: start as Start, ms: atMs - (sinceMs ?? NaN) });
  }

  /** What is told from now on is of no entry. */
  stop(): void {
    this.#keyMs = null;
  }

  /** Milliseconds, the shortest first. */
  times(plugin: Plugin, event: Event, start: Start): number[] {
    return this.#samples
      .filter((one) => one.plugin === plugin && one.event === event && one.start === start)
      .map(({ ms }) => ms)
      .sort((a, b) => a - b);
  }
}

export function printTable(watch: Stopwatch, entries: number): void {
  const ratios: string[] = [];
  console.log('| event | from | plugin | events | median ms | 95 % | 99 % | most |');
  console.log('|---|---|---|---|---|---|---|---|');
  for (const event of EVENTS) {
    for (const start of ['key', 'broker'] as const) {
      const medians = (['staycode', 'bare'] as const).map((plugin) => {
        const sorted = watch.times(plugin, event, start);
        const figures = [0.5, 0.95, 0.99, 1].map((part) => quantile(sorted, part).toFixed(1));
        const row = [event, start, plugin, `${sorted.length} of ${entries}`, ...figures];
        console.log(`| ${row.join(' | ')} |`);
        return quantile(sorted, 0.5);
      });
      const [ours = NaN, bare = NaN] = medians;
      ratios.push(`${event} from ${start}: staycode ÷ bare at the median: ${(ours / bare).toFixed(2)}`);
    }
  }
  for (const line of ratios) console.log(line);
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}
