/**
 * Issues a stay's code by the register: the guest's message on the first output, on the second what the host should know.
 * @module
 */
import { randomUUID } from 'node:crypto';
import {
  type Action,
  DEFAULT_OUTBOX_POLICY,
  type HostOverride,
  type OutboxPolicy,
  type StayNews,
  wantReservation,
} from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { onceStarted } from '../flows-started.mts';
import { houseOf } from '../house-settings.mts';
import { noteMaker } from '../makes-codes.mts';
import { shareRegister } from '../register.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';
import { onChanged } from '../unit-changes.mts';
import { type Happening, notesOf, settle } from './desk.mts';
import { createInbox } from './inbox.mts';
import { describeNext } from './next-arrival.mts';
import { readOverrides } from './read-override.mts';
import { addGuest, readPmsStay } from './read-pms-stay.mts';
import { readReservation } from './read-reservation.mts';
import { createSender, type Sender } from './send-messages.mts';
import { toHostMessage } from './to-message.mts';
import { findUnit, unitsOf } from './units.mts';

export interface StayCodeDef extends NodeDef {
  /** Id of a `stay-unit` node; empty to take the unit that the message names. */
  readonly unit: string;
  /** Days before arrival on which the guest is told; empty, as in flows of before, for at once. The editor keeps numbers as text. */
  readonly daysBefore?: string | number;
  /** Whether the flow says when a message is sent. */
  readonly confirm?: boolean;
}

/** Registers `stay-code`. */
export function stayCode(RED: NodeAPI): void {
  RED.nodes.registerType('stay-code', createCode);

  function createCode(this: Node, def: StayCodeDef): void {
    RED.nodes.createNode(this, def);
    const register = shareRegister(RED, this);
    if (register === null) return;
    const { store } = register;
    const policy = readPolicy(def);
    /** What nobody waits for must not end Node-RED, and what one unit lacks not keep the others from their codes. */
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        this.status({ fill: 'red', shape: 'ring', text: RED._('stay-code.status.failed') });
        this.error(error instanceof Error ? error.message : String(error));
      }
    };
    const sender = createSender(RED, this, {
      ...{ store, policy, unitNodeId: def.unit, isConfirmed: def.confirm === true, attempt },
    });
    const office = createOffice(RED, this, { store, policy, sender });
    const start = (): void => {
      const units = unitsOf(RED, def.unit);
      if (units.length === 0)
        this.status({ fill: 'red', shape: 'ring', text: RED._('stay-code.status.no-unit') });
      for (const unit of units) {
        attempt(() => {
          office.look(unit);
        });
      }
      attempt(sender.sendDue);
    };
    const callOff = onceStarted(RED, start);
    const forgetMaker = noteMaker(RED, { unit: def.unit });
    const unlisten = onChanged(RED, ({ unitId, actions }) => {
      attempt(() => {
        const unit = unitsOf(RED, def.unit).find((one) => one.unit.unitId === unitId);
        if (unit) office.hear(unit, actions);
        sender.sendDue();
      });
    });
    const inbox = createInbox();
    this.on('input', (msg, _send, done) => {
      inbox.put(() => {
        take(msg, done);
      });
    });
    const take = (msg: NodeMessage, done: (error?: Error) => void): void => {
      try {
        if (msg.event === 'sent' || msg.event === 'failed') sender.hear(msg);
        else if (isOnBooking(msg)) office.hearOnBooking(unitsOf(RED, def.unit), msg);
        else office.handle(findUnit(RED, def.unit, msg), msg);
        done();
      } catch (error) {
        this.status({ fill: 'red', shape: 'ring', text: RED._('stay-code.status.failed') });
        done(error instanceof Error ? error : new Error(String(error)));
      }
    };
    this.on('close', () => {
      inbox.empty();
      callOff();
      forgetMaker();
      unlisten();
      sender.close();
      register.release();
    });
  }
}

