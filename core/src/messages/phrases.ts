/**
 * What a language has to say to a guest: one file a language in `languages/`, each a table of these.
 * @module
 */

/** A guest's sentences. Times come formatted for the language's locale, digits in groups of four. */
export interface Phrases {
  /** BCP 47 tag for dates and times. */
  readonly locale: string;
  /** A mail's. */
  readonly subject: (parts: { unitName: string }) => string;
  readonly hello: (name: string | null) => string;
  readonly code: (parts: { unitName: string; digits: string; isNew: boolean }) => string;
  /** When it opens, and that an earlier try counts as wrong: the door explains nothing. */
  readonly opens: (parts: { from: string; until: string }) => string;
  /** That the code which the guest had ends with the first use of this one. */
  readonly replaces: string;
  /** The same where every door keeps a list of PINs, which has one of them at a time. */
  readonly replacesListed: string;
  /** That the code is the one which the guest has, and only the times are others. */
  readonly keeps: string;
  /** All twelve digits first; then `pin`, its leading digits, or `null` where the lock gives no short PIN. */
  readonly typing: (pin: string | null) => string;
  /** The PIN where every door keeps a list of them. */
  readonly typingListed: (pin: string) => string;
  /** The PIN at one door that keeps a list, of several of which others may not: that it is all that is typed there, always. */
  readonly typingAt: (parts: { door: string; pin: string }) => string;
  /** That the guest may have had this very message before. */
  readonly again: string;
}
