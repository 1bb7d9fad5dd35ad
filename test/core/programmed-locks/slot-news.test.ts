import assert from 'node:assert/strict';
import { listSlotNews, UNTOLD_SLOT } from '../../../core/src/programmed-locks/slot-news.ts';
import type { SlotRecord } from '../../../core/src/programmed-locks/slot-record.ts';

const record: SlotRecord = {
  ...{ lockId: 'door', accessCodeId: 'a', pinFrom: 'a', pinChoice: 0, slot: 3 },
  ...{ window: { startsAtMs: 0, endsAtMs: 9 }, setAtMs: 1, sent: { command: 'set', atMs: 1 }, tries: 1 },
  ...{ toldAtMs: null, clearedAtMs: null, failure: null },
};

describe('listSlotNews', () => {
  it('tells a PIN once the lock has it, and again only where it is another one', () => {
    const set = { ...record, toldAtMs: 5 };
    const first = listSlotNews(set, UNTOLD_SLOT);
    assert.deepEqual(first.news, [{ news: 'set' }]);
    const lost = listSlotNews(record, first.told);
    assert.deepEqual([lost.news, listSlotNews(set, lost.told).news], [[], []]);
    assert.deepEqual(listSlotNews({ ...set, pinChoice: 1 }, lost.told).news, [{ news: 'set' }]);
  });
  it('tells each failure once, and that it is mended', () => {
    const failed = { ...record, failure: { message: 'no answer', atMs: 4 } };
    const { news, told } = listSlotNews(failed, UNTOLD_SLOT);
    assert.deepEqual(news, [{ news: 'failed', message: 'no answer' }]);
    assert.deepEqual(listSlotNews(failed, told).news, []);
    const other = { ...record, failure: { message: 'full', atMs: 5 } };
    assert.deepEqual(listSlotNews(other, told).news, [{ news: 'failed', message: 'full' }]);
    assert.deepEqual(listSlotNews({ ...record, toldAtMs: 6 }, told).news, [
      { news: 'set' },
      { news: 'mended' },
    ]);
  });
});
