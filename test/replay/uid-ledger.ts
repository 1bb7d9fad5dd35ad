/** The ledger of an OTA whose UIDs are sound: a stay is a UID, gone for good if no later good poll has it. */
import type { Reservation } from '../../core/src/reservations/reservation.ts';
import type { CrawledEvent } from './crawl.ts';
import { dayOf, daysFrom, type Entry, type Ledger, type Listed } from './ledger.ts';

export class UidLedger implements Ledger {
  readonly #entries = new Map<string, Entry>();
  #listed: Entry[] = [];

  get entries(): Entry[] {
    return [...this.#entries.values()];
  }

  see(events: readonly CrawledEvent[], atMs: number): void {
    const stays = events.filter(({ summary }) => /^reserved/i.test(summary));
    this.#listed = stays.map(({ uid, start, end }) => {
      const entry = this.#entries.get(uid) ?? {
        name: uid,
        firstSeenMs: atMs,
        nights: new Set(),
        goneAtMs: null,
      };
      entry.nights = new Set(daysFrom(dayOf(start), dayOf(end)));
      entry.goneAtMs = null;
      this.#entries.set(uid, entry);
      return entry;
    });
    const there = new Set(this.#listed);
    for (const entry of this.#entries.values()) if (!there.has(entry)) entry.goneAtMs ??= atMs;
  }

  listed(): Listed[] {
    return this.#listed.map((entry) => ({ entry, nights: entry.nights }));
  }

  find({ uid }: Reservation): Entry[] {
    const entry = this.#entries.get(uid ?? '');
    return entry ? [entry] : [];
  }
}
