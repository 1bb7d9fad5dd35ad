/**
 * One round of sending: which messages are this node's to send, and what the guest's message holds, from the register, the flow's
 * units and their doors, each looked up once a round.
 * @module
 */
import type { OutboxMessage, UnitRecords } from '@staycode/core';
import type { AccessCodeStore, ClaimedMessage } from '@staycode/core/edges';
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';
import { type GuestDoors, readGuestDoors } from './guest-doors.mts';
import { toGuestMessage } from './to-message.mts';
import { listNeighbours, unitsOf } from './units.mts';

export interface RoundOptions {
  readonly store: AccessCodeStore;
  /** Id of the only unit that the node serves, or empty. */
  readonly unitNodeId: string;
}

export interface Round {
  readonly isMine: (message: OutboxMessage) => boolean;
  /** @throws Error for a message that is not the node's */
  readonly compose: (claimed: ClaimedMessage) => NodeMessage;
}

/** Begins one. */
export function createRound(RED: NodeAPI, node: Node, { store, unitNodeId }: RoundOptions): Round {
  const served = new Map(unitsOf(RED, unitNodeId).map((unit) => [unit.unit.unitId, unit]));
  const read = new Map<string, UnitRecords>();
  const recordsOf = (unitId: string): UnitRecords => {
    const records = read.get(unitId) ?? store.readUnit(unitId);
    read.set(unitId, records);
    return records;
  };
  const places = new Map<StayUnitNode, { neighbours: string[]; doors: GuestDoors }>();
  const placeOf = (unit: StayUnitNode): { neighbours: string[]; doors: GuestDoors } => {
    const place = places.get(unit) ?? {
      neighbours: listNeighbours(RED, unit),
      doors: readGuestDoors(RED)(unit),
    };
    places.set(unit, place);
    return place;
  };
  const recordOf = ({ unitId, reservationId }: OutboxMessage): UnitRecords['stays'][number] | undefined =>
    recordsOf(unitId).stays.find(({ stay }) => stay.id === reservationId);
  return {
    isMine(message) {
      const site = served.get(message.unitId)?.site();
      if (!site?.siteKey || !site.rules) return false;
      const toldBy = recordOf(message)?.toldBy ?? null;
      return toldBy === node.id || toldBy === null || !(RED.nodes.getNode(toldBy) as Node | null);
    },
    compose(claimed) {
      const { message } = claimed;
      const unit = served.get(message.unitId);
      const site = unit?.site();
      if (!unit || !site?.siteKey || !site.rules)
        throw new Error('stay-code: expected a unit with a site key');
      const own = recordsOf(message.unitId).codes;
      const { neighbours, doors } = placeOf(unit);
      const others = neighbours.flatMap((id) => store.codesMeeting(id, claimed.code));
      const { siteKey, zone, rules } = site;
      return toGuestMessage(claimed, {
        ...{ unitName: unit.unitName, zone, siteKey, pinDigits: rules.pinDigits, own, others },
        ...{ stay: recordOf(message)?.stay, nowMs: Date.now() },
        ...{ doors, store },
        messages: message.replacesEarlier ? store.outbox.readUnit(message.unitId) : [],
      });
    },
  };
}
