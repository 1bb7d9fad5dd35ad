/**
 * The guest's message in Italian.
 * @module
 */
import type { Phrases } from '../phrases.ts';

export const ITALIAN: Phrases = {
  locale: 'it-IT',
  subject: ({ unitName }) => `Il suo codice della porta per ${unitName}`,
  hello: (name) => (name === null ? 'Buongiorno,' : `Buongiorno ${name},`),
  code: ({ unitName, digits, isNew }) =>
    `${isNew ? 'il suo nuovo codice della porta' : 'il suo codice della porta'} per ${unitName} è ${digits}`,
  opens: ({ from, until }) =>
    `Apre da ${from} fino a ${until} (ora locale). Non lo provi prima: la porta resta chiusa, e i tentativi in anticipo contano come errati.`,
  replaces:
    'Sostituisce il codice che aveva: quello precedente finisce quando usa questo per la prima volta.',
  replacesListed: 'Sostituisce il codice che aveva, che non apre più.',
  keeps: 'È il codice che ha già; sono cambiati solo i suoi orari.',
  typing: (pin) =>
    `La prima volta digiti tutte le dodici cifre e poi il tasto di conferma.${pin === null ? '' : ` Dopo bastano le prime ${pin.length} cifre, ${pin}.`}`,
  typingListed: (pin) => `Alla porta digiti ${pin} e poi il tasto di conferma, se la tastiera ne ha uno.`,
  typingAt: ({ door, pin }) =>
    `A «${door}» digiti solo ${pin}, anche la prima volta, e poi il tasto di conferma, se la tastiera ne ha uno.`,
  again: 'Se ha già ricevuto questo messaggio, non è cambiato nulla.',
};