/** When guests are told, by the node's settings. */
export function readPolicy({ daysBefore = '' }: Pick<StayCodeDef, 'daysBefore'>): OutboxPolicy {
  const text = String(daysBefore).trim();
  const days = Number(text);
  const isSet = text !== '' && Number.isFinite(days) && days >= 0;
  return { ...DEFAULT_OUTBOX_POLICY, daysBeforeArrival: isSet ? days : null };
}

interface OfficeParts {
  readonly store: AccessCodeStore;
  readonly policy: OutboxPolicy;
  readonly sender: Sender;
}

interface Office {
  /** @throws Error for a message that holds no reservation and no override */
  handle(unit: StayUnitNode, msg: NodeMessage): void;
  /** Takes the host's word on a PMS's booking, in whichever of these units it is. @throws Error where it is in none */
  hearOnBooking(units: readonly StayUnitNode[], msg: NodeMessage): void;
  /** Looks at a unit again, after a start: settings may have changed and time has gone by. */
  look(unit: StayUnitNode): void;
  /** Another node changed a unit's stays: guests of ours are told anew, and the host of what became of the stays that came by here. */
  hear(unit: StayUnitNode, actions: readonly Action[]): void;
}

/** Hands stays to the register and what it answers to the flow. */
function createOffice(RED: NodeAPI, node: Node, { store, policy, sender }: OfficeParts): Office {
  const act = (unit: StayUnitNode, happening: Happening): readonly Action[] => {
    const house = houseOf(unit);
    return settle({ store, house, policy, nowMs: Date.now(), newId: randomUUID }, happening);
  };
  const tell = (
    unit: StayUnitNode,
    actions: readonly Action[],
    asked: { readonly reservationId: string; readonly msg: NodeMessage } | null,
  ): void => {
    const { stays } = store.readUnit(unit.unit.unitId);
    for (const note of notesOf(actions, asked?.reservationId ?? null)) {
      const { reservationId } = note.action;
      const record = stays.find(({ stay }) => stay.id === reservationId);
      const isAsked = reservationId === asked?.reservationId;
      const copy = isAsked ? RED.util.cloneMessage(asked.msg) : {};
      const reservation = record?.stay ?? (isAsked ? asked.msg.payload : { id: reservationId });
      const context = { unitName: unit.unitName, nowMs: Date.now() };
      const message = { ...copy, reservation, ...toHostMessage(RED, note, context) };
      // What another node was asked about is answered there.
      const teller = record?.toldBy ? RED.nodes.getNode(record.toldBy) : null;
      (isAsked ? node : (teller ?? node)).send([null, message]);
    }
    show(RED, node, { store, unit, actions });
  };
  const hearWords = ({ unit: { unitId }, unitName }: StayUnitNode, msg: NodeMessage): Told => {
    const words = readWords(msg, unitId);
    const id = words[0]?.reservationId ?? '';
    const reservationId = registeredId(store, unitId, id);
    if (reservationId === null) throw new Error(RED._('stay-code.error.stay', { unit: unitName, id }));
    return { happening: { words: words.map((word) => ({ ...word, reservationId })) }, reservationId };
  };
  return {
    look(unit) {
      tell(unit, act(unit, {}), null);
    },
    hear(unit, actions) {
      const { stays } = store.readUnit(unit.unit.unitId);
      const own = new Set(stays.filter(({ toldBy }) => toldBy === node.id).map(({ stay }) => stay.id));
      const news = actions.filter(({ reservationId }) => own.has(reservationId));
      tell(unit, [...news, ...act(unit, {})], null);
    },
    handle(unit, msg) {
      const { happening, reservationId: toldId } =
        msg.event === 'override' ? hearWords(unit, msg) : readHappening(node, msg);
      const actions = act(unit, happening);
      const reservationId = registeredId(store, unit.unit.unitId, toldId) ?? toldId;
      if (msg.reset === true) repeat(store, unit.unit.unitId, reservationId);
      tell(unit, actions, { reservationId, msg });
      sender.accompany({ unitId: unit.unit.unitId, reservationId }, msg);
      sender.sendDue();
    },
    hearOnBooking(units, msg) {
      const words = readWords(msg, null);
      const bookingId = words[0]?.reservationId;
      const concerned = units.filter(({ unit }) =>
        store.readUnit(unit.unitId).stays.some(({ stay }) => stay.bookingId === bookingId),
      );
      if (concerned.length === 0) throw new Error(RED._('stay-code.error.booking'));
      // One word on record; the other rooms of the booking find it there.
      concerned.forEach((unit, index) => {
        tell(unit, act(unit, index === 0 ? { words } : {}), null);
      });
      sender.sendDue();
    },
  };
}

