/**
 * Judges what is typed at a keypad, with no network: Node-RED as a lock's brain, and what is wired to it as the bolt.
 * @module
 */
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import type { GroupMode } from '@staycode/core';
import { onStarted } from '../flows-started.mts';
import { Door } from './door.mts';
import type { LockSource } from './lock-source.mts';
import { KeyCollector } from './key-collector.mts';
import { checkDigits, findTyped, forgetTyped, readKeypadRequest } from './read-digits.mts';

export interface StayVerifyDef extends NodeDef, LockSource {
  /** `keys` for a keypad that sends each key by itself. */
  readonly groups: GroupMode | 'keys';
  /** The message's property that holds the digits. */
  readonly property: string;
}

interface Credentials {
  /** Of a sealed lock file. */
  passphrase: string | undefined;
}

export type StayVerifyNode = Node<Credentials>;

/** Registers `stay-verify`. */
export function stayVerify(RED: NodeAPI): void {
  RED.nodes.registerType<StayVerifyNode, StayVerifyDef, object, Credentials>('stay-verify', createVerify, {
    credentials: { passphrase: { type: 'password' } },
  });

  function createVerify(this: StayVerifyNode, def: StayVerifyDef): void {
    RED.nodes.createNode(this, def);
    const door = new Door(RED, this, def);
    const keys = def.groups === 'keys' ? new KeyCollector() : null;
    const refresh = (): void => {
      void door.refresh();
    };
    const unlisten = onStarted(RED, refresh);
    this.on('input', (msg, send, done) => {
      enter(RED, { door, keys, property: def.property || 'payload' }, msg, send).then(
        () => {
          done();
        },
        (error: unknown) => {
          done(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
    this.on('close', (done: () => void) => {
      unlisten();
      keys?.clear();
      void door.close().finally(done);
    });
  }
}

interface Keypad {
  readonly door: Door;
  readonly property: string;
  /** Where each key comes by itself. */
  readonly keys: KeyCollector | null;
}

/** @throws StaycodeError `bad-entry`; the message that it is thrown over holds what was typed no more */
async function enter(
  RED: NodeAPI,
  { door, keys, property }: Keypad,
  msg: NodeMessage,
  send: (messages: (NodeMessage | null)[]) => void,
): Promise<void> {
  if ((msg as { command?: unknown }).command === 'set-clock') {
    await door.setClock();
    return;
  }
  const value: unknown = RED.util.getMessageProperty(msg, property);
  const keypad = readKeypadRequest(value);
  const typed = findTyped(value);
  if (typed === '') return;
  RED.util.setMessageProperty(msg, property, null, false);
  forgetTyped(msg, typed);
  // What a broker kept was typed some time ago, and would open the door at each connection.
  if ((msg as { retain?: unknown }).retain === true)
    throw new Error('stay-verify: expected digits as they are typed, got a retained message');
  const digits = keys ? keys.press(typed) : checkDigits(typed, `msg.${property}`);
  if (digits === null) return;
  await door.enter(digits, { ...msg, ...(keypad && { keypad }) }, send);
}
