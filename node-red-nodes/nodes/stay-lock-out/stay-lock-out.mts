/**
 * Tells a lock to do something and waits for its own answer: done on the first output, on the second why not.
 * @module
 */
import { type CommandOutcome, MAX_COMMAND_LIFE_MS, StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { onceStarted } from '../flows-started.mts';
import { joinLock, type LockLink } from '../lock-link.mts';
import { type RegisterShare, shareRegister } from '../register.mts';
import type { StayLockNode } from '../stay-lock/stay-lock.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';
import { type Asked, readAct } from './read-act.mts';

export interface StayLockOutDef extends NodeDef {
  /** Id of the `stay-lock` node. */
  readonly lock: string;
  /** Id of the `mqtt-broker` node. */
  readonly broker: string;
  /** A command, or where it stands, as of a typed input. */
  readonly command: string;
  readonly commandType: string;
  readonly code: string;
  readonly codeType: string;
  readonly until: string;
  readonly untilType: string;
  /** Id of the `stay-unit` node whose key is raised. */
  readonly unit: string;
  readonly emergency?: boolean;
  /** Seconds; the editor keeps numbers as text. */
  readonly timeout: string | number;
}

interface Desk {
  /** @throws StaycodeError of `readAct` */
  command(msg: NodeMessage): Promise<{ readonly command: string; readonly outcome: CommandOutcome }>;
  close(done: () => void): void;
}

/** A command that comes with the start of the flow waits so long for the first word of the lock. */
const STARTING_MS = 5_000;

/** Registers `stay-lock-out`. */
export function stayLockOut(RED: NodeAPI): void {
  RED.nodes.registerType('stay-lock-out', createLockOut);

  function createLockOut(this: Node, def: StayLockOutDef): void {
    RED.nodes.createNode(this, def);
    const register = shareRegister(RED, this);
    if (register === null) return;
    let desk: Desk | null = null;
    const start = (): void => {
      try {
        desk = openDesk(RED, this, def, register);
      } catch (error) {
        this.status({ fill: 'red', shape: 'ring', text: RED._('stay-lock-out.status.bad-config') });
        this.error(error instanceof Error ? error.message : String(error));
      }
    };
    const callOff = onceStarted(RED, start);
    this.on('input', (msg, send, done) => {
      if (desk === null) {
        done(new StaycodeError('bad-config', 'stay-lock-out: expected a lock, a site key and a broker'));
        return;
      }
      desk.command(msg).then(
        ({ command, outcome }) => {
          send(toMessages(RED, RED.nodes.getNode(def.lock) as StayLockNode, { msg, command, outcome }));
          done();
        },
        (error: unknown) => {
          done(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
    this.on('close', (done: () => void) => {
      callOff();
      const release = (): void => {
        register.release();
        done();
      };
      if (desk === null) release();
      else desk.close(release);
    });
  }
}

function openDesk(RED: NodeAPI, node: Node, def: StayLockOutDef, { store }: RegisterShare): Desk {
  const lock = RED.nodes.getNode(def.lock) as StayLockNode | null;
  if (lock === null) throw missing('a stay-lock node');
  const file = lock.file();
  const siteKey = lock.site()?.siteKey;
  if (!siteKey) throw missing('a site with a site key');
  const show = (): void => {
    if (link?.isConnected !== true) {
      node.status({ fill: 'red', shape: 'ring', text: 'node-red:common.status.disconnected' });
    } else if (!link.controller.reachable) {
      node.status({ fill: 'yellow', shape: 'ring', text: RED._('stay-lock-out.status.out-of-reach') });
    } else node.status({ fill: 'green', shape: 'dot', text: RED._('stay-lock-out.status.in-reach') });
  };
  const soon = (): void => void setImmediate(show);
  let heard: () => void = () => undefined;
  const firstWord = new Promise<void>((resolve) => (heard = resolve));
  const link: LockLink | null = joinLock(RED, def.broker, file, {
    connectionChanged: soon,
    reachableChanged: () => {
      soon();
      heard();
    },
  });
  if (link === null) throw missing('an MQTT broker');
  const starting = setTimeout(heard, STARTING_MS);
  show();
  return {
    async command(msg) {
      const evaluate = (value: string, type: string): Promise<unknown> =>
        evaluateField(RED, node, msg, { value, type });
      const asked: Asked = {
        command: def.commandType === 'command' ? def.command : await evaluate(def.command, def.commandType),
        accessCodeId: await evaluate(def.code, def.codeType),
        until: await evaluate(def.until, def.untilType),
        emergency: def.emergency === true,
      };
      const unit = (RED.nodes.getNode(def.unit) as StayUnitNode | null)?.unit ?? null;
      const { commandKey, controller } = link;
      await firstWord;
      const act = readAct(asked, { file, store, commandKey, siteKey, unit, nowMs: Date.now() });
      if (act.name === 'revoke') store.ends.revoking(act.code, Date.now());
      const outcome = await controller.send(act, readTimeout(def));
      if (act.name === 'revoke' && outcome.ok) store.ends.ended(act.code, file.lockId, Date.now());
      return { command: act.name, outcome };
    },
    close(done) {
      clearTimeout(starting);
      heard();
      link.leave(done);
    },
  };
}

/** A field that the message does not have is `undefined`. */
function evaluateField(
  RED: NodeAPI,
  node: Node,
  msg: NodeMessage,
  { value, type }: { readonly value: string; readonly type: string },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    RED.util.evaluateNodeProperty(value, type, node, msg, (error, result: unknown) => {
      // A path that ends before the property is as good as none.
      if (error && type === 'msg') resolve(undefined);
      else if (error) reject(error);
      else resolve(result);
    });
  });
}

function readTimeout({ timeout }: StayLockOutDef): number {
  const ms = Number(timeout) * 1000;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, MAX_COMMAND_LIFE_MS) : 5_000;
}

interface Answered {
  readonly msg: NodeMessage;
  readonly command: string;
  readonly outcome: CommandOutcome;
}

/** The message goes on as it came, with the lock's answer; a refusal with a sentence for the host as its payload. */
function toMessages(
  RED: NodeAPI,
  { lockId, name }: StayLockNode,
  { msg, command, outcome }: Answered,
): [NodeMessage | null, NodeMessage | null] {
  const lock = name === undefined || name === '' ? lockId : name;
  const reason = outcome.ok ? null : outcome.reason;
  const answer = { command, lockId, ok: outcome.ok, reason };
  if (reason === null) return [{ ...msg, topic: lock, answer }, null];
  const payload = RED._('stay-lock-out.note.refused', {
    lock,
    command: RED._(`stay-lock-out.command.${command}`),
    reason: RED._(`stay-lock-out.reason.${reason}`),
  });
  return [null, { ...msg, topic: lock, payload, answer, problem: { reason, detail: command, lockId } }];
}

function missing(what: string): StaycodeError {
  return new StaycodeError('bad-config', `stay-lock-out: expected ${what}, got none`);
}
