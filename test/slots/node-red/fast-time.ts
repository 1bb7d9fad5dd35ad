/**
 * A clock that runs fast, alike in every process: slower while guests come and go, so that a pause of the machine stays a short one, and
 * fast through the hours between, when nothing is to happen.
 */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** UTC. */
const BUSY_FROM_MS = 10.5 * HOUR_MS;
const BUSY_TO_MS = 16.5 * HOUR_MS;
const BUSY_RATE = 150;
const CALM_RATE = 3000;
const BUSY_REAL_MS = (BUSY_TO_MS - BUSY_FROM_MS) / BUSY_RATE;
const DAY_REAL_MS = BUSY_REAL_MS + (DAY_MS - BUSY_TO_MS + BUSY_FROM_MS) / CALM_RATE;

export interface FastStart {
  /** When it is what, milliseconds since 1970 UTC. */
  readonly realMs: number;
  readonly atMs: number;
}

/** The fast clock's time at a moment of the machine's. */
export function fastTimeAt(start: FastStart, realMs: number): number {
  const total = toReal(start.atMs) + realMs - start.realMs;
  const days = Math.floor(total / DAY_REAL_MS);
  return days * DAY_MS + ofDay(total - days * DAY_REAL_MS);
}

/** How long the machine waits for `ms` of the fast clock from `atMs` on. */
export function realWait(atMs: number, ms: number): number {
  return toReal(atMs + ms) - toReal(atMs);
}

/** Whether something may be made to happen then. */
export function isBusy(atMs: number): boolean {
  const ofDayMs = atMs % DAY_MS;
  return ofDayMs >= BUSY_FROM_MS && ofDayMs < BUSY_TO_MS;
}

function toReal(atMs: number): number {
  const days = Math.floor(atMs / DAY_MS);
  const rest = atMs - days * DAY_MS;
  const busy = Math.min(Math.max(rest - BUSY_FROM_MS, 0), BUSY_TO_MS - BUSY_FROM_MS);
  return days * DAY_REAL_MS + busy / BUSY_RATE + (rest - busy) / CALM_RATE;
}

function ofDay(realMs: number): number {
  const before = BUSY_FROM_MS / CALM_RATE;
  if (realMs < before) return realMs * CALM_RATE;
  const busy = realMs - before;
  if (busy < BUSY_REAL_MS) return BUSY_FROM_MS + busy * BUSY_RATE;
  return BUSY_TO_MS + (busy - BUSY_REAL_MS) * CALM_RATE;
}
