import assert from 'node:assert/strict';
import { airbnb, booking, Play } from './feed-play.ts';

const far = booking(40, 42);

describe("Booking.com's ranges", () => {
  let play: Play;
  beforeEach(() => {
    play = new Play();
    assert.deepEqual(play.poll(0, [booking(5, 8), booking(8, 10), far]), [
      'new booking 09 5-8',
      'new booking 11 8-10 turnover',
      'new booking 2026-12-13 40-42',
    ]);
  });

  it('are the same stays when they merge and when they split again', () => {
    assert.deepEqual(play.polls(1, 60, [booking(5, 10), far]), []);
    assert.deepEqual(play.polls(61, 80, [booking(5, 8), booking(8, 10), far]), []);
  });
  it('are the same stay when a running one begins anew at midnight', () => {
    for (let day = 5; day < 8; day++) {
      assert.deepEqual(play.polls(day * 24, day * 24 + 23, [booking(day, 8), booking(8, 10), far]), []);
    }
    assert.deepEqual(play.polls(8 * 24, 8 * 24 + 12, [booking(8, 10), far]), []);
  });
  it('may roll on an hour or two before the midnight of the house', () => {
    assert.deepEqual(play.polls(5 * 24 + 22, 5 * 24 + 23, [booking(6, 8), booking(8, 10), far]), []);
    assert.deepEqual(play.polls(6 * 24, 6 * 24 + 12, [booking(6, 8), booking(8, 10), far]), []);
  });
  it('are cancelled once their nights are open for most of a day', () => {
    assert.deepEqual(play.polls(1, 30, [booking(5, 8), far]), ['21: cancelled booking 11 absent']);
  });
  it('that grow have got a neighbour: whose nights they are cannot be told', () => {
    assert.deepEqual(play.poll(1, [booking(5, 12), far]), ['new booking 13 10-12 turnover']);
  });
  it('that swallow a gap have got a stay in it', () => {
    assert.deepEqual(play.poll(1, [booking(5, 13), far]), ['new booking 14 10-13 turnover']);
    assert.deepEqual(play.poll(2, [booking(5, 42)]), ['new booking 2026-12-11 13-40 turnover']);
  });
  it('that shrink shorten the stay, after the same wait', () => {
    assert.deepEqual(play.polls(1, 30, [booking(5, 7), booking(8, 10), far]), ['21: changed booking 09 5-7']);
    assert.deepEqual(play.polls(31, 60, [booking(5, 7), booking(9, 10), far]), [
      '51: changed booking 11 9-10',
    ]);
  });
  it('that shrink while the guest is there keep the nights from tonight on', () => {
    const running = new Play();
    running.poll(0, [booking(-1, 8), far]);
    assert.deepEqual(running.polls(1, 25, [booking(0, 5), far]), ['21: changed booking 09 -1-5']);
  });
  it('that lose nights one after the other wait for each night alone', () => {
    play.polls(1, 10, [booking(5, 7), booking(8, 10), far]);
    assert.deepEqual(play.polls(11, 30, [booking(5, 6), booking(8, 10), far]), [
      '21: changed booking 09 5-7',
    ]);
    assert.deepEqual(play.poll(31, [booking(5, 6), booking(8, 10), far]), ['changed booking 09 5-6']);
  });
  it('lose no night for long that is there again, whatever their other nights do', () => {
    const short = [booking(5, 7), booking(8, 10), far];
    play.polls(1, 18, short);
    play.poll(19, [booking(6, 7), booking(8, 10), far]);
    play.poll(20, [booking(5, 8), booking(8, 10), far]);
    assert.deepEqual(play.polls(21, 50, short), ['41: changed booking 09 5-7']);
  });
  it('that are opened in the middle stay whose the first part is, and the rest is another stay at once', () => {
    const split = [booking(5, 6), booking(7, 8), booking(8, 10), far];
    assert.deepEqual(play.polls(1, 40, split), ['21: changed booking 09 5-6', '21: new booking 09 #2 7-8']);
  });
  it('of which only later nights are left while the guest is there are for the host to judge', () => {
    const running = new Play();
    running.poll(0, [booking(-1, 8), far]);
    assert.deepEqual(running.polls(1, 40, [booking(3, 8), far]), ['3: ask gone booking 09']);
  });
  it('of which the first night is gone on the day of arrival are for the host to judge, too', () => {
    play.poll(100, [booking(5, 8), booking(8, 10), far]);
    assert.deepEqual(play.polls(120, 140, [booking(6, 8), booking(8, 10), far]), [
      '122: ask gone booking 09',
    ]);
  });
  it('that are taken again after that are another stay, with an id of its own', () => {
    play.polls(1, 30, [booking(5, 8), far]);
    assert.deepEqual(play.poll(31, [booking(5, 8), booking(8, 10), far]), [
      'new booking 11 #2 8-10 turnover',
    ]);
  });
  it('that vanish at the midnight before check-out are over, not asked about', () => {
    assert.deepEqual(play.polls(10 * 24, 11 * 24, [far]), []);
  });
});

