import assert from 'node:assert/strict';
import { days } from '../feeds.ts';
import { airbnb, booking, Play } from './feed-play.ts';

const importing = { own: {}, copy: { imports: true } };
const vrbo = (from: string, to: string): string => days(`${from}@vrbo.com`, from, to, 'SUMMARY:Reserved');

describe('echoes between feeds of a unit', () => {
  let play: Play;
  beforeEach(() => {
    play = new Play(importing);
  });

  it('are no stays of their own', () => {
    assert.deepEqual(play.poll(0, [airbnb('a', 5, 8)], 'own'), ['new a 5-8']);
    assert.deepEqual(play.poll(1, [vrbo('20261106', '20261109')], 'copy'), []);
  });
  it('are two stays where no feed is known to import', () => {
    const plain = new Play();
    plain.poll(0, [airbnb('a', 5, 8)], 'own');
    assert.deepEqual(plain.poll(1, [booking(5, 8)], 'copy'), ['new booking 09 5-8', 'conflict a,booking 09']);
  });
  it('are known in merged ranges, too, and what is beside them is a stay', () => {
    play.poll(0, [airbnb('a', 5, 8), airbnb('b', 8, 10)], 'own');
    assert.deepEqual(play.poll(1, [booking(5, 10)], 'copy'), []);
    assert.deepEqual(play.poll(2, [booking(5, 12)], 'copy'), ['new booking 13 10-12 turnover']);
  });
  it('that were there first leave their id, and so the code, to the stay', () => {
    assert.deepEqual(play.poll(0, [vrbo('20261106', '20261109')], 'copy'), ['new 20261106@vrbo.com 5-8']);
    assert.deepEqual(play.poll(1, [airbnb('a', 5, 8)], 'own'), []);
    assert.deepEqual(play.poll(2, [airbnb('a', 5, 9)], 'own'), ['changed 20261106@vrbo.com 5-9']);
  });
  it('that were there first in one range with others give way to the stays', () => {
    play.poll(0, [booking(5, 10)], 'copy');
    assert.deepEqual(play.poll(1, [airbnb('a', 5, 8), airbnb('b', 8, 10)], 'own'), [
      'cancelled booking 11 echo',
      'new a 5-8',
      'new b 8-10 turnover',
    ]);
  });
  it('that outlive the stay for some hours are not news', () => {
    const rest = airbnb('o', 30, 31);
    for (const copy of [booking(5, 8), vrbo('20261106', '20261109')]) {
      play = new Play(importing);
      play.poll(0, [airbnb('a', 5, 8), rest], 'own');
      play.poll(1, [copy], 'copy');
      for (let hour = 2; hour < 8; hour++) {
        assert.deepEqual(play.poll(hour, [rest], 'own'), []);
        assert.deepEqual(play.poll(hour, [copy], 'copy'), []);
      }
      assert.deepEqual(play.poll(8, [rest], 'own').slice(0, 1), ['cancelled a absent']);
      play.poll(9, [copy], 'copy');
      assert.equal(play.belief.stays.find((stay) => stay.feedId === 'copy')?.told, true);
    }
  });
  it('of a stay that is called off in so many words are not news either', () => {
    play.poll(0, [airbnb('a', 5, 8)], 'own');
    play.poll(1, [vrbo('20261106', '20261109')], 'copy');
    assert.deepEqual(play.poll(2, [airbnb('a', 5, 8, 'SUMMARY:Reserved', 'STATUS:CANCELLED')], 'own'), [
      'cancelled a said',
    ]);
    assert.deepEqual(play.polls(3, 8, [vrbo('20261106', '20261109')], 'copy'), [
      '8: new 20261106@vrbo.com 5-8',
    ]);
  });
  it('that vanish take nothing with them', () => {
    play.poll(0, [airbnb('a', 5, 8)], 'own');
    play.poll(1, [vrbo('20261106', '20261109'), vrbo('20261120', '20261121')], 'copy');
    assert.deepEqual(play.polls(2, 10, [vrbo('20261120', '20261121')], 'copy'), []);
  });
  it('between two that import are held by the feed that says more', () => {
    const both = new Play({ own: { imports: true }, copy: { imports: true } });
    both.poll(0, [days('x', '20261106', '20261109', 'SUMMARY:Reserved - Ann')], 'own');
    assert.deepEqual(both.poll(1, [vrbo('20261106', '20261109')], 'copy'), []);
    assert.equal(both.belief.stays.find(({ feedId }) => feedId === 'copy')?.echoOf, 'x');
  });
});
