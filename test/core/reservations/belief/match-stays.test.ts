import assert from 'node:assert/strict';
import { days } from '../feeds.ts';
import { airbnb, Play } from './feed-play.ts';

const other = airbnb('o', 25, 27);
const vrbo = (uid: string, from: string, to: string, guest: string): string =>
  days(`${uid}@vrbo.com`, from, to, `SUMMARY:Reserved - ${guest}`);

describe('who is who by UID', () => {
  it('tells moved times as a change, at any time, and a corrected name or phone not at all', () => {
    const play = new Play();
    play.poll(0, [airbnb('a', 5, 8), other]);
    assert.deepEqual(play.poll(1, [airbnb('a', 6, 9), other]), ['changed a 6-9']);
    assert.deepEqual(play.poll(2, [airbnb('a', 100, 101), other]), ['changed a 100-101']);
    const digits = ['SUMMARY:Reserved', 'DESCRIPTION:Phone Number (Last 4 Digits): 1234'];
    assert.deepEqual(play.poll(3, [airbnb('a', 100, 101, ...digits), other]), []);
  });
  it('tells a stay that gets shorter while the guest is there', () => {
    const play = new Play();
    play.poll(0, [airbnb('a', -1, 8), other]);
    assert.deepEqual(play.poll(1, [airbnb('a', -1, 6), other]), ['changed a -1-6']);
  });
  it('knows a reservation by its code where the UID is another', () => {
    const play = new Play();
    const code = ['SUMMARY:Reserved', 'DESCRIPTION:https://www.airbnb.com/details/HMABCDEFGH'];
    play.poll(0, [airbnb('a', 5, 8, ...code)]);
    assert.deepEqual(play.poll(1, [airbnb('z', 5, 9, ...code)]), ['changed a 5-9']);
  });
  it('takes a new UID on the same dates for the same stay, but not where names differ', () => {
    const play = new Play();
    play.poll(0, [vrbo('1', '20261106', '20261109', 'Ann'), other]);
    assert.deepEqual(play.poll(1, [vrbo('2', '20261106', '20261109', 'Ann'), other]), []);
    assert.match(
      play.poll(2, [vrbo('3', '20261106', '20261109', 'Bob'), other]).join(),
      /^new 3@vrbo.com 5-8/,
    );
  });
  it("takes a new UID of Airbnb's on the same dates for another guest", () => {
    const play = new Play();
    play.poll(0, [airbnb('a', 5, 8), other]);
    assert.deepEqual(play.poll(1, [airbnb('b', 5, 8), other]), ['new b 5-8 instead of a']);
  });
  it('never matches by the digits of a phone', () => {
    const play = new Play();
    const digits = ['SUMMARY:Reserved', 'DESCRIPTION:Phone Number (Last 4 Digits): 1234'];
    play.poll(0, [airbnb('a', 5, 8, ...digits), other]);
    assert.deepEqual(play.poll(1, [airbnb('b', 10, 12, ...digits), other]), ['new b 10-12']);
  });
  it('knows by overlap which of two stays with one UID has left', () => {
    for (const [left, gone] of [
      [airbnb('a', 5, 9), 'a 11/'],
      [airbnb('a', 10, 13), 'a 06/'],
    ] as const) {
      const play = new Play();
      play.poll(0, [airbnb('a', 5, 8), airbnb('a', 10, 12), other]);
      assert.equal(play.poll(1, [left, other]).length, 1);
      assert.equal(play.belief.stays.filter(({ missing }) => missing !== null).length, 1);
      const said = play.polls(2, 8, [left, other]);
      assert.equal(said.length, 1);
      assert.ok(said[0]?.startsWith(`7: cancelled ${gone}`), said[0]);
    }
  });
  it('keeps the id of a stay whose UID others come to share', () => {
    const play = new Play();
    play.poll(0, [airbnb('a', 5, 8)]);
    assert.deepEqual(
      play.poll(1, [airbnb('a', 5, 8), airbnb('a', 10, 12)]).map((line) => line.slice(0, 5)),
      ['new a'],
    );
    assert.deepEqual(play.poll(2, [airbnb('a', 5, 8)]), []);
  });
});

describe('stays beside each other', () => {
  it('flags a turnover on the day', () => {
    const play = new Play();
    assert.deepEqual(play.poll(0, [airbnb('a', 5, 8), airbnb('b', 8, 9)]), [
      'new a 5-8',
      'new b 8-9 turnover',
    ]);
  });
  it('tells of nights that are sold twice, once', () => {
    const play = new Play();
    const feed = [airbnb('a', 5, 8), airbnb('b', 7, 9)];
    assert.deepEqual(play.poll(0, feed), ['new a 5-8', 'new b 7-9', 'conflict a,b']);
    assert.deepEqual(play.poll(1, feed), []);
  });
  it('names the vanished stay whose nights were sold again, on the day of arrival, too', () => {
    const play = new Play();
    play.poll(112, [airbnb('a', 5, 8), other]);
    assert.deepEqual(play.poll(113, [airbnb('b', 5, 6), other]), ['new b 5-6 instead of a']);
    assert.deepEqual(play.polls(114, 120, [airbnb('b', 5, 6), other]), ['115: ask gone a']);
  });
  it('tells again of a stay whose nights become free by a vanishing', () => {
    const play = new Play();
    play.poll(0, [airbnb('a', 5, 8), airbnb('b', 7, 9), other]);
    assert.deepEqual(play.poll(1, [airbnb('b', 7, 9), other]), ['changed b 7-9 instead of a']);
  });
});
