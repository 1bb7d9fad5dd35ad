/**
 * Tells a lock which stays this Node-RED knows, whenever they change and the lock is there, and tells the host what the lock has
 * that they do not name. Nobody is kept out by it.
 * @module
 */
import {
  type CodeId,
  codesForRoster,
  fingerprintOf,
  type LockFile,
  rosterOf,
  type RosterReport,
} from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import { codesOf } from '../lock-codes.mts';
import type { LockLink } from '../lock-link.mts';
import type { Trouble } from './to-message.mts';

export interface RosterDesk {
  /** The register may have changed, or the lock has come in reach. */
  readonly look: () => void;
  /** The host has heard of this code from the log. */
  readonly toldOf: (code: CodeId) => void;
  readonly reportCame: (report: RosterReport) => void;
  readonly close: () => void;
}

export interface RosterParts {
  readonly file: LockFile;
  readonly store: AccessCodeStore;
  readonly link: () => LockLink | null;
  readonly warn: (trouble: Trouble, detail: string) => void;
  readonly onRefused: (reason: string) => void;
}

/** The log's entry of an opening may be on its way still, and says when it was. */
const LOG_FIRST_MS = 3_000;

export function openRosterDesk({ file, store, link, warn, onRefused }: RosterParts): RosterDesk {
  const told = new Set<string>();
  /** What the lock knows, or is being told. */
  let sent = '';
  let waiting: NodeJS.Timeout | undefined;
  const once = (key: string, trouble: Trouble, detail: string): void => {
    if (told.has(key)) return;
    told.add(key);
    warn(trouble, detail);
  };
  const send = async (to: LockLink): Promise<void> => {
    const act = rosterOf(to.commandKey, codesForRoster(codesOf(store, file), file.rules, Date.now()));
    const text = JSON.stringify(act);
    if (text === sent) return;
    sent = text;
    const outcome = await to.controller.send(act);
    if (outcome.ok) return;
    // The next look tries again.
    if (sent === text) sent = '';
    if (!['unreachable', 'no-answer'].includes(outcome.reason)) onRefused(outcome.reason);
  };
  return {
    look() {
      const to = link();
      if (to?.controller.reachable === true) void send(to);
    },
    toldOf(code) {
      told.add(keyOf(code));
    },
    reportCame(report) {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        for (const code of report.unlisted) {
          // What this Node-RED saw open it has told of from the log.
          if (store.uses.firstUsedAtMs(code) === null) once(keyOf(code), 'unlisted-code', describe(code));
        }
      }, LOG_FIRST_MS);
      const own = file.units.map(describeKey);
      const theirs = report.keys.map(describeKey);
      for (const key of theirs) if (!own.includes(key)) once(`+${key}`, 'foreign-key', key);
      for (const key of own) if (!theirs.includes(key)) once(`-${key}`, 'missing-key', key);
    },
    close() {
      clearTimeout(waiting);
    },
  };
}

function keyOf(code: CodeId): string {
  return fingerprintOf(new Uint8Array(32), code);
}

function describe({ unitId, startsAtMs, endsAtMs }: CodeId): string {
  return `${unitId}, ${new Date(startsAtMs).toISOString()} / ${new Date(endsAtMs).toISOString()}`;
}

function describeKey({
  unitId,
  keyVersion,
}: {
  readonly unitId: string;
  readonly keyVersion: number;
}): string {
  return `${unitId}, ${keyVersion}`;
}
