/** Brokers × faults × seeds: plays the runs and counts what was lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROKERS, type BrokerName } from '../support/brokers/all.ts';
import type { RealBroker } from '../support/brokers/real-broker.ts';
import { Random } from '../support/random.ts';
import type { FaultName } from './faults.ts';
import { play } from './run.ts';

export interface Losses {
  runs: number;
  /** Runs by `broker/fault`. */
  readonly cells: Record<string, number>;
  lost: number;
  actedTwice: number;
  duplicatesRemoved: number;
  /** So that runs in which nothing happened prove nothing. */
  entries: number;
}

export interface LossesPlan {
  readonly brokers: readonly BrokerName[];
  readonly faults: readonly FaultName[];
  /** At most 20 of them for a day offline. */
  readonly runsPerCell: number;
  readonly seed: number;
  readonly keeperSyncs?: boolean;
  readonly homeTimeoutMs?: number;
  readonly dayEntries?: number;
  readonly onCell?: (line: string) => void;
}

/** A run mostly waits, for a process to start or a broker to be back; a day of entries keeps a core busy. */
const AT_ONCE: Readonly<Record<FaultName, number>> = {
  'broker-kill': 9,
  'lock-kill': 6,
  'host-kill': 6,
  'half-open': 8,
  'cut-after-bytes': 6,
  'offline-day': 3,
};

/** Such a run takes as long as ten others. */
const MOST_DAYS = 20;

export async function countLosses(plan: LossesPlan): Promise<Losses> {
  const losses: Losses = { runs: 0, cells: {}, lost: 0, actedTwice: 0, duplicatesRemoved: 0, entries: 0 };
  for (const name of plan.brokers) {
    const folder = mkdtempSync(join(tmpdir(), 'staycode-losses-'));
    try {
      const broker = await BROKERS[name].start(folder);
      try {
        for (const fault of plan.faults) await playCell(plan, { name, broker, fault }, losses);
      } finally {
        await broker.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return losses;
}

interface Cell {
  readonly name: BrokerName;
  readonly broker: RealBroker;
  readonly fault: FaultName;
}

async function playCell(plan: LossesPlan, cell: Cell, losses: Losses): Promise<void> {
  const label = `${cell.name}/${cell.fault}`;
  const before = { ...losses };
  const startedMs = performance.now();
  const runs = cell.fault === 'offline-day' ? Math.min(MOST_DAYS, plan.runsPerCell) : plan.runsPerCell;
  // One kill a group: a broker is one process, and its start takes seconds.
  const groupSize = cell.fault === 'broker-kill' ? AT_ONCE[cell.fault] : runs;
  for (let first = 0; first < runs; first += groupSize) {
    let struck: Promise<void> | null = null;
    const seed = mix(plan.seed, label, first);
    const strikeBroker = (): Promise<void> => (struck ??= strike(cell.broker, new Random(seed)));
    await inLanes(Math.min(groupSize, runs - first), AT_ONCE[cell.fault], (n) =>
      playOne(plan, cell, seed + n, strikeBroker, losses),
    );
  }
  losses.cells[label] = runs;
  const spent = Math.round((performance.now() - startedMs) / 1000);
  const lost = losses.lost - before.lost + losses.actedTwice - before.actedTwice;
  plan.onCell?.(
    `${label}: ${runs} runs, ${losses.entries - before.entries} entries, ${lost} lost or acted twice, ` +
      `${losses.duplicatesRemoved - before.duplicatesRemoved} duplicates removed, ${spent} s`,
  );
}

async function playOne(
  plan: LossesPlan,
  { name, broker, fault }: Cell,
  seed: number,
  strikeBroker: () => Promise<void>,
  losses: Losses,
): Promise<void> {
  const lockId = `${name}-${fault}-${seed}`;
  const random = new Random(seed);
  const urls = { lock: random.pick(broker.urls), host: random.pick(broker.urls) };
  const { keeperSyncs = true, homeTimeoutMs, dayEntries, onCell: tell = () => undefined } = plan;
  const verdict = await play({
    ...{ lockId, seed, fault, urls, strikeBroker, keeperSyncs, tell },
    ...(homeTimeoutMs !== undefined && { homeTimeoutMs }),
    ...(dayEntries !== undefined && { dayEntries }),
  });
  if (verdict.lost + verdict.actedTwice > 0) {
    const { lost, actedTwice, fault: copyFault } = verdict;
    tell(`${lockId}: ${lost} lost, ${actedTwice} acted twice, the copy: ${copyFault ?? 'verifies'}`);
  }
  losses.runs += 1;
  losses.lost += verdict.lost;
  losses.actedTwice += verdict.actedTwice;
  losses.duplicatesRemoved += verdict.duplicatesRemoved;
  losses.entries += verdict.entries;
}

async function strike(broker: RealBroker, random: Random): Promise<void> {
  await broker.kill(random.whole(0, broker.urls.length - 1));
  await new Promise((resolve) => setTimeout(resolve, random.whole(0, 1_000)));
  await broker.restart();
}

/** So many at once, each followed by the next. */
async function inLanes(count: number, lanes: number, act: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** A seed of its own for each group of a cell. */
function mix(seed: number, label: string, first: number): number {
  let mixed = seed;
  for (const char of `${label}${first}`) mixed = (Math.imul(mixed, 31) + char.charCodeAt(0)) >>> 0;
  return mixed;
}
