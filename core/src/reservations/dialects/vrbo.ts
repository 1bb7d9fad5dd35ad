/**
 * Vrbo and its sisters (HomeAway, Abritel, …): the word is in the language of the listing, the guest's name may follow.
 * @module
 */
import type { Dialect } from './dialect.ts';
import { WORD_RULES } from './words.ts';

export const vrbo: Dialect = {
  name: 'vrbo',
  uid: /@(?:vrbo|homeaway|abritel|fewo-direkt|stayz|bookabach)\.[\w.]+$/i,
  prodId: /homeaway|vrbo|abritel|fewo-direkt/i,
  summaries: WORD_RULES,
  identity: 'uid',
};
