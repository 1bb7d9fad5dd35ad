/**
 * Issues a stay's code by the register: the guest's message on the first output, on the second what the host should know.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { AccessCode } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { shareRegister } from '../register.mts';
import type { StaySiteNode } from '../stay-site/stay-site.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';
import { handleStay, type Outcome, retryHeld, type StayDesk } from './issue-stay.mts';
import { describeNext } from './next-arrival.mts';
import { readReservation } from './read-reservation.mts';
import { toGuestMessage, toHostMessage } from './to-message.mts';

export interface StayCodeDef extends NodeDef {
  /** Id of a `stay-unit` node; empty to take the unit that the message names. */
  readonly unit: string;
}

type Send = (messages: [NodeMessage | null, NodeMessage | null]) => void;

/** Registers `stay-code`. */
export function stayCode(RED: NodeAPI): void {
  RED.nodes.registerType('stay-code', createCode);

  function createCode(this: Node, def: StayCodeDef): void {
    RED.nodes.createNode(this, def);
    const register = shareRegister(RED, this);
    if (register === null) return;
    const office = createOffice(RED, this, register.store);
    const retryAll = (): void => {
      const units = def.unit === '' ? unitsOf(RED) : unitsOf(RED).filter(({ id }) => id === def.unit);
      const send: Send = (messages) => {
        this.send(messages);
      };
      for (const unit of units) office.retry(unit, {}, send);
    };
    RED.events.once('flows:started', retryAll);
    this.on('input', (msg, send, done) => {
      try {
        office.handle(findUnit(RED, def, msg), msg, send);
        done();
      } catch (error) {
        this.status({ fill: 'red', shape: 'ring', text: RED._('stay-code.status.failed') });
        done(error instanceof Error ? error : new Error(String(error)));
      }
    });
    this.on('close', () => {
      RED.events.off('flows:started', retryAll);
      register.release();
    });
  }
}

interface Office {
  /** @throws Error for a message that holds no reservation */
  handle(unit: StayUnitNode, msg: NodeMessage, send: Send): void;
  retry(unit: StayUnitNode, msg: NodeMessage, send: Send): void;
}

/** Hands stays to the register and what it answers to the flow. */
function createOffice(RED: NodeAPI, node: Node, store: AccessCodeStore): Office {
  const deskOf = (unit: StayUnitNode, site: StaySiteNode | null): StayDesk => ({
    store,
    unit: unit.unit,
    rules: site?.rules ?? null,
    hasKey: site?.siteKey instanceof Uint8Array,
    holder: node.id,
    nowMs: Date.now(),
    newId: randomUUID,
  });
  const tell = (unit: StayUnitNode, outcome: Outcome, msg: NodeMessage, send: Send): void => {
    const site = unit.site();
    const copy = RED.util.cloneMessage(msg);
    if (outcome.kind !== 'issued') {
      const context = { unitName: unit.unitName, nowMs: Date.now() };
      send([null, { ...copy, reservation: outcome.stay, ...toHostMessage(RED, outcome, context) }]);
    } else if (site?.siteKey && site.rules) {
      const { siteKey, zone, rules } = site;
      const siteCodes = codesOf(RED, store, site);
      const context = { unitName: unit.unitName, zone, siteKey, pinDigits: rules.pinDigits, siteCodes };
      const guest = toGuestMessage(outcome, { ...context, nowMs: Date.now() });
      send([{ ...copy, reservation: outcome.stay, ...guest }, null]);
    }
    show(RED, node, { store, unit, outcome });
  };
  const retry: Office['retry'] = (unit, msg, send) => {
    for (const outcome of retryHeld(deskOf(unit, unit.site()))) tell(unit, outcome, msg, send);
  };
  return {
    retry,
    handle(unit, msg, send) {
      const stay = readReservation(msg.payload, 'displaces' in msg ? msg.displaces : []);
      if (typeof stay === 'string') throw new Error(stay);
      const isCancelled = msg.event === 'cancelled';
      const outcome = handleStay(deskOf(unit, unit.site()), {
        ...stay,
        ...(isCancelled && { status: 'cancelled' }),
      });
      tell(unit, outcome, msg, send);
      // Nights that this one gave up may be what another waits for.
      if (outcome.withdrawn.length + outcome.forget.length > 0) retry(unit, msg, send);
    },
  };
}

interface Shown {
  readonly store: AccessCodeStore;
  readonly unit: StayUnitNode;
  readonly outcome: Outcome;
}

function show(RED: NodeAPI, node: Node, { store, unit, outcome }: Shown): void {
  if (outcome.kind === 'withheld') {
    const fill = ['no-site-key', 'no-rules'].includes(outcome.reason) ? 'red' : 'yellow';
    node.status({ fill, shape: 'ring', text: RED._(`stay-code.status.${outcome.reason}`) });
    return;
  }
  const { codes } = store.readUnit(unit.unit.unitId);
  const text = describeNext(codes, unit.site()?.zone ?? 'UTC', Date.now());
  node.status({ fill: 'green', shape: 'dot', text: text ?? RED._('stay-code.status.none') });
}

/** @throws Error where neither the node nor the message names a unit that there is */
function findUnit(RED: NodeAPI, def: StayCodeDef, msg: NodeMessage): StayUnitNode {
  const units = unitsOf(RED).filter(({ id, unit }) =>
    def.unit === '' ? unit.unitId === msg.unit : id === def.unit,
  );
  const [unit] = units;
  if (unit === undefined || units.length > 1)
    throw new Error(RED._('stay-code.error.unit', { count: units.length }));
  return unit;
}

function unitsOf(RED: NodeAPI): StayUnitNode[] {
  const units: StayUnitNode[] = [];
  RED.nodes.eachNode(({ id, type }) => {
    const node = type === 'stay-unit' ? (RED.nodes.getNode(id) as StayUnitNode | null) : null;
    if (node !== null) units.push(node);
  });
  return units;
}

function codesOf(RED: NodeAPI, store: AccessCodeStore, site: StaySiteNode): AccessCode[] {
  return unitsOf(RED)
    .filter((unit) => unit.site() === site)
    .flatMap(({ unit }) => store.readUnit(unit.unitId).codes);
}
