/**
 * One PMS at its node: webhooks judged and answered, messages taken in, and what comes of them sent on.
 * @module
 */
import { refetchRequest, verifyWebhook, type WebhookRefusal, type WebhookScheme } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI, NodeMessage } from 'node-red';
import { makesCodes } from '../makes-codes.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';
import { createPmsDesk, type PmsDesk, type StayTold, type Taken } from './pms-desk.mts';
import { type Input, readInput } from './read-input.mts';
import type { PmsSettings, StayPmsDef } from './settings.mts';
import type { StayPmsNode } from './stay-pms.mts';
import { type RequestTag, toRequestMessage, toStayMessage, writeBackOf } from './to-message.mts';
import type { HookAnswer, HookRequest } from './web-hooks.mts';

export interface PmsOffice {
  /** Judges a webhook, and answers once what it says is on disk. Whatever is wrong with it changes nothing. */
  hear(scheme: WebhookScheme, request: HookRequest): HookAnswer;
  /** @throws Error for a code of no stay of this PMS's */
  handle(msg: NodeMessage): void;
  /** Tells what a crash or an unfinished flow has lost. */
  catchUp(): void;
  /** Makes the requests again that are still without an answer. */
  askAgain(): void;
}

export interface OfficeParts {
  readonly settings: PmsSettings;
  readonly def: StayPmsDef;
  readonly store: AccessCodeStore;
}

/** A repeated delivery is a success: its sender should stop. */
const REFUSALS: Readonly<Record<WebhookRefusal, HookAnswer>> = {
  malformed: { status: 401, text: 'expected a signature or a secret' },
  forged: { status: 401, text: 'expected another signature or secret' },
  late: { status: 400, text: 'expected a signature of the last five minutes' },
  repeated: { status: 200, text: 'known already' },
};

/** How long `http request` waits for an answer: one that the flow has asked for by itself may be that old. */
const ANSWER_AGE_MS = 2 * 60_000;
/** A request that was made just now is not made again. */
const ASKED_LATELY_MS = 60_000;

