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
    case 'sms': {
      const number = readPhone(String(address));
      return number === null ? null : { ...beside, topic: number, payload: text, to: number };
    }
  }
}

/**
 * A number as carriers take it, without what people write between its digits; with 7 to 15 of them (E.164 has 15 at most). What a
 * booking site has masked is none. `whatsapp:` and the like, which Twilio reads, stay before it.
 */
function readPhone(text: string): string | null {
  const [, scheme = '', written = ''] = /^([a-z]+:)?(.*)$/isu.exec(text) ?? [];
  // "+49 (0) 170": the zero is for who dials within the country.
  const dialled = written.replace(/^([\s\p{Cf}]*(?:\+|00).*)\(0\)/u, '$1');
  const number = dialled.replaceAll(/[\s()./\p{Cf}\p{Pd}]/gu, '').replace(/^00/u, '+');
  return /^\+?\d{7,15}$/u.test(number) ? `${scheme}${number}` : null;
}