function isOnBooking({ event, payload }: NodeMessage): boolean {
  return event === 'override' && typeof payload === 'object' && payload !== null && 'bookingId' in payload;
}

/** @throws Error for a message that holds no word of the host's */
function readWords({ payload }: NodeMessage, unitId: string | null): readonly HostOverride[] {
  const words = readOverrides(payload, unitId, Date.now());
  if (typeof words === 'string') throw new Error(words);
  return words;
}

/** The register's name for a stay, which keeps a calendar's for one that the PMS tells of as well; `null` for one that it does not have. */
function registeredId(store: AccessCodeStore, unitId: string, id: string): string | null {
  const { stays } = store.readUnit(unitId);
  const record = stays.find(({ stay }) => stay.pmsStayId === id) ?? stays.find(({ stay }) => stay.id === id);
  return record?.stay.id ?? null;
}

interface Told {
  readonly happening: Happening;
  readonly reservationId: string;
}

function readHappening(node: Node, msg: NodeMessage): Told {
  const fromPms = readPmsStay(msg);
  if (typeof fromPms === 'string') throw new Error(fromPms);
  if (fromPms !== null) return toHappening(node, fromPms);
  const stay = readReservation(msg.payload, 'displaces' in msg ? msg.displaces : []);
  if (typeof stay === 'string') throw new Error(stay);
  const status = msg.event === 'cancelled' ? 'cancelled' : stay.status;
  const news = wantReservation({ ...stay, status }, stay);
  return toHappening(node, addGuest(news, msg.payload));
}

function toHappening(node: Node, news: StayNews): Told {
  return news.news === 'gone'
    ? { happening: { news: [news] }, reservationId: news.id }
    : { happening: { news: [{ ...news, toldBy: node.id }] }, reservationId: news.stay.id };
}

/** The host wants a stay told again, as after an import into another program. */
function repeat(store: AccessCodeStore, unitId: string, reservationId: string): void {
  const last = store.outbox.readUnit(unitId).findLast((message) => message.reservationId === reservationId);
  if (last) store.outbox.retry(last.id, Date.now());
}

interface Shown {
  readonly store: AccessCodeStore;
  readonly unit: StayUnitNode;
  readonly actions: readonly Action[];
}

function show(RED: NodeAPI, node: Node, { store, unit, actions }: Shown): void {
  const { hasKey, rules } = houseOf(unit);
  const missing = !hasKey ? 'no-site-key' : rules === null ? 'no-rules' : null;
  const held = actions.findLast(({ action }) => action === 'hold' || action === 'ask')?.reason;
  const reason = missing ?? held;
  if (reason !== undefined) {
    const fill = missing === null ? 'yellow' : 'red';
    node.status({ fill, shape: 'ring', text: RED._(`stay-code.status.${reason}`) });
    return;
  }
  const { codes } = store.readUnit(unit.unit.unitId);
  const text = describeNext(codes, unit.site()?.zone ?? 'UTC', Date.now());
  node.status({ fill: 'green', shape: 'dot', text: text ?? RED._('stay-code.status.none') });
}
