/**
 * The words for a stay, a block and a tentative booking in the languages that listings are kept in.
 * @module
 */
import type { SummaryRule } from './dialect.ts';

interface Words {
  readonly confirmed: string;
  readonly blocked: string;
  readonly tentative: string;
}

/** A line a language. English and French are seen in feeds, the others are dictionary words (D). */
const LANGUAGES: readonly Words[] = [
  {
    confirmed: 'reserved|reservation|booked|booking',
    blocked: 'blocked|closed|unavailable|not available',
    tentative: 'tentative|provisional',
  },
  {
    confirmed: 'réservée?|réservation',
    blocked: 'indisponible|non disponible|bloquée?|fermée?',
    tentative: 'provisoire',
  },
  {
    confirmed: 'reserviert|reservierung|gebucht|buchung',
    blocked: 'blockiert|gesperrt|geschlossen|nicht verfügbar',
    tentative: 'vorläufig|vorgemerkt',
  },
  {
    confirmed: 'reservad[oa]|reserva',
    blocked: 'bloquead[oa]|cerrad[oa]|no disponible',
    tentative: 'provisional|tentativ[oa]',
  },
  {
    confirmed: 'prenotat[oa]|prenotazione|riservat[oa]',
    blocked: 'bloccat[oa]|chius[oa]|non disponibile',
    tentative: 'provvisori[oa]',
  },
  {
    confirmed: 'gereserveerd|reservering|geboekt|boeking',
    blocked: 'geblokkeerd|gesloten|niet beschikbaar',
    tentative: 'voorlopig',
  },
  {
    confirmed: 'reservad[oa]|reserva',
    blocked: 'bloquead[oa]|fechad[oa]|indisponível|não disponível',
    tentative: 'provisóri[oa]',
  },
  {
    confirmed: 'reserverad|bokad|bokning',
    blocked: 'blockerad|spärrad|stängd|otillgänglig|(?:ej|inte) tillgänglig',
    tentative: 'preliminär',
  },
  {
    confirmed: 'reserveret|reservation|booket',
    blocked: 'blokeret|spærret|lukket|utilgængelig|ikke tilgængelig',
    tentative: 'foreløbig',
  },
  {
    confirmed: 'reservert|reservasjon|booket|bestilt',
    blocked: 'blokkert|sperret|stengt|utilgjengelig|ikke tilgjengelig',
    tentative: 'foreløpig',
  },
  {
    confirmed: 'varattu|varaus',
    blocked: 'estetty|suljettu|ei (?:saatavilla|käytettävissä|vapaana)',
    tentative: 'alustava|alustavasti varattu',
  },
];

/** Where a site gives no name it may put its own. */
const SITES =
  'vrbo|homeaway|abritel|fewo-direkt|airbnb|booking(?:\\.com)?|expedia|agoda|tripadvisor|guesty|smoobu|lodgify';

/** A word alone, or a word, a dash or colon, and more: the guest's name, or of a block the reason. */
export const WORD_RULES: readonly SummaryRule[] = (['blocked', 'tentative', 'confirmed'] as const).map(
  (status) => {
    const words = LANGUAGES.map((language) => language[status]).join('|');
    const rest = status === 'blocked' ? '.+' : '(?<guest>.+)';
    return {
      pattern: new RegExp(`^(?:${words})(?: ?[-–—:] ?(?:(?:${SITES})$|${rest}))?$`, 'iu'),
      status,
    };
  },
);
