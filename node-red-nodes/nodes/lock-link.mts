/**
 * One lock on a broker, for all nodes that have to do with it: they share one controller, for two that count their commands
 * alike would have each other's refused.
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  DEFAULT_KEEPER,
  deriveCommandKey,
  LockController,
  type LockFile,
  type LockListener,
} from '@staycode/core';
import { controllerClock } from '@staycode/core/edges';
import type { NodeAPI } from 'node-red';
import { type LockEar, listenToLock } from './lock-states.mts';
import { type BrokerShare, joinBroker } from './mqtt-broker.mts';

/** What a node hears of the lock; of what is known already it hears at once. */
export interface LinkListener extends Partial<LockListener> {
  connectionChanged?(isConnected: boolean): void;
}

export interface LockLink {
  readonly controller: LockController;
  /** 32 bytes: of this Node-RED's controller at this lock. */
  readonly commandKey: Uint8Array;
  readonly isConnected: boolean;
  /** Sends now or not at all. */
  publish(topic: string, text: string, retain?: boolean): void;
  /** Nothing is told from here on; the connection goes with the last node. */
  leave(done: () => void): void;
}

interface SharedLink extends Omit<LockLink, 'leave'> {
  isConnected: boolean;
  readonly listeners: Set<LinkListener>;
  readonly broker: BrokerShare;
  readonly ear: LockEar;
}

/** By the broker's node, which a deploy may make anew, and by the lock. */
const links = new WeakMap<object, Map<string, SharedLink>>();

/** Shares the link to a lock; `null` where there is no such broker. */
export function joinLock(
  RED: NodeAPI,
  brokerId: string,
  file: Pick<LockFile, 'lockId' | 'lockKey'>,
  listener: LinkListener,
): LockLink | null {
  const { lockId } = file;
  const node = RED.nodes.getNode(brokerId) as object | null;
  if (node === null) return null;
  const ofBroker = links.get(node) ?? new Map<string, SharedLink>();
  links.set(node, ofBroker);
  const link = ofBroker.get(lockId) ?? openLink(RED, brokerId, file);
  if (link === null) return null;
  ofBroker.set(lockId, link);
  link.listeners.add(listener);
  tellWhatIsKnown(link, listener);
  return {
    controller: link.controller,
    commandKey: link.commandKey,
    publish: link.publish,
    get isConnected() {
      return link.isConnected;
    },
    leave(done) {
      link.listeners.delete(listener);
      if (link.listeners.size > 0) done();
      else {
        if (ofBroker.get(lockId) === link) ofBroker.delete(lockId);
        link.ear.end();
        link.controller.close();
        link.broker.close(done);
      }
    },
  };
}

function tellWhatIsKnown({ controller, isConnected }: SharedLink, listener: LinkListener): void {
  if (!isConnected) return;
  listener.connectionChanged?.(true);
  if (controller.state !== null) listener.stateCame?.(controller.state);
  if (controller.reachable) listener.reachableChanged?.(true);
}

function openLink(
  RED: NodeAPI,
  brokerId: string,
  { lockId, lockKey }: Pick<LockFile, 'lockId' | 'lockKey'>,
): SharedLink | null {
  const commandKey = deriveCommandKey(lockKey, DEFAULT_KEEPER);
  const listeners = new Set<LinkListener>();
  const tell = (how: (listener: LinkListener) => void): void => {
    for (const listener of [...listeners]) how(listener);
  };
  const ear = listenToLock(lockId);
  let isRetained = false;
  let broker: BrokerShare | null = null;
  const publish: LockLink['publish'] = (topic, text, retain) => broker?.publish(topic, text, retain);
  const controller = new LockController({
    ...{ lockId, controllerId: DEFAULT_KEEPER, commandKey, clock: controllerClock, publish },
    newNonce: () => randomBytes(16).toString('hex'),
    listener: {
      stateCame: (state) => {
        ear.heard(state, isRetained);
        tell((one) => one.stateCame?.(state));
      },
      reachableChanged: (reachable) => {
        if (!reachable) ear.lost();
        tell((one) => one.reachableChanged?.(reachable));
      },
      eventCame: (event) => {
        tell((one) => one.eventCame?.(event));
      },
      rosterCame: (report) => {
        tell((one) => one.rosterCame?.(report));
      },
      messageIgnored: (why) => {
        tell((one) => one.messageIgnored?.(why));
      },
    },
  });
  const connectionChanged = (isConnected: boolean): void => {
    if (link) link.isConnected = isConnected;
    tell((one) => one.connectionChanged?.(isConnected));
    if (isConnected) controller.connectionUp();
    else controller.connectionDown();
  };
  broker = joinBroker(RED, brokerId, `staycode ${lockId}`, {
    topics: controller.subscriptions,
    up: () => {
      connectionChanged(true);
    },
    down: () => {
      connectionChanged(false);
    },
    messageCame: (message) => {
      isRetained = message.retained;
      controller.receive(message);
    },
  });
  if (broker === null) ear.end();
  const link: SharedLink | null = broker && {
    ...{ controller, commandKey, isConnected: false, publish, listeners, broker, ear },
  };
  return link;
}
