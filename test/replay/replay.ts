/**
 * `npm run replay -- FILE.jsonl.gz… [--zone ZONE]`: crawled feeds through the real engine. Each poll is made into the body that
 * the feed had, read, believed, and turned into codes that go out at once, under the default rules and the policy that codes
 * Booking.com's possible closures, too. A ledger watches each listing, without the engine, and says what should have been.
 *
 * wrongfulRevocations  stays whose code was withdrawn and that are later listed again, or at the end, with any of the nights
 *                      for which they had it. One that comes back with other nights only was moved while the feed could not
 *                      show it (beyond its horizon); its old nights were not its own any more, it gets a code for the new.
 * unforcedChanges      stays whose digits changed for a night although the nights that the feed gave them did not.
 * cancellations        `of`: stays that the crawl lists and then leaves out in every later good poll, from a poll before their
 *                      last day and with the first day at most 365 days ahead. On Booking.com's nights see night-ledger.ts.
 *                      `revoked`: of those, whose code was withdrawn; `asked`: where rule 2 wants the host's word and the host
 *                      was asked. `medianHours`: from the first good poll without the stay to the withdrawal.
 * withoutCode          listed stays with a night at whose check-in time (for the latest: at the poll that first has them) no
 *                      code of theirs was good.
 * sharedDigits         digits that two reservations had.
 *
 * Bodies without events are no evidence, for the ledger either. After its end a crawl is taken to stay as it was last, so that
 * what is in the balance is decided. Zone and house times are no part of a crawl: 15:00, 11:00 and Europe/Rome unless told.
 */
import { parseArgs } from 'node:util';
import { readCrawl } from './crawl.ts';
import { type ListingResult, ListingReplay } from './replay-listing.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { zone: { type: 'string', default: 'Europe/Rome' } },
});
if (positionals.length === 0) {
  console.error('replay: expected FILE.jsonl.gz… of the replay form');
  process.exit(2);
}

const house = { zone: values.zone, checkIn: '15:00', checkOut: '11:00' };
const results: ListingResult[] = [];
for (const path of positionals) {
  for (const [listing, polls] of readCrawl(path)) {
    const result = new ListingReplay(listing, polls, house).run(polls);
    results.push(result);
    report(`${path.split('/').at(-1) ?? path} ${listing}`, polls.length, result);
  }
}
console.log(JSON.stringify(sumUp(results)));

function report(name: string, polls: number, result: ListingResult): void {
  const { of, asked, revokedHours, codes, returned } = result;
  console.log(
    `${name}: ${polls} polls, ${codes} codes, ${of} cancellations, ${revokedHours.length} revoked, ${asked} asked` +
      (returned.length > 0 ? `, ${returned.length} came back with other nights` : ''),
  );
  for (const kind of [
    'wrongfulRevocations',
    'unforcedChanges',
    'withoutCode',
    'sharedDigits',
    'missed',
  ] as const) {
    for (const stay of result[kind]) console.log(`  ${kind}: ${stay}`);
  }
}

function sumUp(all: readonly ListingResult[]): object {
  const count = (pick: (result: ListingResult) => readonly string[]): number =>
    all.reduce((sum, result) => sum + pick(result).length, 0);
  const hours = all.flatMap(({ revokedHours }) => revokedHours).sort((a, b) => a - b);
  const middle = ((hours[(hours.length - 1) >> 1] ?? 0) + (hours[hours.length >> 1] ?? 0)) / 2;
  return {
    wrongfulRevocations: count(({ wrongfulRevocations }) => wrongfulRevocations),
    unforcedChanges: count(({ unforcedChanges }) => unforcedChanges),
    cancellations: {
      revoked: hours.length,
      asked: all.reduce((sum, { asked }) => sum + asked, 0),
      of: all.reduce((sum, { of }) => sum + of, 0),
      medianHours: Math.round(middle * 10) / 10,
    },
    withoutCode: count(({ withoutCode }) => withoutCode),
    sharedDigits: count(({ sharedDigits }) => sharedDigits),
  };
}
