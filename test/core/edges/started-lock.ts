/** A lock device on a journal in a folder, with a clock by hand, and its controller's words. */
import {
  type Command,
  deriveCodeKey,
  deriveCommandKey,
  deriveUnitKey,
  issueCode,
  readAnswer,
  signCommand,
} from '@staycode/core';
import { type DeviceClock, LockDevice, type LockJournal, openJournal } from '@staycode/core/edges';
import type { WireMessage } from '../../../core/src/protocol/judge-command.ts';
import { EXAMPLE_BOOT_ID, EXAMPLE_LOCK_KEY, exampleJournal } from '../../support/example-journal.ts';
import { EXAMPLE_SITE_KEY, exampleConfig } from '../../support/lock-example.ts';

export const codeKey: Uint8Array = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
export const lockKey: Uint8Array = EXAMPLE_LOCK_KEY;
export const commandKey: Uint8Array = deriveCommandKey(lockKey, 'homebridge');
export const startsAtMs: number = Date.parse('2026-12-03T14:00:00Z');
/** Of a stay that has just begun. */
export const digits: string = issueCode(codeKey, {
  kind: 'stay',
  revision: 0,
  startsAtMs,
  endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
  alphabet: 'decimal',
});

/** Stands still but for the lock's own delays. */
export class HandClock implements DeviceClock {
  atMs: number = startsAtMs;
  upMs = 0;
  readonly delays: number[] = [];
  clockMs(): number {
    return this.atMs;
  }
  setClock(atMs: number): void {
    this.atMs = atMs;
  }
  uptimeMs(): number {
    return this.upMs;
  }
  delay(ms: number): Promise<void> {
    this.delays.push(ms);
    this.pass(ms);
    return Promise.resolve();
  }
  pass(ms: number): void {
    this.atMs += ms;
    this.upMs += ms;
  }
}

export interface World {
  clock: HandClock;
  journal: LockJournal;
  device: LockDevice;
  happened: string[];
  /** The newest record on disk whenever the bolt moved. */
  atBolt: string[];
  /** What the lock's clock said as it told of each record. */
  toldAtMs: number[];
}

export function start(
  folder: string,
  clock: HandClock = new HandClock(),
  rtc: 'kept' | 'lost' = 'kept',
  { jam = false, clockIsMachines = false }: { jam?: boolean; clockIsMachines?: boolean } = {},
): World {
  const happened: string[] = [];
  const atBolt: string[] = [];
  const toldAtMs: number[] = [];
  const firstMoment = { atMs: clock.clockMs(), clock: 'running', poweredMs: 0 } as const;
  const journal = openJournal(exampleJournal(folder, { firstMoment }));
  const device = new LockDevice(
    {
      lockId: 'front-door',
      lockKey,
      config: exampleConfig(),
      journal,
      ...{ clock, clockIsMachines },
      moveBolt: (to) => {
        happened.push(`bolt ${to}`);
        atBolt.push(...journal.recent(1).map(({ record }) => record.type));
        return Promise.resolve(jam ? 'jammed' : 'moved');
      },
      onRecord: ({ record }) => {
        happened.push(record.type === 'entry' ? `disk ${record.reason}` : `disk ${record.type}`);
        toldAtMs.push(clock.clockMs());
      },
    },
    rtc,
  );
  return { clock, journal, device, happened, atBolt, toldAtMs };
}

/** The first command of `homebridge`, to unlock, but for what is changed. */
export const command = (changes: Partial<Command> = {}): WireMessage => ({
  text: signCommand(commandKey, {
    lockId: 'front-door',
    controllerId: 'homebridge',
    bootEpoch: EXAMPLE_BOOT_ID,
    counter: 1,
    expiresAtPoweredMs: 10_000,
    act: { name: 'unlock' },
    ...changes,
  }),
  retained: false,
});
export const plain = (text: string): WireMessage => ({ text, retained: false });
export const reasonIn = (answer: string | null): string | null | undefined =>
  answer === null ? undefined : readAnswer(commandKey, answer)?.reason;
