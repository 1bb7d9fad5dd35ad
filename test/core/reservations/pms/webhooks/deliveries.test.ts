import assert from 'node:assert/strict';
import {
  type Deliveries,
  isRepeated,
  rememberDelivery,
} from '../../../../../core/src/reservations/pms/webhooks/deliveries.ts';

const HOUR_MS = 3_600_000;

describe('deliveries', () => {
  it("knows a sender's id again for two days", () => {
    const seen = rememberDelivery([], 'a', 0);
    assert.equal(isRepeated(seen, 'a', 48 * HOUR_MS), true);
    assert.equal(isRepeated(seen, 'a', 48 * HOUR_MS + 1), false);
    assert.equal(isRepeated(seen, 'b', 0), false);
  });

  it('drops what is older, and keeps one of each', () => {
    const seen = rememberDelivery(rememberDelivery([], 'a', 0), 'b', HOUR_MS);
    assert.deepEqual(rememberDelivery(seen, 'a', 2 * HOUR_MS), [
      { id: 'b', atMs: HOUR_MS },
      { id: 'a', atMs: 2 * HOUR_MS },
    ]);
    assert.deepEqual(
      rememberDelivery(seen, 'c', 48 * HOUR_MS + 1).map(({ id }) => id),
      ['b', 'c'],
    );
  });

  it('keeps 2,000 at most, the latest ones', () => {
    let seen: Deliveries = [];
    for (let count = 0; count < 2010; count++) seen = rememberDelivery(seen, String(count), count);
    assert.equal(seen.length, 2000);
    assert.deepEqual([seen[0]?.id, seen.at(-1)?.id], ['10', '2009']);
  });
});