describe("Booking.com's closures", () => {
  it('get no code, nor does what midnight leaves of them', () => {
    const play = new Play();
    assert.deepEqual(play.poll(0, [booking(0, 33)]), []);
    for (let day = 1; day < 33; day++)
      assert.deepEqual(play.poll(day * 24, [booking(day, 33), booking(40, 90)]), []);
  });
  it('that get a neighbour while they run have a stay beside them', () => {
    const play = new Play();
    play.poll(0, [booking(0, 33)]);
    play.poll(20 * 24, [booking(20, 33)]);
    assert.deepEqual(play.poll(20 * 24 + 1, [booking(20, 36)]), ['new booking 2026-12-07 33-36']);
  });
  it('that get a neighbour while they are to come have a stay beside them', () => {
    const play = new Play();
    play.poll(0, [booking(10, 50)]);
    assert.deepEqual(play.poll(1, [booking(7, 50)]), ['new booking 11 7-10']);
    assert.deepEqual(play.poll(2, [booking(7, 52)]), ['new booking 2026-12-23 50-52']);
    assert.deepEqual(play.polls(3, 30, [booking(7, 52)]), []);
  });
  it('that grow by a day each day, beyond a year ahead, stay closures', () => {
    const play = new Play();
    for (let day = 0; day < 5; day++) assert.deepEqual(play.poll(day * 24, [booking(60, 500 + day)]), []);
  });
  it('are none where they are stays in a row, the last of them new', () => {
    const play = new Play();
    play.poll(0, [booking(5, 20), booking(20, 30)]);
    assert.deepEqual(play.poll(1, [booking(5, 45)]), ['new booking 2026-12-16 30-45 turnover']);
  });
  it('are remembered over a calendar that is empty for once', () => {
    const play = new Play();
    play.poll(0, [booking(0, 33)]);
    play.poll(20 * 24, [booking(20, 33)]);
    assert.deepEqual(play.poll(20 * 24 + 1, []), []);
    assert.deepEqual(play.poll(20 * 24 + 2, [booking(20, 33)]), []);
  });
  it('leave their nights to a stay once they are opened', () => {
    const play = new Play();
    play.poll(0, [booking(0, 60)]);
    assert.deepEqual(play.poll(1, [booking(0, 4), booking(40, 60)]), [
      'new booking 05 0-4',
      'new booking 2026-12-31 40-60',
    ]);
  });
  it('are asked about where the host wants that, and coded at the word', () => {
    const play = new Play({ feed: { closures: 'ask' } });
    assert.deepEqual(play.poll(0, [booking(5, 8)]), ['ask closure booking 09']);
    assert.deepEqual(play.poll(1, [booking(5, 8)]), []);
    assert.deepEqual(play.say(2, 'booking 2026-11-09', 'stay'), ['new booking 09 5-8']);
    assert.deepEqual(play.say(3, 'booking 2026-11-09', 'no-stay'), ['cancelled booking 09 host']);
    assert.deepEqual(play.poll(4, [booking(5, 8)]), []);
  });
  it('are left alone where the host wants none, whatever another feed of the unit has', () => {
    const play = new Play({ feed: { closures: 'none' }, other: {} });
    assert.deepEqual(play.poll(0, [booking(5, 8)]), []);
    assert.deepEqual(play.poll(1, [airbnb('a', 20, 21)], 'other'), ['new a 20-21']);
  });
});
