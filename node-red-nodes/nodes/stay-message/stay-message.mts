/**
 * Words what `stay-code` tells a guest, in the guest's language or the host's own words, ready for mail, Telegram and SMS nodes.
 * @module
 */
import { type Language, StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { tellAddress } from '../guest-address.mts';
import { addressMessage, type Channel } from './address-message.mts';
import { checkTemplates, type Template, type Worded, wordMessage, type Wording } from './word-message.mts';

export interface StayMessageDef extends NodeDef {
  readonly channel: Channel;
  /** Whom it goes to: a property of the message, a text, or a variable of the environment. */
  readonly to?: string;
  readonly toType?: 'msg' | 'str' | 'env';
  /** Empty for the guest's own. */
  readonly language?: string;
  readonly fallback?: Language;
  readonly templates?: readonly Template[];
}

/** Registers `stay-message`. */
export function stayMessage(RED: NodeAPI): void {
  RED.nodes.registerType('stay-message', createMessage);

  function createMessage(this: Node, def: StayMessageDef): void {
    RED.nodes.createNode(this, def);
    const { language = '', fallback = 'en', templates = [] } = def;
    const wording: Wording = { language, fallback, templates };
    let fault: Error | null = null;
    try {
      checkTemplates(templates);
    } catch (error) {
      fault = error instanceof Error ? error : new Error(String(error));
      this.status({ fill: 'red', shape: 'ring', text: RED._('stay-message.status.bad-config') });
      this.error(fault.message);
    }
    this.on('input', (msg, send, done) => {
      try {
        if (fault !== null) throw fault;
        send(word(RED, this, { def, wording }, msg));
        done();
      } catch (error) {
        tell(RED, msg, false);
        const key = error instanceof StaycodeError && error.code === 'bad-message' ? 'bad-message' : 'failed';
        this.status({
          ...{ fill: 'red', shape: 'ring' },
          text: RED._(`stay-message.status.${fault === null ? key : 'bad-config'}`),
        });
        done(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}

/** Whether the guest's message goes anywhere from here; one that cannot be worded does not. */
function tell(RED: NodeAPI, { delivery }: NodeMessage, hasAddress: boolean): void {
  const { id } = (delivery ?? {}) as { readonly id?: unknown };
  if (typeof id === 'string') tellAddress(RED, { id, hasAddress });
}

interface Setup {
  readonly def: StayMessageDef;
  readonly wording: Wording;
}

function word(
  RED: NodeAPI,
  node: Node,
  { def, wording }: Setup,
  msg: NodeMessage,
): [NodeMessage | null, NodeMessage | null] {
  const worded: Worded = wordMessage(msg, wording);
  const { to = '', toType = 'msg' } = def;
  const address: unknown = to === '' ? '' : RED.util.evaluateNodeProperty(to, toType, node, msg);
  const message = addressMessage(msg, def.channel, worded, address);
  tell(RED, msg, message !== null);
  if (message !== null) {
    node.status({
      fill: 'green',
      shape: 'dot',
      text: RED._('stay-message.status.worded', { language: worded.language }),
    });
    return [message, null];
  }
  node.status({ fill: 'yellow', shape: 'ring', text: RED._('stay-message.status.no-address') });
  const { unitName: unit } = msg.stay as { readonly unitName: string };
  const { name } = (msg.guest ?? {}) as { readonly name?: string | null };
  const { delivery, reservation } = msg;
  const guest = name ?? RED._('stay-message.note.somebody');
  const payload = RED._('stay-message.note.no-address', { unit, guest });
  return [null, { topic: unit, payload, problem: { reason: 'no-address' }, reservation, delivery }];
}
