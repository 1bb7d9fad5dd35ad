/** Two things timed side by side in one run: rounds in turn, so that what disturbs the machine disturbs both. */

/** A line of the bench. */
export interface Measured {
  readonly name: string;
  /** Microseconds a call unless the name says another unit; the median round. */
  readonly ours: number;
  readonly peer: number;
  /** ours ÷ peer: lower is better. */
  readonly ratio: number;
  /** The ratio aimed for; `null` where the figure only informs. */
  readonly goal: number | null;
}

export interface Contest extends Pick<Measured, 'name' | 'goal'> {
  readonly ours: () => unknown;
  readonly peer: () => unknown;
  /** Calls a round. */
  readonly calls: number;
  /** 15 unless set: fewer for what takes seconds. */
  readonly rounds?: number;
}

/** A contest whose two sides take their own figure. */
export interface Comparison extends Pick<Measured, 'name' | 'goal'> {
  readonly ours: () => Promise<number>;
  readonly peer: () => Promise<number>;
  readonly rounds: number;
}

const ROUNDS = 15;

export function measure({ name, goal, ours, peer, calls, rounds = ROUNDS }: Contest): Promise<Measured> {
  const timed = (act: () => unknown) => () => timeCalls(act, calls);
  return compare({ name, goal, rounds, ours: timed(ours), peer: timed(peer) });
}

export async function compare({ name, goal, ours, peer, rounds }: Comparison): Promise<Measured> {
  const figures = { ours: [] as number[], peer: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    figures.ours.push(await ours());
    figures.peer.push(await peer());
  }
  return measured({ name, goal, ours: median(figures.ours), peer: median(figures.peer) });
}

/** The line of two figures that are there already. */
export function measured({ name, goal, ours, peer }: Omit<Measured, 'ratio'>): Measured {
  return { name, ours: rounded(ours), peer: rounded(peer), ratio: rounded(ours / peer), goal };
}

async function timeCalls(act: () => unknown, calls: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < calls; i++) await act();
  return ((performance.now() - started) * 1000) / calls;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
