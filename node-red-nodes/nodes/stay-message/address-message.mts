/**
 * A worded message in the shape that the nodes of each channel take.
 * @module
 */
import type { NodeMessage } from 'node-red';
import type { Worded } from './word-message.mts';

/** `text` for any other node, and for the write-back of `stay-pms`. */
export type Channel = 'text' | 'email' | 'telegram' | 'sms';

/** The message for a channel, `null` where it has no address. The fields that came with it travel on. */
export function addressMessage(
  msg: NodeMessage,
  channel: Channel,
  worded: Worded,
  to: unknown,
): NodeMessage | null {
  const { subject, text, language } = worded;
  const address = typeof to === 'string' ? to.trim() : typeof to === 'number' ? to : '';
  const beside = { ...msg, language };
  if (channel === 'text') return { ...beside, payload: text };
  if (address === '') return null;
  switch (channel) {
    case 'email': {
      // The mail node would put what an earlier request has left here into the mail's head.
      const {
        headers: _headers,
        header: _header,
        envelope: _envelope,
        ...rest
      } = beside as Record<string, unknown>;
      return { ...rest, topic: subject, payload: text, to: String(address) };
    }
    case 'telegram':
      return { ...beside, payload: { chatId: address, type: 'message', content: text } };
    // Twilio's node has the number in the topic, others in `to`.
    case 'sms':
      return { ...beside, topic: String(address), payload: text, to: String(address) };
  }
}
