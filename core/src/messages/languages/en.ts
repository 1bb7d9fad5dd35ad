/**
 * The guest's message in English.
 * @module
 */
import type { Phrases } from '../phrases.ts';

export const ENGLISH: Phrases = {
  locale: 'en-GB',
  subject: ({ unitName }) => `Your door code for ${unitName}`,
  hello: (name) => (name === null ? 'Hello,' : `Hello ${name},`),
  code: ({ unitName, digits, isNew }) =>
    `${isNew ? 'your new door code' : 'your door code'} for ${unitName} is ${digits}`,
  opens: ({ from, until }) =>
    `It opens from ${from} until ${until} (local time). Please do not try it earlier: the door stays shut then, and early tries count as wrong ones.`,
  replaces: 'It takes the place of the code that you had: that one ends when you first use this one.',
  replacesListed: 'It takes the place of the code that you had, which opens no more.',
  keeps: 'The code is the one that you have; only its times have changed.',
  typing: (pin) =>
    `The first time, type all twelve digits and then the enter key.${pin === null ? '' : ` After that the first ${pin.length} digits, ${pin}, are enough.`}`,
  typingListed: (pin) => `At the door type ${pin} and then the enter key, if the keypad has one.`,
  typingAt: ({ door, pin }) =>
    `At ${door} type ${pin} and no more, also the first time, and then the enter key, if the keypad has one.`,
  again: 'If you have had this message before, nothing has changed.',
};
