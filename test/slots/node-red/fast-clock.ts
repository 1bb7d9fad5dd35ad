/** Loaded before a program (`node --import`), makes its dates and timers run by the fast clock; STAYCODE_FAST says since when. */
import { type FastStart, fastTimeAt, realWait } from './fast-time.ts';

const start = JSON.parse(process.env.STAYCODE_FAST ?? '') as FastStart;
const { Date: RealDate, setTimeout: realTimeout, setInterval: realInterval } = globalThis;
const now = (): number => Math.round(fastTimeAt(start, RealDate.now()));
const wait = (ms: number | undefined): number => realWait(now(), ms ?? 0);

globalThis.Date = class extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(now());
    else super(...(given as [number]));
  }
  static override now(): number {
    return now();
  }
} as DateConstructor;
globalThis.setTimeout = Object.assign(
  (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    realTimeout(work, wait(ms), ...args),
  realTimeout,
);
globalThis.setInterval = Object.assign(
  (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    realInterval(work, wait(ms), ...args),
  realInterval,
);
