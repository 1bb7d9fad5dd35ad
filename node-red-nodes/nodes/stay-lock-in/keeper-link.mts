/**
 * One lock, kept by this Node-RED: its log comes home over the broker and the host hears of what is wrong.
 * @module
 */
import {
  DEFAULT_KEEPER,
  deriveCommandKey,
  deriveLogKey,
  type LockFile,
  lockTopics,
  StaycodeError,
} from '@staycode/core';
import { type AccessCodeStore, openLogKeeper, systemClock } from '@staycode/core/edges';
import type { Node, NodeAPI } from 'node-red';
import { findStay, toDoorMessage } from '../door-message.mts';
import { joinLock, type LockLink } from '../lock-link.mts';
import { joinBroker } from '../mqtt-broker.mts';
import { openRevokeDesk } from '../revoke-desk.mts';
import { lockFolder, userDirOf } from '../user-folder.mts';
import { watchLock } from './lock-watch.mts';
import { type LogDesk, openLogDesk } from './log-desk.mts';
import { openRosterDesk } from './roster-desk.mts';
import { createStaysShow } from './show-stays.mts';
import { createStatus } from './status.mts';
import { takeLog } from './take-log.mts';
import { findUnlisted } from './to-message.mts';
import { createVoice } from './voice.mts';

export interface KeeperLink {
  close(done: () => void): void;
}

export interface KeeperParts {
  readonly file: LockFile;
  readonly siteKey: Uint8Array;
  readonly store: AccessCodeStore;
  /** Id of the `mqtt-broker` node. */
  readonly brokerId: string;
  /** Whether Homebridge may show the codes of these days. */
  readonly showsStays: boolean;
}

/** How often it is asked whether the register has changed; then, and with time, the lock and Homebridge may have to be told. */
const LOOK_MS = 2_000;
const LOOK_AGAIN_MS = 60_000;
/** Folders that a node has in hand: two that write one copy would spoil it. */
const kept = new Set<string>();

/** @throws StaycodeError `bad-config` for what is missing, or a lock that is kept already; of the copy on disk */
export function openKeeperLink(RED: NodeAPI, node: Node, parts: KeeperParts): KeeperLink {
  const { file, siteKey, store, brokerId, showsStays } = parts;
  const { lockId, lockKey, name } = file;
  const folder = lockFolder(userDirOf(RED), 'logs', lockId);
  if (kept.has(folder)) throw missing(lockId, 'one node that keeps its log, got a second one');
  const keeper = openLogKeeper({
    ...{
      folder,
      lockId,
      controllerId: DEFAULT_KEEPER,
      commandKey: deriveCommandKey(lockKey, DEFAULT_KEEPER),
    },
    logKey: deriveLogKey(lockKey),
  });
  kept.add(folder);
  const status = createStatus(RED, node, file.zone);
  const voice = createVoice(RED, node, file);
  let link: LockLink | null = null;
  const linkNow = (): LockLink | null => link;
  const roster = openRosterDesk({
    file,
    store,
    link: linkNow,
    warn: voice.warn,
    onRefused: voice.rosterRefused,
  });
  const revokes = openRevokeDesk({
    ...{ file, store, onRefused: voice.revokeRefused, onTrouble: voice.report },
    isInReach: () => link?.controller.reachable === true,
    revoke: async (code) =>
      (await link?.controller.send({ name: 'revoke', code })) ?? { ok: false, reason: 'unreachable' },
  });
  const showStays = createStaysShow({ file, siteKey, store, link: linkNow, isWanted: showsStays });
  const desk: LogDesk = openLogDesk({
    ...{ keeper, store, nowMs: () => systemClock.monotonic(), onTrouble: voice.report },
    tell: (told) => {
      const { entry } = told;
      const message = toDoorMessage(name, told, findStay(store, entry));
      if (message !== null) voice.tellDoor(message);
      const unlisted = findUnlisted(store, entry);
      if (unlisted !== null) {
        roster.toldOf(unlisted);
        voice.warn('unlisted', new Date(entry.record.atMs).toISOString());
      }
      status.entry(entry);
    },
  });
  desk.catchUp();
  const watch = watchLock(voice.warn, status.reachable);
  let lookedAt = '';
  const look = (): void => {
    const at = `${store.version()} ${Math.floor(Date.now() / LOOK_AGAIN_MS)}`;
    if (at === lookedAt) return;
    lookedAt = at;
    roster.look();
    revokes.look();
    showStays(false);
  };
  const looking = setInterval(look, LOOK_MS);
  const log = joinBroker(RED, brokerId, node.id, {
    topics: [lockTopics(lockId).auditEntries],
    ...takeLog({
      desk,
      keeper,
      topics: lockTopics(lockId),
      status,
      voice,
      publish: (topic, text) => log?.publish(topic, text),
    }),
  });
  link =
    log &&
    joinLock(RED, brokerId, file, {
      connectionChanged: (connected) => {
        status.connected(connected);
        if (connected) setImmediate(showStays, true);
      },
      stateCame: watch.stateCame,
      reachableChanged: (reachable) => {
        watch.reachableChanged(reachable);
        if (reachable) {
          setImmediate(roster.look);
          setImmediate(revokes.look);
        }
      },
      rosterCame: roster.reportCame,
      messageIgnored: voice.ignored,
    });
  const close: KeeperLink['close'] = (done) => {
    clearInterval(looking);
    watch.close();
    roster.close();
    revokes.close();
    try {
      desk.close();
    } catch (error) {
      voice.report(error);
    }
    void keeper.close().then(() => {
      kept.delete(folder);
      const leaveLog = (): void => {
        if (log === null) done();
        else log.close(done);
      };
      if (link === null) leaveLog();
      else link.leave(leaveLog);
    });
  };
  if (link === null) {
    close(() => undefined);
    throw missing(lockId, 'an MQTT broker');
  }
  return { close };
}

function missing(lockId: string, what: string): StaycodeError {
  return new StaycodeError('bad-config', `lock ${lockId}: expected ${what}`);
}
