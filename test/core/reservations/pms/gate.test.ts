import assert from 'node:assert/strict';
import { gate, type GateOverride } from '../../../../core/src/reservations/pms/gate.ts';
import { BODIES, context, PMS_NAMES, readBody, reservationOf, type Variation } from './bodies.ts';

const override: GateOverride = { by: 'Hanna', atMs: 1_793_000_000_000, why: 'pays in cash on arrival' };

function reasonOf(pms: (typeof PMS_NAMES)[number], variation: Variation): string {
  const answer = gate(readBody(pms, variation));
  return answer.pass ? 'pass' : answer.reason;
}

describe('paid gate', () => {
  // Hospitable tells nothing of what guests pay; see below.
  for (const pms of PMS_NAMES.filter((name) => name !== 'hospitable')) {
    it(`opens for ${pms} when it is paid, and closes at a refund`, () => {
      const states = ['unpaid', 'paid', 'refunded', 'unknown'] as const;
      assert.deepEqual(
        states.map((money) => reasonOf(pms, { money })),
        ['unpaid', 'pass', 'unpaid', 'payment-unknown'],
      );
      assert.equal(reasonOf(pms, { money: 'paid', isCancelled: true }), 'cancelled');
    });
  }

  for (const pms of ['guesty', 'beds24', 'lodgify', 'cloudbeds', 'qloapps'] as const) {
    it(`stays shut for ${pms} when a part is paid`, () => {
      assert.equal(reasonOf(pms, { money: 'part' }), 'part-paid');
    });
  }

  it('holds what Hospitable sends until the channel is named as one that collects', () => {
    assert.equal(reasonOf('hospitable', {}), 'payment-unknown');
    const trusting = { ...context, prepaidChannels: ['Airbnb'] };
    const reservation = readBody('hospitable', {}, trusting);
    assert.equal(reservation.payment.judgedBy, 'channel');
    assert.deepEqual(gate(reservation), { pass: true, override: null });
    assert.equal(gate(readBody('hospitable', { isCancelled: true }, trusting)).pass, false);
    assert.equal(gate(readBody('hostaway', { money: 'unpaid' }, trusting)).pass, false);
  });

  it('tells the host why, with the amounts', () => {
    const answer = gate(readBody('guesty', { money: 'part' }));
    assert(!answer.pass);
    assert.equal(answer.message, 'A part is paid. (paid 100.00, due 200.00 EUR)');
    const unknown = gate(readBody('hospitable', {}));
    assert(!unknown.pass && unknown.message.startsWith('hospitable does not tell whether this is paid'));
  });

  it("opens on the host's word, which it keeps", () => {
    for (const money of ['unpaid', 'part', 'unknown'] as const)
      assert.deepEqual(gate(readBody('guesty', { money }), override), { pass: true, override });
    assert.deepEqual(gate(readBody('guesty', { money: 'paid' }), override), { pass: true, override: null });
  });

  it("opens for nothing that is cancelled, asked or without a room, whatever the host's word", () => {
    const reservation = readBody('guesty', { money: 'paid' });
    for (const changes of [{ status: 'cancelled' }, { status: 'enquiry' }, { rooms: [] }] as const)
      assert.equal(gate({ ...reservation, ...changes }, override).pass, false);
    const waiting = { ...reservation, status: 'tentative' as const };
    assert.deepEqual([gate(waiting).pass, gate(waiting, override).pass], [false, true]);
    const unassigned = { data: { ...(BODIES.cloudbeds({ money: 'paid' }).data as object), assigned: [] } };
    const answer = gate(reservationOf('cloudbeds', unassigned));
    assert(!answer.pass && answer.reason === 'no-room');
  });

  it('refuses an override that does not say who and why', () => {
    const reservation = readBody('guesty', { money: 'unpaid' });
    for (const [field, value] of [
      ['by', ' '],
      ['why', ''],
      ['atMs', NaN],
    ] as const)
      assert.throws(() => gate(reservation, { ...override, [field]: value }), {
        code: 'bad-message',
        message: `override: ${field}: expected who decided, when and why`,
      });
  });
});
