/** The simulated lock with its faults behind its web API, on a clock that a test moves by hand. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  deriveCodeKey,
  deriveCommandKey,
  deriveLockKey,
  deriveUnitKey,
  issueCode,
  lockTopics,
  readAnswer,
  readSession,
  type Session,
  signHello,
} from '@staycode/core';
import { type LockServer, serveLock } from '../../mqtt-lock-sim/src/http.ts';
import type { LockSnapshot } from '../../mqtt-lock-sim/src/live-feed.ts';
import { SimulatedLock, type SimulatedLockOptions } from '../../mqtt-lock-sim/src/simulated-lock.ts';
import { exampleBytes } from '../support/example-journal.ts';
import { EXAMPLE_SITE_KEY, exampleConfig } from '../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { HandClock } from './hand-clock.ts';

export const LOCK_ID = 'front-door';
export const MINUTE_MS = 60_000;
export const HOUR_MS: number = 60 * MINUTE_MS;
export const DAY_MS: number = 24 * HOUR_MS;
const START = '2026-12-03T14:00:00Z';
const lockKey = deriveLockKey(EXAMPLE_SITE_KEY, LOCK_ID, 1);
export const commandKey: Uint8Array = deriveCommandKey(lockKey, 'homebridge');
export const codeKey: Uint8Array = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));

/** The code of a stay of so many days from 14:00 UTC to 10:00 UTC. */
export function stayCode(startsAt: string, days: number): string {
  const startsAtMs = Date.parse(startsAt);
  const endsAtMs = startsAtMs + days * DAY_MS - 4 * HOUR_MS;
  return issueCode(codeKey, { kind: 'stay', revision: 0, startsAtMs, endsAtMs, alphabet: 'decimal' });
}
export const STAY: string = stayCode(START, 4);
export const PIN: string = STAY.slice(0, 6);

/** Start it before each test and stop it after. */
export class FaultyLock {
  clock!: HandClock;
  lock!: SimulatedLock;
  reports: string[] = [];
  #server!: LockServer;
  #folder = '';

  async start(changes: Partial<SimulatedLockOptions> = {}): Promise<void> {
    this.clock = new HandClock(START);
    this.reports = [];
    this.#folder = changes.folder ?? scratchFolder();
    this.lock = new SimulatedLock({
      file: { ...exampleConfig(), lockId: LOCK_ID, name: 'Front door', zone: 'Europe/Berlin', lockKey },
      folder: this.#folder,
      system: this.clock,
      randomBytes: exampleBytes,
      autoLockMs: 0,
      report: (line) => this.reports.push(line),
      ...changes,
    });
    this.#server = await serveLock(this.lock);
  }

  /** Another lock in its place. */
  async restart(changes: Partial<SimulatedLockOptions>): Promise<void> {
    this.lock.close();
    await this.#server.close();
    await this.start(changes);
  }

  /** Fails where something was reported that no test took out. */
  async stop(): Promise<void> {
    await this.#server.close();
    this.lock.close();
    removeScratch();
    assert.deepEqual(this.reports, []);
  }

  countBoots(): number {
    return readFileSync(join(this.#folder, 'journal.jsonl'), 'utf8').split('"type":"boot"').length - 1;
  }

  async post(path: string, content: object): Promise<{ status: number; answer: unknown }> {
    const response = await fetch(this.#server.url + path, { method: 'POST', body: JSON.stringify(content) });
    return { status: response.status, answer: await response.json() };
  }

  async state(): Promise<LockSnapshot> {
    return (await (await fetch(`${this.#server.url}/api/state`)).json()) as LockSnapshot;
  }

  /** The faults that are on after it. */
  async apply(fault: object): Promise<unknown> {
    const { status, answer } = await this.post('/api/faults', fault);
    assert.equal(status, 200, JSON.stringify(answer));
    return (answer as { faults: unknown }).faults;
  }

  cutPower(more: object = {}): Promise<unknown> {
    return this.apply({ fault: 'power-cut', on: true, ...more });
  }

  restorePower(): Promise<unknown> {
    return this.apply({ fault: 'power-cut', on: false });
  }

  /** The signal at the door and the reason in the log. */
  async enter(digits: string): Promise<string> {
    const { status, answer } = await this.post('/api/entry', { digits });
    if (status !== 200) return `no answer: ${status}`;
    const last = (await this.state()).events.findLast(({ source }) => source === 'Keypad');
    return `${(answer as { signal: string }).signal} ${last?.reason ?? ''}`;
  }

  async greet(): Promise<Session> {
    const hello = { lockId: LOCK_ID, controllerId: 'homebridge', nonce: 'ab'.repeat(16) };
    const session = readSession(commandKey, await this.#receive('hello', signHello(commandKey, hello)));
    if (session === null) throw new Error('expected a session');
    return session;
  }

  /** The reason of the answer. */
  async command(text: string): Promise<string | null | undefined> {
    return readAnswer(commandKey, await this.#receive('command', text))?.reason;
  }

  async #receive(topic: 'hello' | 'command', text: string): Promise<string> {
    const replies = await this.lock.receive({ topic: lockTopics(LOCK_ID)[topic], text, retained: false });
    return replies[0]?.text ?? '';
  }
}
