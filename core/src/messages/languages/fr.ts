/**
 * The guest's message in French.
 * @module
 */
import type { Phrases } from '../phrases.ts';

export const FRENCH: Phrases = {
  locale: 'fr-FR',
  subject: ({ unitName }) => `Votre code de porte pour ${unitName}`,
  hello: (name) => (name === null ? 'Bonjour,' : `Bonjour ${name},`),
  code: ({ unitName, digits, isNew }) =>
    `${isNew ? 'votre nouveau code de porte' : 'votre code de porte'} pour ${unitName} est ${digits}`,
  opens: ({ from, until }) =>
    `Valable du ${from} au ${until} (heure locale). Ne l’essayez pas plus tôt : la porte resterait fermée, et un essai trop précoce compte comme une erreur.`,
  replaces:
    'Il remplace le code que vous aviez : l’ancien prend fin dès que vous utilisez celui-ci pour la première fois.',
  replacesListed: 'Il remplace le code que vous aviez, qui n’ouvre plus.',
  keeps: 'C’est le code que vous avez déjà ; seules ses heures ont changé.',
  typing: (pin) =>
    `La première fois, tapez les douze chiffres, puis la touche de validation.${pin === null ? '' : ` Ensuite, les ${pin.length} premiers chiffres, ${pin}, suffisent.`}`,
  typingListed: (pin) => `À la porte, tapez ${pin}, puis la touche de validation, si le clavier en a une.`,
  typingAt: ({ door, pin }) =>
    `À « ${door} », tapez seulement ${pin}, même la première fois, puis la touche de validation, si le clavier en a une.`,
  again: 'Si vous avez déjà reçu ce message, rien n’a changé.',
};