export function createPmsOffice(
  RED: NodeAPI,
  node: StayPmsNode,
  { settings, def, store }: OfficeParts,
): PmsOffice {
  const { field = '', pollPath = '', confirms: isConfirming = false } = def;
  const path = pollPath.trim();
  const unitNodeOf = (ref: string): StayUnitNode | null => {
    const row = settings.units.find((one) => one.ref === ref);
    return row ? (RED.nodes.getNode(row.unit) as StayUnitNode | null) : null;
  };
  const desk: PmsDesk = createPmsDesk({
    ...{ nodeId: node.id, store, settings, makesCodes: (unitId) => makesCodes(RED, unitId) },
    unitOf: (ref) => {
      const unit = unitNodeOf(ref);
      const house = unit?.site();
      return unit && house ? { unitId: unit.unit.unitId, house } : null;
    },
  });
  const askedAtMs = new Map<string, number>();

  const tellStays = (told: readonly StayTold[]): void => {
    for (const one of told) {
      const name = unitNodeOf(one.stay.unitRef)?.unitName ?? one.unitId;
      node.send([toStayMessage(one, name), null, null]);
    }
  };
  const tellHost = (key: string, values: Record<string, string | number>): void => {
    const { name } = node;
    const pms = name === undefined || name === '' ? settings.mapping.pms : name;
    const payload = RED._(`stay-pms.note.${key}`, { pms, ...values });
    node.send([null, null, { topic: pms, payload, problem: { reason: key, ...values } }]);
  };
  const show = (
    fill: 'green' | 'yellow' | 'red',
    key: string,
    values: Record<string, string | number> = {},
  ): void => {
    const shape = fill === 'green' ? 'dot' : 'ring';
    node.status({ fill, shape, text: RED._(`stay-pms.status.${key}`, values) });
  };
  const request = (
    one: Parameters<typeof toRequestMessage>[0],
    tag: Omit<RequestTag, 'node' | 'askedAtMs'>,
  ): NodeMessage => toRequestMessage(one, settings, { node: node.id, askedAtMs: Date.now(), ...tag });
  const askForNamed = (): void => {
    const nowMs = Date.now();
    for (const { id } of desk.refetches()) {
      if (nowMs - (askedAtMs.get(id) ?? 0) < ASKED_LATELY_MS) continue;
      askedAtMs.set(id, nowMs);
      node.send([null, request(refetchRequest(settings.mapping, id), { request: 'fetch', id }), null]);
    }
  };
  const tell = (taken: Taken): void => {
    tellStays(taken.told);
    for (const ref of taken.unmapped) tellHost('unmapped', { ref });
    for (const problem of taken.problems) tellHost('unreadable', { problem });
    if (taken.problems.length > 0) show('yellow', 'unreadable');
    else if (taken.unmapped[0] !== undefined) show('yellow', 'unmapped', { ref: taken.unmapped[0] });
    else show('green', 'heard', { count: taken.count });
    askForNamed();
  };
  const takeAnswer = (msg: NodeMessage, { body, tag, fault }: Extract<Input, { kind: 'answer' }>): void => {
    if (tag?.request === 'write-back') {
      closeWriteBack(msg, fault);
      return;
    }
    if (tag) askedAtMs.delete(tag.id);
    if (fault !== null) {
      show('red', 'no-answer', { fault });
      tellHost('no-answer', { fault });
      return;
    }
    tell(desk.take(body, { via: 'poll', seenAtMs: tag?.askedAtMs ?? Date.now() - ANSWER_AGE_MS }));
  };
  /** The PMS has the code, or not: the host hears of a failure, and `stay-code` of either where it waits for that. */
  const closeWriteBack = ({ delivery }: NodeMessage, fault: string | null): void => {
    if (fault !== null) {
      show('red', 'not-written', { fault });
      tellHost('not-written', { fault });
    } else show('green', 'written');
    if (!isConfirming || delivery === undefined) return;
    const word = fault === null ? { event: 'sent' } : { event: 'failed', mayHaveArrived: false };
    node.send([{ ...word, delivery }, null, null]);
  };
  const writeBack = (msg: NodeMessage, stayId: string): void => {
    const stay = desk.find(stayId);
    if (stay === undefined) throw new Error(RED._('stay-pms.error.stay'));
    const written = writeBackOf(stay, msg, field);
    if (written === null) throw new Error(RED._('stay-pms.error.no-place'));
    const { pms: _pms, ...rest } = RED.util.cloneMessage(msg);
    node.send([null, { ...rest, ...request(written, { request: 'write-back', id: stayId }) }, null]);
  };
  return {
    catchUp() {
      tellStays(desk.lost(Date.now()));
      askForNamed();
    },
    askAgain: askForNamed,
    handle(msg) {
      const input = readInput(msg, node.id);
      if (input.kind === 'answer') takeAnswer(msg, input);
      else if (input.kind === 'code') writeBack(msg, input.stayId);
      else {
        askForNamed();
        if (path !== '')
          node.send([null, request({ method: 'GET', path }, { request: 'poll', id: '' }), null]);
      }
    },
    hear(scheme, hooked) {
      const nowMs = Date.now();
      const check = verifyWebhook(scheme, hooked, { nowMs, seen: desk.seen() });
      if (!check.ok) {
        if (check.reason !== 'repeated') show('yellow', check.reason);
        return REFUSALS[check.reason];
      }
      const body = parse(hooked.body);
      if (body === undefined) return { status: 400, text: 'expected JSON' };
      try {
        const taken = desk.take(body, { via: 'webhook', seenAtMs: nowMs }, check.deliveryId);
        tell(taken);
        const isLost = taken.problems.length > 0 && taken.count === 0;
        return isLost ? { status: 422, text: taken.problems.join('; ') } : { status: 200, text: 'taken' };
      } catch (error) {
        show('red', 'failed');
        node.error(error instanceof Error ? error.message : String(error));
        // Its sender will come again.
        return { status: 503, text: 'not kept' };
      }
    },
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
