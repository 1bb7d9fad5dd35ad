/**
 * One lock, kept by this Node-RED: its log comes home over the broker and the host hears of what is wrong.
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  DEFAULT_KEEPER,
  deriveCommandKey,
  deriveLogKey,
  type IncomingMessage,
  LockController,
  type LockFile,
  type LockState,
  LOW_BATTERY_PERCENT,
  STALE_MS,
  StaycodeError,
} from '@staycode/core';
import { type AccessCodeStore, controllerClock, openLogKeeper, systemClock } from '@staycode/core/edges';
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { listenToLock } from '../lock-states.mts';
import { type BrokerShare, joinBroker } from '../mqtt-broker.mts';
import { lockFolder, userDirOf } from '../user-folder.mts';
import { openLogDesk } from './log-desk.mts';
import { createStatus, type LockStatus } from './status.mts';
import { findStay, isUnlisted, toDoorMessage, toHostMessage, type Trouble } from './to-message.mts';

export interface KeeperLink {
  close(done: () => void): void;
}

export interface KeeperParts {
  readonly file: LockFile;
  readonly store: AccessCodeStore;
  /** Id of the `mqtt-broker` node. */
  readonly brokerId: string;
}

/** Folders that a node has in hand: two that write one copy would spoil it. */
const kept = new Set<string>();

/** @throws StaycodeError `bad-config` for what is missing, or a lock that is kept already; of the copy on disk */
export function openKeeperLink(RED: NodeAPI, node: Node, { file, store, brokerId }: KeeperParts): KeeperLink {
  const { lockId, lockKey, name } = file;
  const commandKey = deriveCommandKey(lockKey, DEFAULT_KEEPER);
  const folder = lockFolder(userDirOf(RED), 'logs', lockId);
  if (kept.has(folder)) throw missing(lockId, 'one node that keeps its log, got a second one');
  const keeper = openLogKeeper({
    ...{ folder, lockId, controllerId: DEFAULT_KEEPER, commandKey, logKey: deriveLogKey(lockKey) },
  });
  kept.add(folder);
  const status = createStatus(RED, node, file.zone);
  const say = (messages: (NodeMessage | null)[]): void => {
    node.send(messages);
  };
  const warn = (trouble: Trouble, detail: string | null = null): void => {
    say([null, toHostMessage(RED, file, trouble, detail)]);
  };
  const report = (error: unknown): void => {
    node.error(error instanceof Error ? error.message : String(error));
  };
  const desk = openLogDesk({
    ...{ keeper, store, nowMs: () => systemClock.monotonic(), onTrouble: report },
    tell: (told) => {
      const known = findStay(store, told.entry);
      const message = toDoorMessage(name, told, known);
      if (message !== null) say([message, null]);
      if (isUnlisted(store, told.entry)) warn('unlisted', new Date(told.entry.record.atMs).toISOString());
      status.entry(told.entry);
    },
  });
  let broker: BrokerShare | null = null;
  const publish = (topic: string, text: string): void => broker?.publish(topic, text);
  const watch = watchLock(warn, status.reachable);
  const ear = listenToLock(lockId);
  let isRetained = false;
  const controller = new LockController({
    ...{ lockId, controllerId: DEFAULT_KEEPER, commandKey, clock: controllerClock, publish },
    newNonce: () => randomBytes(16).toString('hex'),
    listener: {
      stateCame: (state) => {
        ear.heard(state, isRetained);
        watch.stateCame(state);
      },
      reachableChanged: (reachable) => {
        if (!reachable) ear.lost();
        watch.reachableChanged(reachable);
      },
      // What happens comes by the log, which is signed.
      eventCame: () => undefined,
      messageIgnored: (why) => {
        node.warn(why);
      },
    },
  });
  const { topics } = controller;
  const takeEntries = async (message: IncomingMessage): Promise<void> => {
    try {
      const { ack, resend, fault } = await desk.take(message);
      if (ack !== null) publish(topics.auditAck, ack);
      if (resend !== null) publish(topics.auditResend, resend);
      if (fault === null) return;
      status.fault();
      node.error(RED._('stay-lock-in.note.log-fault', { lock: name, detail: fault }));
      warn('log-fault', fault);
    } catch (error) {
      if (error instanceof StaycodeError && error.code === 'bad-message') node.warn(error.message);
      else report(error);
    }
  };
  desk.catchUp();
  broker = joinBroker(RED, brokerId, node.id, {
    topics: [...controller.subscriptions, topics.auditEntries],
    up: () => {
      status.connected(true);
      controller.connectionUp();
      if (keeper.fault === null) publish(topics.auditResend, keeper.askFrom(systemClock.monotonic()));
    },
    down: () => {
      status.connected(false);
      controller.connectionDown();
    },
    messageCame: (message) => {
      isRetained = message.retained;
      if (message.topic === topics.auditEntries) void takeEntries(message);
      else controller.receive(message);
    },
  });
  const close: KeeperLink['close'] = (done) => {
    watch.close();
    ear.end();
    controller.close();
    try {
      desk.close();
    } catch (error) {
      report(error);
    }
    void keeper.close().then(() => {
      kept.delete(folder);
      if (broker === null) done();
      else broker.close(done);
    });
  };
  if (broker === null) {
    close(() => undefined);
    throw missing(lockId, 'an MQTT broker');
  }
  return { close };
}

interface LockWatch {
  readonly stateCame: (state: LockState) => void;
  readonly reachableChanged: (reachable: boolean) => void;
  readonly close: () => void;
}

/** Tells the host once when a lock goes and when it is back, and once when its battery is low. */
function watchLock(
  warn: (trouble: Trouble, detail?: string | null) => void,
  show: LockStatus['reachable'],
): LockWatch {
  let missed = false;
  let low = false;
  const miss = (): void => {
    if (!missed) warn('out-of-reach');
    missed = true;
  };
  // One that was away before Node-RED started is heard of, too.
  const waiting = setTimeout(miss, STALE_MS);
  return {
    stateCame({ battery }) {
      const isLow = battery !== null && battery <= LOW_BATTERY_PERCENT;
      if (isLow && !low) warn('battery-low', String(battery));
      low = isLow;
    },
    reachableChanged(reachable) {
      clearTimeout(waiting);
      show(reachable);
      if (!reachable) miss();
      else if (missed) {
        missed = false;
        warn('back');
      }
    },
    close() {
      clearTimeout(waiting);
    },
  };
}

function missing(lockId: string, what: string): StaycodeError {
  return new StaycodeError('bad-config', `lock ${lockId}: expected ${what}`);
}
