/**
 * The guest's message in English.
 * @module
 */
import type { MessageParts } from '../guest-message.ts';

/** Says when it opens before anything else that matters: early tries count as wrong and the door explains nothing. */
export function writeEnglish(parts: MessageParts): string {
  const { name, digits, from, until, unitName, pin, replacesEarlier } = parts;
  const paragraphs = [
    name === null ? 'Hello,' : `Hello ${name},`,
    `${replacesEarlier ? 'your new door code' : 'your door code'} for ${unitName} is ${digits}`,
    `It opens from ${from} until ${until} (local time). Please do not try it earlier: the door stays shut then, and early tries count as wrong ones.`,
    ...(replacesEarlier
      ? ['It takes the place of the code that you had: that one ends when you first use this one.']
      : []),
    `The first time, type all twelve digits and then the enter key.${pin === null ? '' : ` After that the first ${pin.length} digits, ${pin}, are enough.`}`,
  ];
  return paragraphs.join('\n\n');
}
