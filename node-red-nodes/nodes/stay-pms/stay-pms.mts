/**
 * Reads a PMS: takes its webhooks and the answers to requests, tells the flow of each stay with its gate, and turns codes into
 * requests that write them back.
 * @module
 */
import { type PmsName, PMS_MAPPINGS, StaycodeError } from '@staycode/core';
import type { Node, NodeAPI } from 'node-red';
import { onceStarted } from '../flows-started.mts';
import { shareRegister } from '../register.mts';
import { createPmsOffice } from './pms-office.mts';
import { type Credentials, readSettings, type StayPmsDef } from './settings.mts';
import { openHook } from './web-hooks.mts';

export type StayPmsNode = Node<Credentials>;

/** Outstanding requests are made again, and one that a crash has cut off. */
const LOOK_AGAIN_MS = 5 * 60_000;

/** Registers `stay-pms`. */
export function stayPms(RED: NodeAPI): void {
  RED.nodes.registerType<StayPmsNode, StayPmsDef, object, Credentials>('stay-pms', createPms, {
    credentials: { webhookSecret: { type: 'password' }, apiKey: { type: 'password' } },
  });
  // What the dialog starts a mapping of the host's own from.
  RED.httpAdmin.get(
    '/staycode/pms-mappings/:name',
    RED.auth.needsPermission('stay-pms.read'),
    (request, response) => {
      const mapping = PMS_MAPPINGS[String(request.params.name) as PmsName] as object | undefined;
      if (mapping === undefined) response.status(404).json({});
      else response.json(mapping);
    },
  );

  function createPms(this: StayPmsNode, def: StayPmsDef): void {
    RED.nodes.createNode(this, def);
    const register = shareRegister(RED, this);
    if (register === null) return;
    try {
      start(RED, this, def, register);
    } catch (error) {
      register.release();
      const code = error instanceof StaycodeError ? error.code : 'failed';
      this.status({ fill: 'red', shape: 'ring', text: RED._(`stay-pms.status.${code}`) });
      this.error(error instanceof Error ? error.message : String(error));
    }
  }
}

/** @throws StaycodeError `bad-config` */
function start(
  RED: NodeAPI,
  node: StayPmsNode,
  def: StayPmsDef,
  register: NonNullable<ReturnType<typeof shareRegister>>,
): void {
  const settings = readSettings(def, node.credentials);
  const { hook } = settings;
  const office = createPmsOffice(RED, node, { settings, def, store: register.store });
  const close = hook && openHook(RED, hook.path, (request) => office.hear(hook.scheme, request));
  // Not before every node of the flow stands: what is sent earlier reaches nobody.
  const begin = (): void => {
    office.catchUp();
  };
  const callOff = onceStarted(RED, begin);
  const timer = setInterval(() => {
    office.askAgain();
  }, LOOK_AGAIN_MS);
  node.on('input', (msg, _send, done) => {
    try {
      office.handle(msg);
      done();
    } catch (error) {
      node.status({ fill: 'red', shape: 'ring', text: RED._('stay-pms.status.failed') });
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
  node.on('close', () => {
    callOff();
    clearInterval(timer);
    close?.();
    register.release();
  });
}
