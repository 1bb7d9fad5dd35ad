/** Two things timed side by side in one run: rounds in turn, so that what disturbs the machine disturbs both. */

export interface Measured {
  readonly name: string;
  /** Microseconds a call, the median round. */
  readonly ours: number;
  readonly peer: number;
  /** ours ÷ peer: lower is better. */
  readonly ratio: number;
  readonly goal: number | null;
}

export interface Contest {
  readonly name: string;
  /** The ratio aimed for; `null` where the figure only informs. */
  readonly goal: number | null;
  readonly ours: () => unknown;
  readonly peer: () => unknown;
  /** Calls a round. */
  readonly calls: number;
}

const ROUNDS = 15;

export async function measure({ name, goal, ours, peer, calls }: Contest): Promise<Measured> {
  const times = { ours: [] as number[], peer: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.ours.push(await timeCalls(ours, calls));
    times.peer.push(await timeCalls(peer, calls));
  }
  const [a, b] = [median(times.ours), median(times.peer)];
  return { name, ours: rounded(a), peer: rounded(b), ratio: rounded(a / b), goal };
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

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
