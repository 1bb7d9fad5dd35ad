/**
 * The guest's message in Spanish.
 * @module
 */
import type { Phrases } from '../phrases.ts';

export const SPANISH: Phrases = {
  locale: 'es-ES',
  subject: ({ unitName }) => `Su código de la puerta para ${unitName}`,
  hello: (name) => (name === null ? 'Hola:' : `Hola, ${name}:`),
  code: ({ unitName, digits, isNew }) =>
    `${isNew ? 'Su nuevo código de la puerta' : 'Su código de la puerta'} para ${unitName} es ${digits}`,
  opens: ({ from, until }) =>
    `Abre desde el ${from} hasta el ${until} (hora local). No lo pruebe antes: la puerta seguirá cerrada, y los intentos anticipados cuentan como erróneos.`,
  replaces: 'Sustituye al código que tenía: el anterior deja de valer en cuanto use este por primera vez.',
  replacesListed: 'Sustituye al código que tenía, que ya no abre.',
  keeps: 'Es el código que ya tiene; solo han cambiado sus horas.',
  typing: (pin) =>
    `La primera vez, teclee los doce dígitos y después la tecla de confirmación.${pin === null ? '' : ` Después bastan los primeros ${pin.length} dígitos, ${pin}.`}`,
  typingListed: (pin) =>
    `En la puerta, teclee ${pin} y después la tecla de confirmación, si el teclado tiene una.`,
  typingAt: ({ door, pin }) =>
    `En «${door}», teclee solo ${pin}, también la primera vez, y después la tecla de confirmación, si el teclado tiene una.`,
  again: 'Si ya ha recibido este mensaje, no ha cambiado nada.',
};
