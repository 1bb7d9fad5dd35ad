import assert from 'node:assert/strict';
import { NO_BELIEF, parseBelief } from '../../../../core/src/reservations/belief/belief.ts';
import { airbnb, Play } from './feed-play.ts';

const a = airbnb('a', 5, 8);
const b = airbnb('b', 10, 12);
const c = airbnb('c', 20, 22);
const block = airbnb('x', 3, 4, 'SUMMARY:Airbnb (Not available)');
const broken = airbnb('a', 9, 8, 'SUMMARY:Reserved');

describe('absence from a feed', () => {
  let play: Play;
  beforeEach(() => {
    play = new Play();
    play.poll(0, [a, b, c, block]);
  });

  it('tells each stay once, and neither blocks nor tentative time nor what is over', () => {
    const fresh = new Play();
    const tentative = airbnb('y', 3, 4, 'SUMMARY:Reserved', 'STATUS:TENTATIVE');
    assert.deepEqual(fresh.poll(0, [a, block, tentative, airbnb('z', -4, -1)]), ['new a 5-8']);
    assert.deepEqual(fresh.poll(1, [a, block, tentative]), []);
  });
  it('believes a cancellation after six hours and three good polls', () => {
    assert.deepEqual(play.polls(1, 12, [b, c]), ['7: cancelled a absent']);
  });
  it('believes two misses in no time', () => {
    assert.deepEqual(play.poll(1, [b, c]), []);
    assert.deepEqual(play.poll(40, [b, c]), []);
    assert.deepEqual(play.poll(41, [b, c]), ['cancelled a absent']);
  });
  it('starts to count again once the stay is back', () => {
    play.polls(1, 6, [b, c]);
    play.poll(7, [a, b, c]);
    assert.deepEqual(play.polls(8, 13, [b, c]), []);
  });
  it('takes no failed poll for evidence, nor for a poll', () => {
    play.poll(1, [b, c]);
    play.poll(2, [b, c]);
    for (let hour = 3; hour < 30; hour++) play.poll(hour, null);
    assert.deepEqual(play.poll(30, [b, c]), ['cancelled a absent', 'recovered']);
  });
  it('holds everything for a calendar without events, however long, and says so once', () => {
    assert.deepEqual(play.poll(1, []), ['suspect empty a,b,c']);
    assert.deepEqual(play.polls(2, 4, []), []);
    assert.equal(play.belief.stays.length, 3);
    assert.deepEqual(play.poll(5, [a, b, c]), ['recovered']);
  });
  it('takes a calendar without events for good where nothing was known', () => {
    assert.deepEqual(new Play().poll(0, []), []);
  });
  it('holds two that vanish at once for most of a day, and says so', () => {
    assert.deepEqual(play.polls(1, 30, [c, block]), [
      '1: suspect together a,b',
      '21: cancelled a absent',
      '21: cancelled b absent',
      '21: recovered',
    ]);
  });
  it('holds three that vanish at once for longer still', () => {
    assert.deepEqual(play.polls(1, 30, [block]), ['1: suspect together a,b,c']);
  });
  it('holds no event against a stay whose own event could not be read', () => {
    assert.deepEqual(play.polls(1, 30, [broken, b, c]), ['1: unreadable a']);
    assert.deepEqual(play.polls(31, 40, [broken, b]), ['37: cancelled c absent']);
  });
  it('tells of an event that could not be read, once, and again once it was mended and is broken again', () => {
    assert.deepEqual(play.poll(1, [broken, b, c]), ['unreadable a']);
    assert.deepEqual(play.polls(2, 4, [broken, b, c]), []);
    assert.deepEqual(play.poll(5, [a, b, c]), []);
    assert.deepEqual(play.poll(6, [broken, b, c]), ['unreadable a']);
  });
  it('asks the host within a day of arrival, once, and keeps the stay', () => {
    assert.deepEqual(play.polls(5 * 24 - 8, 5 * 24 + 80, [b, c]), ['114: ask gone a']);
  });
  it('asks during a stay, and forgets the question once the stay is back', () => {
    play.poll(130, [a, b, c]);
    assert.deepEqual(play.polls(131, 140, [b, c]), ['133: ask gone a']);
    play.poll(141, [a, b, c]);
    assert.deepEqual(play.polls(142, 150, [b, c]), ['144: ask gone a']);
  });
  it('asks also where the wait for several would end within a day of arrival', () => {
    assert.deepEqual(play.polls(95, 120, [c, block]), [
      '95: suspect together a,b',
      '111: ask gone a',
      '115: cancelled b absent',
    ]);
  });
  it('drops a stay that is over without a word', () => {
    assert.deepEqual(play.poll(9 * 24, [b, c]), []);
    assert.equal(play.belief.stays.length, 2);
  });
  it('misses nothing beyond the horizon, but what came back from there into sight', () => {
    const far = airbnb('far', 365, 370);
    play.poll(1, [a, b, c, far]);
    assert.deepEqual(play.polls(2, 20, [a, b, c]), []);
    assert.deepEqual(play.polls(40, 50, [a, b, c]), ['46: cancelled far absent']);
  });
  it("takes the calendar's own word at once, but asks within a day of arrival", () => {
    const off = airbnb('a', 5, 8, 'SUMMARY:Reserved', 'STATUS:CANCELLED');
    assert.deepEqual(play.poll(1, [off, b, c]), ['cancelled a said']);
    const late = new Play();
    late.poll(0, [a, b]);
    assert.deepEqual(late.poll(4 * 24 + 16, [off, b]), ['ask gone a']);
    assert.deepEqual(late.poll(4 * 24 + 17, [off, b]), []);
  });
  it('says when a feed is stale, once, and when it is back', () => {
    const said = [1, 5, 6, 7, 8].map((hour) => play.poll(hour, null));
    assert.deepEqual(said, [[], [], ['stale'], [], []]);
    assert.deepEqual(play.poll(9, [a, b, c]), ['recovered']);
  });
  it('says that a feed is stale that never was good', () => {
    const never = new Play();
    never.poll(0, null);
    assert.deepEqual(never.poll(6, null), ['stale']);
  });
});

describe("the host's word", () => {
  it('ends a stay that vanished, which is new should it come back', () => {
    const play = new Play();
    play.poll(120, [a, b]);
    play.polls(121, 124, [b]);
    assert.deepEqual(play.say(124, 'a@airbnb.com', 'no-stay'), ['cancelled a host']);
    assert.deepEqual(play.poll(125, [b]), []);
    assert.deepEqual(play.poll(126, [a, b]), ['new a 5-8']);
  });
  it('keeps a stay that vanished, without another question', () => {
    const play = new Play();
    play.poll(0, [a, b]);
    play.poll(1, [b]);
    assert.deepEqual(play.say(2, 'a@airbnb.com', 'stay'), []);
    assert.deepEqual(play.polls(3, 140, [b]), []);
  });
});

describe('a belief that was kept', () => {
  it('is gone on with, and read anew where it is of another version', () => {
    const play = new Play();
    play.poll(0, [a, b]);
    assert.deepEqual(parseBelief(JSON.stringify(play.belief)), play.belief);
    assert.deepEqual(parseBelief(JSON.stringify({ ...play.belief, version: 1 })), NO_BELIEF);
  });
});
