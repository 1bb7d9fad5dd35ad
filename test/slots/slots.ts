/**
 * `npm run slots [-- --seed N --locks 60 --days 200 --lead 1]`: ordinary locks behind Nuki Hub, Z-Wave JS UI and Zigbee2MQTT over a
 * wire that drops, doubles and delays, with outages, strangers' codes and full lists. Ends on a line of JSON with the sums; each
 * lock has a seed of its own, which plays it again alone: `--seed N --locks 1`. `days` are of locks, `lead` is in hours.
 */
import { parseArgs } from 'node:util';
import type { Unit } from '@staycode/core';
import { DEFAULT_SLOT_POLICY } from '../../core/src/programmed-locks/policy.ts';
import { NukiLock } from '../support/programmed-locks/nuki-lock.ts';
import type { StandInLock } from '../support/programmed-locks/stand-in-lock.ts';
import { ZigbeeLock } from '../support/programmed-locks/zigbee-lock.ts';
import { ZwaveLock } from '../support/programmed-locks/zwave-lock.ts';
import { Random } from '../support/random.ts';
import { judgeLife, type LifeResult } from './judge-life.ts';
import { LockLife } from './lock-life.ts';

const LOCKS: readonly ((count: number) => StandInLock)[] = [
  (count) => new NukiLock({ count }),
  (count) => new ZwaveLock({ count, hasSchedules: true, hidesPins: false }),
  (count) => new ZwaveLock({ count, hasSchedules: true, hidesPins: true }),
  (count) => new ZwaveLock({ count, hasSchedules: false, hidesPins: false }),
  (count) => new ZigbeeLock({ count, exposesPins: true }),
  (count) => new ZigbeeLock({ count, exposesPins: false }),
];

/** Runs locks with the seeds from `seed` on; `tell` gets a line for whatever went wrong. */
export function runSlots(
  { seed, locks, days, leadHours = 1 }: { seed: number; locks: number; days: number; leadHours?: number },
  tell: (line: string) => void,
): Partial<LifeResult> {
  const sums: Partial<LifeResult> = {};
  const policy = { ...DEFAULT_SLOT_POLICY, leadMs: leadHours * 3_600_000 };
  for (let own = seed; own < seed + locks; own++) {
    const random = new Random(own);
    const units = Array.from({ length: random.whole(1, 3) }, (_, at): Unit => {
      return { unitId: `unit-${at}`, keyVersion: 1, alphabet: random.pick(['decimal', 'no-zero']) };
    });
    const strangers = random.whole(0, 4);
    const make = LOCKS[own % LOCKS.length] as (count: number) => StandInLock;
    const lock = make(units.length + strangers + random.whole(0, 2));
    const { result, log } = judgeLife(
      new LockLife({ seed: own, days, lock, units, strangers, policy }).run(),
      days,
    );
    for (const line of log) tell(`seed ${own}: ${line}`);
    for (const [name, count] of Object.entries(result) as [keyof LifeResult, number][]) {
      sums[name] =
        name === 'longestClearingMinutes' ? Math.max(sums[name] ?? 0, count) : (sums[name] ?? 0) + count;
    }
  }
  return sums;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      locks: { type: 'string', default: '60' },
      days: { type: 'string', default: '200' },
      lead: { type: 'string', default: '1' },
    },
  });
  const [seed, locks, days] = [Number(values.seed), Number(values.locks), Number(values.days)];
  console.log(`${locks} locks, ${days} days each, seeds from ${seed}`);
  const sums = runSlots({ seed, locks, days, leadHours: Number(values.lead) }, (line) => {
    console.log(line);
  });
  console.log(JSON.stringify(sums));
}
