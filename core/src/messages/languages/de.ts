/**
 * The guest's message in German.
 * @module
 */
import type { Phrases } from '../phrases.ts';

export const GERMAN: Phrases = {
  locale: 'de-DE',
  subject: ({ unitName }) => `Ihr Türcode für ${unitName}`,
  hello: (name) => (name === null ? 'Guten Tag,' : `Guten Tag ${name},`),
  code: ({ unitName, digits, isNew }) =>
    `${isNew ? 'Ihr neuer Türcode' : 'Ihr Türcode'} für ${unitName} lautet ${digits}`,
  opens: ({ from, until }) =>
    `Er öffnet von ${from} bis ${until} (Ortszeit). Bitte probieren Sie ihn nicht früher: Die Tür bleibt dann zu, und zu frühe Versuche zählen als falsche.`,
  replaces: 'Er ersetzt den Code, den Sie hatten: Jener endet, sobald Sie diesen zum ersten Mal benutzen.',
  replacesListed: 'Er ersetzt den Code, den Sie hatten: Jener öffnet nicht mehr.',
  keeps: 'Es ist der Code, den Sie schon haben; nur seine Zeiten haben sich geändert.',
  typing: (pin) =>
    `Tippen Sie beim ersten Mal alle zwölf Ziffern und dann die Eingabetaste.${pin === null ? '' : ` Danach genügen die ersten ${pin.length} Ziffern, ${pin}.`}`,
  typingListed: (pin) =>
    `Tippen Sie an der Tür ${pin} und dann die Eingabetaste, falls das Tastenfeld eine hat.`,
  typingAt: ({ door, pin }) =>
    `Tippen Sie an „${door}“ nur ${pin}, auch beim ersten Mal, und dann die Eingabetaste, falls das Tastenfeld eine hat.`,
  again: 'Falls Sie diese Nachricht schon erhalten haben: Es hat sich nichts geändert.',
};
