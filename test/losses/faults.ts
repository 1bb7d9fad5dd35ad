/** What befalls a run, at a moment that its seed chooses. Each ends with all parts back and connected in the end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../support/random.ts';
import type { Party } from './party.ts';

export interface Scene {
  readonly random: Random;
  readonly lock: Party;
  readonly host: Party;
  /** Kills a node of the broker and starts it again, once for all runs that share it. */
  readonly strikeBroker: () => Promise<void>;
  /** Has the lock make so many entries without a pause; resolves when they are on its disk. */
  readonly makeEntries: (count: number) => Promise<void>;
  /** Of a day offline. */
  readonly dayEntries: number;
}

export type FaultName =
  'broker-kill' | 'lock-kill' | 'host-kill' | 'half-open' | 'cut-after-bytes' | 'offline-day';

export const DAY_ENTRIES = 10_000;

export const FAULTS: Readonly<Record<FaultName, (scene: Scene) => Promise<void>>> = {
  'broker-kill': ({ strikeBroker }) => strikeBroker(),
  'lock-kill': ({ random, lock }) => killTwice(random, lock),
  'host-kill': ({ random, host }) => killTwice(random, host),
  /** A connection of one of the two dies without either of its ends hearing of it, or one of the two stops and comes back. */
  'half-open': async ({ random, lock, host }) => {
    const party = random.pick([lock, host]);
    if (random.chance(0.25)) return party.pause(random.whole(500, 4_000));
    party.wire.freeze();
    // Some end with a new connection from elsewhere, as of a router that starts again; the others wait for the keepalive.
    if (random.chance(0.5)) {
      await delay(random.whole(200, 1_500));
      party.wire.cutNearEnds();
    }
  },
  'cut-after-bytes': async ({ random, lock, host }) => {
    for (let cuts = random.whole(1, 4); cuts > 0; cuts--) {
      random.pick([lock, host]).wire.cutAfter(random.whole(1, 6_000));
      await delay(random.whole(0, 300));
    }
  },
  'offline-day': async ({ lock, makeEntries, dayEntries }) => {
    lock.wire.take(false);
    lock.wire.cut();
    await makeEntries(dayEntries);
    lock.wire.take(true);
  },
};

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** The second kill often meets what the first one began to mend. */
async function killTwice(random: Random, party: Party): Promise<void> {
  await party.killAndRestart();
  if (random.chance(0.5)) return;
  await delay(random.whole(0, 1_500));
  await party.killAndRestart();
}
