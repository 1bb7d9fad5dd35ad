import assert from 'node:assert/strict';
import type { AccessCode } from '../../../core/src/access-codes/access-code.ts';
import { describeNext } from '../../../node-red-nodes/nodes/stay-code/next-arrival.mts';

const code = (from: string, to: string, withdrawnAtMs: number | null = null): AccessCode => {
  const times = { startsAtMs: Date.parse(`${from}:00Z`), endsAtMs: Date.parse(`${to}:00Z`) };
  return {
    ...{
      id: 'x',
      unitId: 'flat-a',
      keyVersion: 1,
      alphabet: 'decimal',
      reservationId: 'a',
      kind: 'stay',
      revision: 0,
    },
    ...{ ...times, stay: times, issuedAtMs: 0, leftAtMs: 0, withdrawnAtMs },
  };
};
const friday = code('2026-11-27T14:00', '2026-11-30T10:00');
const december = code('2026-12-24T14:00', '2026-12-27T10:00');
const at = (time: string): number => Date.parse(`${time}:00Z`);

describe('describeNext', () => {
  it('tells the next arrival in the zone of the property, by weekday within a week', () => {
    assert.equal(describeNext([december, friday], 'Europe/Berlin', at('2026-11-25T12:00')), 'next Fri 15:00');
    assert.equal(describeNext([december], 'Europe/Berlin', at('2026-11-25T12:00')), 'next 24 Dec');
  });
  it('tells until when the guest of today stays', () => {
    assert.equal(
      describeNext([friday, december], 'Europe/Berlin', at('2026-11-28T12:00')),
      'until Mon 11:00',
    );
  });
  it('tells nothing where no stay is to come', () => {
    assert.equal(describeNext([friday], 'UTC', at('2026-12-28T12:00')), null);
    assert.equal(
      describeNext([code('2026-11-27T14:00', '2026-11-30T10:00', 1)], 'UTC', at('2026-11-25T12:00')),
      null,
    );
  });
});
