/** Reconciling a unit of 10,000 stays, 100 of which changed, beside ten units of 1,000 with 10 changes each. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  reconcile,
  type ReconcileRequest,
  type StayNews,
  wantReservation,
} from '@staycode/core';
import type { Contest } from './measure.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);
const rules = compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' });

export function reconciling(): Contest {
  const whole = settled(10_000);
  const parts = Array.from({ length: 10 }, () => settled(1_000));
  return {
    name: 'reconciling 10,000 stays, 100 of them changed, beside ten times a tenth',
    goal: 1.5,
    ours: () => reconcile(whole),
    peer: () => {
      for (const part of parts) reconcile(part);
    },
    calls: 1,
  };
}

/** Megabytes that one reconciliation of 10,000 stays allocates, and that its answer keeps. */
export function reconcilingMemory(): { allocated: number; kept: number } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const request = settled(10_000);
  const used = (): number => process.memoryUsage().heapUsed / 1e6;
  collect();
  const before = used();
  const answer = reconcile(request);
  const allocated = used() - before;
  collect();
  const kept = used() - before;
  if (answer.actions.length !== 200) throw new Error(`expected 200 actions, got ${answer.actions.length}`);
  return { allocated: Number(allocated.toPrecision(2)), kept: Number(kept.toPrecision(2)) };
}

/** Every stay has its code, which left; and of one in a hundred it is news that it leaves a day later. */
function settled(count: number): ReconcileRequest {
  let ids = 0;
  const base = {
    unit: { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' },
    ...{ rules, hasKey: true, zone: 'UTC', nowMs: START_MS, newId: () => `code-${++ids}` },
  } as const;
  const none = { codes: [], stays: [], overrides: [] };
  const news = Array.from({ length: count }, (_, number) => bookStay(number, 2));
  const { put, keep } = reconcile({ ...base, ...none, news });
  const changed = Array.from({ length: count / 100 }, (_, number) => bookStay(number * 100, 3));
  const codes = put.map((code) => ({ ...code, leftAtMs: START_MS }));
  return { ...base, codes, stays: keep, overrides: [], news: changed };
}

/** A stay every three days, over most of the years that a code can hold. */
function bookStay(number: number, nights: number): StayNews {
  const dayMs = START_MS + number * 3 * DAY_MS;
  const startsAtMs = dayMs + 15 * 3_600_000;
  const endsAtMs = dayMs + nights * DAY_MS + 11 * 3_600_000;
  return wantReservation({
    id: `stay-${number}`,
    startsAtMs,
    endsAtMs,
    guestName: null,
    status: 'confirmed',
  });
}
