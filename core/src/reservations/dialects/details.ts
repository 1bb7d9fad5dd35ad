/**
 * What hosts and property systems write into a DESCRIPTION, one `label: value` a line, in several languages. An e-mail
 * address is not kept, and of a phone number only the last four digits.
 * @module
 */

export interface Details {
  readonly guestName: string | null;
  readonly reservationCode: string | null;
  readonly phoneLast4: string | null;
  readonly partySize: number | null;
}

type Field = 'guest' | 'party' | 'adults' | 'children' | 'code' | 'phone' | 'last4';

/** Labels in lower case. */
const LABELS: Readonly<Record<Field, readonly string[]>> = {
  guest: [
    ...['guest', 'guest name', 'name', 'lead guest', 'primary guest', 'booked by'],
    ...[
      'gast',
      'name des gastes',
      'voyageur',
      'nom',
      'huésped',
      'nombre',
      'ospite',
      'nome',
      'hóspede',
      'naam',
    ],
  ],
  party: [
    ...['guests', 'number of guests', 'guest count', 'party', 'party size', 'pax', 'persons', 'people'],
    ...[
      'gäste',
      'personen',
      'voyageurs',
      'personnes',
      'huéspedes',
      'personas',
      'ospiti',
      'persone',
      'gasten',
    ],
    ...['hóspedes', 'pessoas'],
  ],
  adults: ['adults', 'adult', 'erwachsene', 'adultes', 'adultos', 'adulti', 'volwassenen'],
  children: ['children', 'kids', 'child', 'kinder', 'enfants', 'niños', 'bambini', 'kinderen', 'crianças'],
  code: [
    ...['reservation', 'reservation id', 'reservation code', 'reservation number', 'reservation url'],
    ...['booking', 'booking id', 'booking code', 'booking number', 'booking reference', 'reference'],
    ...['confirmation', 'confirmation code', 'confirmation number'],
    ...['buchungsnummer', 'reservierungsnummer', 'numéro de réservation', 'número de reserva'],
    ...['numero di prenotazione', 'reserveringsnummer', 'boekingsnummer'],
  ],
  phone: [
    ...['phone', 'phone number', 'guest phone', 'telephone', 'tel', 'mobile', 'cell', 'contact', 'whatsapp'],
    ...['telefon', 'telefonnummer', 'téléphone', 'teléfono', 'telefono', 'telefoon', 'telefone'],
  ],
  last4: [
    'phone number (last 4 digits)',
    'phone number(last 4 digits)',
    'phone (last 4 digits)',
    'last 4 digits',
  ],
};
const FIELDS: ReadonlyMap<string, Field> = new Map(
  Object.entries(LABELS).flatMap(([field, labels]) => labels.map((label) => [label, field as Field])),
);
const NOTHING: Details = { guestName: null, reservationCode: null, phoneLast4: null, partySize: null };

/** Reads a DESCRIPTION, also one in HTML; of a label that comes twice the first holds. */
export function readDetails(description: string): Details {
  if (!description.includes(':')) return NOTHING;
  const said = new Map<Field, string>();
  const text = description.includes('<') ? description.replace(/<[^<>]*>/g, '\n') : description;
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const field = FIELDS.get(line.slice(0, colon).trim().toLowerCase().normalize('NFC'));
    const value = field && line.slice(colon + 1).trim();
    if (field && value && !said.has(field)) said.set(field, value);
  }
  const guest = said.get('guest') ?? null;
  return {
    // Some write `Guest: 2`.
    guestName: guest !== null && /\p{L}/u.test(guest) ? guest : null,
    reservationCode: readCode(said.get('code')),
    phoneLast4: readLast4(said.get('last4')) ?? readLast4(said.get('phone')),
    partySize: readParty(said.get('party')) ?? readParty(said.get('guest')) ?? readAdultsAndChildren(said),
  };
}

/** A code alone, or the last part of an address; a code has a digit. */
function readCode(value = ''): string | null {
  const code = /^(?:https?:[^?#]*\/)?([\w-]{4,40})\/?(?:[?#]|$)/i.exec(value)?.[1] ?? '';
  return /\d/.test(code) ? code : null;
}

function readLast4(value = ''): string | null {
  const digits = value.replace(/\D/g, '');
  return digits.length < 4 ? null : digits.slice(-4);
}

/** `3`, `3 guests`, `3 (2 adults, 1 child)`, or `2 adults, 1 child`. */
function readParty(value: string | undefined): number | null {
  if (value === undefined) return null;
  const whole = /^(\d{1,2})(?= ?(?:$|\(|guest|person|people|pax))/i.exec(value)?.[1];
  if (whole !== undefined) return Number(whole) || null;
  const parts = [...value.slice(0, 100).matchAll(/(\d{1,2}) (?:adult|child|kid|infant)/gi)];
  return parts.reduce((sum, [, number]) => sum + Number(number), 0) || null;
}

function readAdultsAndChildren(said: ReadonlyMap<Field, string>): number | null {
  const adults = readParty(said.get('adults'));
  return adults === null ? null : adults + (readParty(said.get('children')) ?? 0);
}
