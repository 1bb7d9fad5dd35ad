import assert from 'node:assert/strict';
import { foreseePinDigits } from '../../../core/src/messages/short-pin.ts';

const code = { digits: '952791427294', startsAtMs: 100, endsAtMs: 200 };

describe('foreseePinDigits', () => {
  it('promises the PIN that nobody else has', () => {
    assert.equal(foreseePinDigits(code, [], 6), 6);
    assert.equal(foreseePinDigits(code, [{ ...code, digits: '952792427294' }], 6), 6);
  });
  it('promises none that another code has in the same hours', () => {
    const rival = { digits: '952791000000', startsAtMs: 150, endsAtMs: 250 };
    assert.equal(foreseePinDigits(code, [rival], 6), 0);
    assert.equal(foreseePinDigits(code, [rival], 8), 8);
    assert.equal(foreseePinDigits(code, [{ ...rival, startsAtMs: 200 }], 6), 6);
    assert.equal(foreseePinDigits(code, [{ ...rival, startsAtMs: 50, endsAtMs: 100 }], 6), 6);
  });
});
