import assert from 'node:assert/strict';
import { STREET_DOOR_HOUSE_RULES } from '@staycode/core';
import { answerOdds } from '../../../node-red-nodes/nodes/stay-site/odds-answer.mts';

const form = {
  ...{ zone: 'Europe/Berlin', checkInFrom: '14:00', checkInTo: '18:00' },
  ...{ checkOutFrom: '09:00', checkOutTo: '12:00', minNights: '1', maxNights: '31' },
};

describe("the odds of the site's dialog", () => {
  const doors = (more: object) => {
    const answer = answerOdds({ ...form, ...more });
    if ('error' in answer) throw new Error(answer.error);
    return answer.doors;
  };

  it('are those of the spec for one flat and for a street door at the rules of a flat', () => {
    const [flat, door] = doors({ units: '1,20', pinDigits: '0' });
    assert.ok(flat && door);
    assert.equal(Math.round(flat.oneIn / 20), Math.round(door.oneIn));
    assert.deepEqual([Math.round(door.oneIn), door.perYear.toFixed(3)], [201_821, '0.083']);
  });
  it('are those of the narrower rules with eight digits', () => {
    const [door] = doors({ ...STREET_DOOR_HOUSE_RULES, units: '20' });
    assert.ok(door && door.perYear < 0.01);
  });
  it('worsen with every night that the lock takes', () => {
    const perYear = (maxNights: string): number => doors({ maxNights, pinDigits: '0' })[0]?.perYear ?? NaN;
    assert.ok(perYear('31') < perYear('60'));
  });
  it('count the staff: one of six digits is worth five guesses in a million beside the PIN', () => {
    const oneIn = (staff: string): number => Math.round(doors({ staff })[0]?.oneIn ?? NaN);
    assert.equal(oneIn(''), 1_000_000);
    assert.equal(oneIn('8,8'), 1_000_000);
    assert.equal(oneIn('8,6'), Math.round(1_000_000 / 6));
    const [eights] = doors({ staff: Array(30).fill('8').join(), pinDigits: '8' });
    assert.equal(Math.round(eights?.oneIn ?? NaN), Math.round(10 ** 8 / 151));
  });
  it('are not worked out for more than eight doors', () => {
    const answer = answerOdds({ ...form, units: Array(200).fill('1').join() });
    assert.ok('error' in answer && answer.error.includes('expected at most 8, got 200'));
    assert.equal(doors({ units: Array(8).fill('1').join() }).length, 8);
    assert.equal(doors({ units: ['1', '2'] }).length, 2);
  });
  it('say what is wrong with rules that are none', () => {
    const answer = answerOdds({ ...form, maxNights: '' });
    assert.match('error' in answer ? answer.error : '', /nights: expected whole numbers/u);
  });
});
