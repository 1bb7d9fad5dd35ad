import assert from 'node:assert/strict';
import { readPayment } from '../../../../core/src/reservations/pms/payment.ts';
import type { PaymentMapping } from '../../../../core/src/reservations/pms/mapping.ts';

const mapping: PaymentMapping = {
  state: { path: 'state', words: { Yes: 'paid', No: 'unpaid' } },
  total: 'total',
  paid: 'paid',
  balance: 'balance',
};

function judge(record: object): string {
  const { state, judgedBy } = readPayment({ pms: 'x', within: [record], body: record }, mapping);
  return `${state} by ${judgedBy}`;
}

describe('payment', () => {
  it('takes the word of the PMS before amounts', () => {
    assert.equal(judge({ state: 'yes' }), 'paid by word');
    // City tax is often paid on the spot.
    assert.equal(judge({ state: 'Yes', balance: 3.5, paid: 296.5 }), 'paid by word');
    assert.equal(judge({ state: 'no', balance: 0, total: 9 }), 'unpaid by word');
  });

  it('believes no word that all amounts deny', () => {
    assert.equal(judge({ state: 'Yes', total: 300, paid: 0 }), 'unknown by amounts');
  });

  it('judges by amounts where there is no word that it knows', () => {
    assert.equal(judge({ state: 'perhaps', total: 300, paid: '300.00' }), 'paid by amounts');
    assert.equal(judge({ total: 300, paid: 299.99 }), 'part by amounts');
    assert.equal(judge({ total: 300, paid: 0 }), 'unpaid by amounts');
    assert.equal(judge({ total: 0.3, paid: 0.1 + 0.2 - 1e-9 }), 'paid by amounts');
    assert.equal(judge({ balance: 0 }), 'paid by amounts');
    assert.equal(judge({ balance: -5 }), 'paid by amounts');
    assert.equal(judge({ balance: 100, total: 300 }), 'part by amounts');
    assert.equal(judge({ balance: 300 }), 'unpaid by amounts');
  });

  it('takes amounts that were never filled in, or miss one half, for unknown', () => {
    for (const record of [{}, { total: 300 }, { paid: 300 }, { total: 0, paid: 0 }, { total: 0, balance: 0 }])
      assert.equal(judge(record), 'unknown by nothing');
  });

  it('sums up charges and payments, refunds among them', () => {
    const ledger = { list: 'items', kind: 'type', charge: 'c', payment: 'p', amount: 'sum', quantity: 'n' };
    const read = (items: unknown, price = 0): string => {
      const record = { items, price };
      const payment = readPayment({ pms: 'x', within: [record], body: record }, { total: 'price', ledger });
      return `${payment.state} ${payment.paid ?? '-'}/${payment.total ?? '-'}`;
    };
    const charge = { type: 'c', sum: 100, n: 3 };
    assert.equal(read([charge, { type: 'p', sum: 300 }, { type: 'note' }]), 'paid 300/300');
    assert.equal(read([charge, { type: 'p', sum: 300 }, { type: 'p', sum: -300 }]), 'unpaid 0/300');
    assert.equal(read([{ type: 'p', sum: 100 }], 300), 'part 100/300');
    assert.equal(read([], 300), 'unpaid 0/300');
    assert.equal(read(undefined, 300), 'unknown -/300');
  });
});
