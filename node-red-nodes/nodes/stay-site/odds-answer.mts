/**
 * What the site's dialog shows while the rules are typed: how much a guess is worth under them.
 * @module
 */
import { type Alphabet, odds, STREET_DOOR_HOUSE_RULES, StaycodeError } from '@staycode/core';
import type { NodeAPI } from 'node-red';
import { type HouseRulesForm, readHouseRules } from './house-rules.mts';

/** One guest in each unit, and all of the staff that is asked about. */
interface Door {
  readonly units: number;
  /** A guess opens in 1 of so many cases, at the worst hour. */
  readonly oneIn: number;
  /** Chance of a guesser who never rests, within a year. */
  readonly perYear: number;
}

/** The odds, or what is wrong with the rules; and the narrower rules that a door of many flats starts with. */
export type OddsAnswer = ({ readonly doors: readonly Door[] } | { readonly error: string }) & {
  readonly streetDoor: typeof STREET_DOOR_HOUSE_RULES;
};

interface OddsQuestion extends HouseRulesForm {
  readonly alphabet?: Alphabet;
  /** Units at the doors that are asked about, such as `1,20`. In an address it may stand twice. */
  readonly units?: string | readonly string[];
  /** Digits of the codes of each person who opens them, such as `8,8,6`. */
  readonly staff?: string | readonly string[];
}

/** Each takes a while, and a page of somebody else's can ask as well; the dialog asks about two. */
const MOST_DOORS = 8;
const MOST_STAFF = 100;

/** The editor asks with the user's own right to see flows. */
export function serveOdds(RED: NodeAPI): void {
  RED.httpAdmin.get('/staycode/odds', RED.auth.needsPermission('flows.read'), (request, response) => {
    response.json(answerOdds(request.query as unknown as OddsQuestion));
  });
}

/** Never throws on rules that are none. */
export function answerOdds({
  alphabet = 'decimal',
  units = '1',
  staff = '',
  ...form
}: OddsQuestion): OddsAnswer {
  try {
    const rules = readHouseRules(form);
    const people = listed('staff', staff, MOST_STAFF)
      .filter((digits) => digits !== '')
      .map((digits) => ({ type: 'totp', digits: digits === '6' ? 6 : 8 }) as const);
    const doors = listed('units', units, MOST_DOORS).map(Number);
    return {
      streetDoor: STREET_DOOR_HOUSE_RULES,
      doors: doors.map((count) => {
        const { oneIn, perYear } = odds({ rules, alphabet, units: count, livePins: count, staff: people });
        return { units: count, oneIn, perYear };
      }),
    };
  } catch (error) {
    if (error instanceof StaycodeError) return { streetDoor: STREET_DOOR_HOUSE_RULES, error: error.message };
    throw error;
  }
}

/** @throws StaycodeError `bad-config` for a longer list */
function listed(what: string, list: string | readonly string[], most: number): string[] {
  const items = String(list).split(',');
  if (items.length <= most) return items;
  throw new StaycodeError('bad-config', `${what}: expected at most ${most}, got ${items.length}`);
}
