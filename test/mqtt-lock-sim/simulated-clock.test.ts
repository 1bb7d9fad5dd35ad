import assert from 'node:assert/strict';
import { SimulatedClock } from '../../mqtt-lock-sim/src/simulated-clock.ts';
import { HandClock } from './hand-clock.ts';

const START = '2026-12-03T14:00:00Z';
const START_MS = Date.parse(START);
const DAY_MS = 86_400_000;

describe('the simulated clock', () => {
  let system: HandClock;
  let clock: SimulatedClock;

  beforeEach(() => {
    system = new HandClock(START);
    clock = new SimulatedClock(system, START_MS + DAY_MS);
  });
  /** What the clock has gained on the machine's. */
  const offMs = (): number => clock.clockMs() - system.now();

  it('runs with the machine from the moment at which it was started', () => {
    system.pass(DAY_MS);
    assert.equal(offMs(), DAY_MS);
  });

  it('gains 8.64 seconds a day at 100 ppm, and keeps what it gained when the drift ends or it is set', () => {
    clock.drift(100);
    system.pass(DAY_MS);
    assert.equal(offMs(), DAY_MS + 8_640);
    clock.drift(-100);
    system.pass(2 * DAY_MS);
    assert.equal(offMs(), DAY_MS - 8_640);
    clock.setClock(system.now());
    system.pass(DAY_MS);
    assert.equal(offMs(), -8_640);
    clock.drift(0);
    system.pass(DAY_MS);
    assert.equal(offMs(), -8_640);
  });

  it('goes on at its rate from where it jumps to, and stands still at -1,000,000 ppm', () => {
    clock.drift(-1e6);
    clock.jump(-DAY_MS);
    system.pass(DAY_MS);
    assert.equal(clock.clockMs(), START_MS);
  });

  it('reads the year 2000 once it is lost', () => {
    clock.lose();
    assert.equal(clock.clockMs(), Date.UTC(2000, 0, 1));
  });

  it('runs on without power, while powered time stands still and begins anew at the next boot', () => {
    system.pass(1_000);
    clock.halt();
    system.pass(DAY_MS);
    clock.halt();
    assert.equal(clock.uptimeMs(), 1_000);
    assert.equal(offMs(), DAY_MS);
    clock.boot();
    system.pass(500);
    assert.equal(clock.uptimeMs(), 500);
  });
});
