import assert from 'node:assert/strict';
import { inherit } from '../../../../core/src/reservations/belief/inherit.ts';
import { readReservations } from '../../../../core/src/reservations/read-reservations.ts';
import { calendar } from '../feeds.ts';
import { airbnb, booking, HOUSE, Play, START_MS } from './feed-play.ts';

const a = airbnb('a', 5, 8);
const aLonger = airbnb('a', 5, 9);
const b = airbnb('b', 10, 12);

/** The feed of a node that was made anew takes over what it can, then is read. */
function pollAnew(
  play: Play,
  hour: number,
  events: readonly string[],
  flow: readonly string[] = [],
): string[] {
  play.belief = inherit(play.belief, {
    ...{ feedId: 'anew', hasFeed: (id) => id === 'anew' || flow.includes(id) },
    ...{ reading: readReservations(calendar(...events), HOUSE), house: HOUSE, nowMs: START_MS },
  });
  return play.poll(hour, events, 'anew');
}

describe('the feed of a node that was made anew', () => {
  let play: Play;
  beforeEach(() => {
    play = new Play();
    play.poll(0, [a, b]);
  });

  it('has the stays of the one before: their changes are theirs, and so is their end', () => {
    assert.deepEqual(pollAnew(play, 1, [aLonger, b]), ['changed a 5-9']);
    assert.deepEqual(play.polls(2, 12, [b], 'anew'), ['8: cancelled a absent']);
    assert.deepEqual(Object.keys(play.belief.feeds), ['anew']);
  });
  it('has them also where it was read beside the other before that one was deleted', () => {
    assert.deepEqual(play.poll(1, [a, b], 'anew').filter((line) => line.startsWith('new')).length, 2);
    assert.deepEqual(pollAnew(play, 2, [aLonger, b]), ['changed a 5-9']);
    assert.equal(play.belief.stays.length, 2);
    const gone = play.belief.gone.map(({ id }) => id);
    // The third is of the nights that the changed stay had.
    assert.deepEqual(gone, ['a@airbnb.com #2', 'b@airbnb.com #2', 'a@airbnb.com']);
    assert.deepEqual(play.belief.conflicts, []);
  });
  it('knows those of Booking.com by their nights', () => {
    const [one, other] = [new Play(), new Play()];
    for (const each of [one, other]) each.poll(0, [booking(5, 8), booking(10, 12)]);
    const next = [booking(5, 8), booking(10, 13)];
    assert.deepEqual(pollAnew(one, 1, next), other.poll(1, next));
    assert.deepEqual(one.polls(2, 12, [booking(10, 13)], 'anew'), other.polls(2, 12, [booking(10, 13)]));
  });
  it('keeps another guest, whom Airbnb sold the same nights, and takes no copy of them in another calendar for proof', () => {
    play.poll(1, [airbnb('other', 5, 8), b], 'anew');
    pollAnew(play, 2, [airbnb('other', 5, 8), b]);
    const ids = play.belief.stays.map(({ reservation }) => reservation.id);
    assert.ok(ids.includes('other@airbnb.com'));
    const copies = new Play();
    copies.poll(0, [booking(5, 8), booking(10, 12)]);
    copies.poll(1, [booking(20, 22)], 'anew');
    pollAnew(copies, 2, [booking(20, 22), booking(5, 8)]);
    assert.equal(copies.belief.stays.filter(({ feedId }) => feedId === 'feed').length, 2);
  });
  it('takes nothing from a feed that the flow still has, nor from one of which it lists nothing', () => {
    const before = play.belief;
    pollAnew(play, 1, [a], ['feed']);
    assert.deepEqual(
      play.belief.stays.filter(({ feedId }) => feedId === 'feed'),
      before.stays,
    );
    play.belief = before;
    pollAnew(play, 1, [airbnb('z', 20, 22)]);
    assert.deepEqual(
      play.belief.stays.filter(({ feedId }) => feedId === 'feed'),
      before.stays,
    );
  });
});
