import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AccessCode } from '../../../core/src/access-codes/access-code.ts';
import { DEFAULT_OUTBOX_POLICY } from '../../../core/src/access-codes/outbox.ts';
import { WEBHOOK_GIVE_UP_MS } from '../../../core/src/access-codes/webhooks/retries.ts';
import { type AccessCodeStore, openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import { CODE, ISSUED_MS } from '../access-codes/record-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const policy = DEFAULT_OUTBOX_POLICY;

describe('the webhooks of a register', () => {
  let path: string;
  let store: AccessCodeStore;
  let nowMs: number;

  const open = (): AccessCodeStore => openAccessCodeStore(path, () => nowMs);
  const issue = (code: AccessCode = CODE): void => {
    store.changeUnit(code.unitId, () => ({ put: [code] }));
  };
  const types = (endpointId = 'a'): string[] =>
    store.webhooks.listPending(endpointId, 99).map(({ change }) => change.type.replace('access_code.', ''));
  const takeAll = (): string[] => {
    const taken = types();
    for (const { change } of store.webhooks.listPending('a', 99))
      store.webhooks.markDelivered({ endpointId: 'a', eventId: change.eventId });
    return taken;
  };

  beforeEach(() => {
    path = join(scratchFolder(), 'register.sqlite');
    nowMs = ISSUED_MS;
    store = open();
  });
  afterEach(() => {
    store.close();
    removeScratch();
  });

  it('tell of each step of a code, from whichever part of the register it comes', () => {
    store.webhooks.subscribe('a');
    issue();
    assert.deepEqual(takeAll(), ['created']);
    store.outbox.queue('flat-a', { policy, nowMs, newId: () => 'm' });
    assert.deepEqual(takeAll(), ['changed']);
    const claimed = store.outbox.claimNext(nowMs, policy);
    assert.deepEqual(takeAll(), ['changed']);
    store.outbox.markSent(claimed!.message.id, nowMs);
    assert.deepEqual(takeAll(), ['changed', 'set_on_device']);
    const use = { type: 'entry', outcome: 'opened', code: CODE, atMs: CODE.startsAtMs + 1000 };
    const entry = { lockId: 'door', logId: 'l', seq: 1, record: use };
    store.uses.take([entry] as unknown as Parameters<AccessCodeStore['uses']['take']>[0]);
    const [verified] = store.webhooks.listPending('a', 9);
    assert.equal(verified?.change.after?.staycode.verified_at, '2026-11-27T14:00:01Z');
    assert.deepEqual(takeAll(), ['changed']);
    nowMs = CODE.endsAtMs;
    store.webhooks.look();
    assert.deepEqual(takeAll(), ['changed', 'removed_from_device']);
    store.webhooks.look();
    issue({ ...CODE, leftAtMs: ISSUED_MS });
    assert.deepEqual(takeAll(), []);
  });

  it('tell of nothing that was so before anybody asked, and note nothing for nobody', () => {
    issue();
    store.webhooks.subscribe('a');
    store.webhooks.subscribe('b');
    issue({ ...CODE, leftAtMs: ISSUED_MS });
    assert.deepEqual(
      [types('a'), types('b')].map((one) => one[0]),
      ['changed', 'changed'],
    );
    store.webhooks.unsubscribe('a');
    assert.deepEqual(types('a'), []);
    assert.notDeepEqual(types('b'), []);
    store.webhooks.unsubscribe('b');
    store.changeUnit('flat-a', () => ({ forget: [CODE] }));
    store.webhooks.subscribe('b');
    assert.deepEqual(types('b'), []);
  });

  it('are not noted where the change is not made', () => {
    store.webhooks.subscribe('a');
    assert.throws(() => {
      store.changeUnit('flat-a', () => ({ put: [CODE, { ...CODE, id: 'twin' }] }));
    });
    store.webhooks.look();
    assert.deepEqual(types(), []);
  });

  it('outlive the program, and wait in the order of a code’s changes but not for another code', () => {
    store.webhooks.subscribe('a');
    issue();
    issue({ ...CODE, leftAtMs: ISSUED_MS });
    const day = 86_400_000;
    issue({
      ...CODE,
      id: 'other',
      reservationId: 's',
      startsAtMs: CODE.startsAtMs + 9 * day,
      endsAtMs: CODE.endsAtMs + 9 * day,
    });
    store.close();
    store = open();
    const due = (): string[] => store.webhooks.listDue('a', nowMs, 9).map(({ change }) => change.type);
    assert.deepEqual(due(), ['access_code.created', 'access_code.created']);
    const [first] = store.webhooks.listDue('a', nowMs, 9);
    const attempt = { endpointId: 'a', eventId: first!.change.eventId, nowMs };
    assert.equal(store.webhooks.markFailed(attempt, null), true);
    assert.deepEqual(due(), ['access_code.created']);
    nowMs += 5_000;
    assert.equal(store.webhooks.listDue('a', nowMs, 9)[0]?.tries, 1);
    store.webhooks.markDelivered(attempt);
    assert.deepEqual(due(), ['access_code.changed', 'access_code.created']);
  });

  it('are given up after five days, and do not pile up for a receiver that never comes back', () => {
    store.webhooks.subscribe('a');
    issue();
    const [first] = store.webhooks.listDue('a', nowMs, 9);
    const attempt = { endpointId: 'a', eventId: first!.change.eventId };
    nowMs += WEBHOOK_GIVE_UP_MS;
    assert.equal(store.webhooks.markFailed({ ...attempt, nowMs }, null), false);
    assert.equal(store.webhooks.countPending('a'), 0);
    issue({ ...CODE, leftAtMs: ISSUED_MS });
    assert.deepEqual(types(), ['changed', 'set_on_device']);
    nowMs += 2 * WEBHOOK_GIVE_UP_MS + 1;
    store.webhooks.look();
    assert.deepEqual(types(), ['changed', 'removed_from_device']);
    assert.equal(store.webhooks.countPending('a'), 2);
  });
});
