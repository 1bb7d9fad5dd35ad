/**
 * One lock, programmed by this Node-RED over the broker; the flow hears of PINs, openings and troubles.
 * @module
 */
import { type AccessCode, digitsOfCode, type SlotNews, type SlotRecord, StaycodeError } from '@staycode/core';
import { type AccessCodeStore, openLockProgrammer, type ServedUnit } from '@staycode/core/edges';
import type { Node, NodeAPI } from 'node-red';
import { type BrokerShare, joinBroker } from '../mqtt-broker.mts';
import type { StayLockDef, StayLockNode } from '../stay-lock/stay-lock.mts';
import { readPolicy, readTarget } from './read-target.mts';
import type { StayProgramDef } from './stay-program.mts';
import { createProgramStatus } from './status.mts';
import { closeDoorLog, openDoorLog } from './door-log.mts';
import { findCode, type LockContext, toHostMessage, toPinMessage } from './to-message.mts';

export interface ProgramLink {
  /** A lock that is taken out of the flow serves no unit any more. */
  close(removed: boolean, done: () => void): void;
}

export interface ProgramParts {
  readonly def: StayProgramDef;
  readonly store: AccessCodeStore;
}

/** Locks that a node has in hand: two would take each other's codes for strangers'. */
const programmed = new Set<string>();

/** @throws StaycodeError `bad-config` for what is missing, or a lock that is programmed already */
export function openProgramLink(RED: NodeAPI, node: Node, { def, store }: ProgramParts): ProgramLink {
  const lock = RED.nodes.getNode(def.lock) as StayLockNode | null;
  const siteKey = lock?.site()?.siteKey;
  if (lock === null || !siteKey) throw missing('a lock whose site has a site key');
  const file = lock.file();
  const { lockId, zone } = file;
  if (programmed.has(lockId)) throw missing('one node that programs the lock, got a second one');
  const target = readTarget(def, zone);
  const policy = readPolicy(def);
  const units = servedBy(RED, lock);
  const unitIds = units.map(({ unitId }) => unitId);
  const context: LockContext = { lockId, lockName: lock.name ?? lockId, store, unitIds };
  const status = createProgramStatus(RED, node);
  const digitsOf = (code: AccessCode): string => digitsOfCode(siteKey, code);
  const tellSlot = (record: SlotRecord, news: SlotNews, mayBeDuplicate: boolean): void => {
    const known = findCode(context, record.accessCodeId);
    if (news.news === 'set') {
      const { code } = findCode(context, record.pinFrom);
      const digits = code === null ? '' : digitsOf(code);
      node.send([toPinMessage(context, { record, known, target, digits, mayBeDuplicate }), null, null]);
    } else node.send([null, null, toHostMessage(RED, context, { record, known, news, mayBeDuplicate })]);
  };
  forgetOthers(RED, store);
  store.programmed.serve(lockId, units);
  programmed.add(lockId);
  const { log, teller } = openDoorLog(RED, node, { file, context });
  let broker: BrokerShare | null = null;
  const programmer = openLockProgrammer({
    ...{ lockId, target, policy, store, unitIds, digitsOf, log, nowMs: () => Date.now() },
    publish: ({ topic, payload }) => broker?.publish(topic, payload),
    listener: {
      slotChanged: (record, news, mayBeDuplicate) => {
        tellSlot(record, news, mayBeDuplicate);
        status.slots(store.slots.readLock(lockId));
      },
      opened: (entry) => {
        teller.tell([entry], { historical: false, mayBeDuplicate: false });
      },
      broke: (error) => {
        node.error(error instanceof Error ? error.message : String(error));
      },
    },
  });
  broker = joinBroker(RED, def.broker, node.id, {
    topics: target.topics,
    up: () => {
      status.connected(true);
      programmer.look();
    },
    down: () => {
      status.connected(false);
    },
    messageCame: ({ topic, text, retained }) => {
      programmer.receive({ topic, payload: text, isRetained: retained });
    },
  });
  status.slots(store.slots.readLock(lockId));
  const close: ProgramLink['close'] = (removed, done) => {
    programmer.close();
    closeDoorLog(node, { log, teller });
    programmed.delete(lockId);
    if (removed) store.programmed.serve(lockId, []);
    if (broker === null) done();
    else broker.close(done);
  };
  if (broker === null) {
    close(false, () => undefined);
    throw missing('an MQTT broker');
  }
  return { close };
}

/** The lock's units, and of each whether there is no other door to it than such as are programmed. */
function servedBy(RED: NodeAPI, lock: StayLockNode): ServedUnit[] {
  const listed = new Set<string>();
  const locks: StayLockDef[] = [];
  RED.nodes.eachNode((def) => {
    if (def.type === 'stay-program') listed.add((def as StayProgramDef).lock);
    if (def.type === 'stay-lock') locks.push(def as StayLockDef);
  });
  const offline = new Set(locks.filter(({ id }) => !listed.has(id)).flatMap(({ units }) => units));
  return lock.units().map(({ id, unit }) => ({ unitId: unit.unitId, isListedOnly: !offline.has(id) }));
}

/** A lock that was taken out of the flow while Node-RED was down must not hold codes back. */
function forgetOthers(RED: NodeAPI, { programmed: table }: AccessCodeStore): void {
  const known = new Set<string>();
  RED.nodes.eachNode((def) => {
    if (def.type !== 'stay-program') return;
    const lock = RED.nodes.getNode((def as StayProgramDef).lock) as StayLockNode | null;
    if (lock !== null) known.add(lock.lockId);
  });
  for (const lockId of table.serving()) if (!known.has(lockId)) table.serve(lockId, []);
}

function missing(what: string): StaycodeError {
  return new StaycodeError('bad-config', `stay-program: expected ${what}`);
}
