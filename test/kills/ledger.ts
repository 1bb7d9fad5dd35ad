/** Holds what a register and its guests' mails say against what was booked: nothing lost, doubled, changed or told unmarked twice. */
import { type AccessCode, isLive, readCode } from '@staycode/core';

/** A stay as it stands in the calendar in the end. */
export interface Booked {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly cancelled: boolean;
}

export interface Faults {
  /** Codes that were in the register, or in a mail, and are not there any more. */
  readonly lost: string[];
  /** Two live codes of one stay, or none where there should be one or one where there should be none. */
  readonly doubled: string[];
  /** A code of another window, kind or revision than before. */
  readonly changed: string[];
  /** The same told twice without a mark, or something new without saying so. */
  readonly unmarked: string[];
  /** Guests whose last mail is not about the stay as it is booked. */
  readonly untold: string[];
}

const MAY_BE_AGAIN = 'If you have had this message before';
const REPLACES = 'takes the place of the code that you had';

export class KillLedger {
  readonly faults: Faults = { lost: [], doubled: [], changed: [], unmarked: [], untold: [] };
  readonly #codeKey: Uint8Array;
  readonly #seen = new Map<string, string>();

  constructor(codeKey: Uint8Array) {
    this.#codeKey = codeKey;
  }

  /** Looks at the register after a kill. */
  see(codes: readonly AccessCode[]): void {
    const now = new Map(codes.map((code) => [code.id, identityOf(code)]));
    for (const [id, identity] of this.#seen) {
      const found = now.get(id);
      if (found === undefined) this.faults.lost.push(`${id} is gone from the register`);
      else if (found !== identity) this.faults.changed.push(`${id}: ${identity} became ${found}`);
    }
    for (const [id, identity] of now) this.#seen.set(id, identity);
    const live = codes.filter(isLive).map(({ reservationId }) => reservationId);
    for (const id of new Set(live.filter((one, i) => live.indexOf(one) !== i)))
      this.faults.doubled.push(`${id} has two live codes`);
  }

  /** Looks at all that was mailed, and at the register, once everything has come to rest. */
  settle(mails: readonly string[], codes: readonly AccessCode[], booked: readonly Booked[]): void {
    this.see(codes);
    const last = this.#readMails(mails, codes);
    for (const { startsAtMs, endsAtMs, cancelled } of booked) {
      const live = codes.filter((code) => isLive(code) && code.stay.startsAtMs === startsAtMs);
      const name = new Date(startsAtMs).toISOString().slice(0, 10);
      if (live.length !== (cancelled ? 0 : 1)) this.faults.doubled.push(`${name}: ${live.length} live codes`);
      const [code] = live;
      if (code && (code.stay.endsAtMs !== endsAtMs || last.get(startsAtMs) !== identityOf(code)))
        this.faults.untold.push(`${name}: its guest does not know the code`);
    }
  }

  /** The identity of the code in the last mail about each stay, by the stay's start. */
  #readMails(mails: readonly string[], codes: readonly AccessCode[]): Map<number, string> {
    const known = new Set(codes.map(identityOf));
    const heard = new Set<string>();
    const last = new Map<number, string>();
    for (const mail of mails) {
      const digits = (/\d{4}\s\d{4}\s\d{4}/u.exec(mail)?.[0] ?? '').replaceAll(/\s/gu, '');
      const content = digits === '' ? null : readCode(this.#codeKey, digits, 'decimal');
      if (content === null || content.kind === 'clock') {
        this.faults.changed.push('a mail without a code of this unit');
        continue;
      }
      const identity = identityOf(content);
      const { startsAtMs } = content;
      if (!known.has(identity)) this.faults.lost.push(`${identity} was mailed and is not in the register`);
      if (heard.has(identity) && !mail.includes(MAY_BE_AGAIN))
        this.faults.unmarked.push(`${identity} was mailed twice`);
      const before = last.get(startsAtMs);
      if (before !== undefined && before !== identity && !mail.includes(REPLACES))
        this.faults.unmarked.push(`${identity} does not say that it replaces another`);
      heard.add(identity);
      last.set(startsAtMs, identity);
    }
    return last;
  }
}

/** How many of the mails say that they may have come before. */
export function countMarked(mails: readonly string[]): number {
  return mails.filter((mail) => mail.includes(MAY_BE_AGAIN)).length;
}

type Identity = Pick<AccessCode, 'startsAtMs' | 'endsAtMs' | 'revision'> & { readonly kind: string };

/** What makes the digits. */
function identityOf({ startsAtMs, endsAtMs, kind, revision }: Identity): string {
  return [new Date(startsAtMs).toISOString(), new Date(endsAtMs).toISOString(), kind, revision].join(' ');
}
