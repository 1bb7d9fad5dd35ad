import assert from 'node:assert/strict';
import type { AccessCode } from '@staycode/core';
import { foreseePin, type ForeseenPin } from '../../../core/src/programmed-locks/foresee-pin.ts';
import { planLock } from '../../../core/src/programmed-locks/plan.ts';
import { type SlotRecord, UNSEEN_LOCK } from '../../../core/src/programmed-locks/slot-record.ts';
import { nukiHubLock } from '../../../core/src/programmed-locks/targets/nuki-hub.ts';
import { zigbee2mqttLock } from '../../../core/src/programmed-locks/targets/zigbee2mqtt.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 11, 1, 12);
const nuki = nukiHubLock({ topic: 'nuki', zone: 'UTC', count: 5 });
const zigbee = zigbee2mqttLock({ topic: 'z', slots: { first: 1, count: 5 } });

const codeOf = (id: string, changes: Partial<AccessCode> = {}): AccessCode => {
  const window = { startsAtMs: NOW_MS - 24 * HOUR_MS, endsAtMs: NOW_MS + 24 * HOUR_MS };
  return {
    ...{ id, unitId: 'flat', keyVersion: 1, alphabet: 'decimal', reservationId: 'stay', kind: 'stay' },
    ...{ revision: 0, ...window, stay: window, issuedAtMs: NOW_MS, leftAtMs: NOW_MS, withdrawnAtMs: null },
    ...changes,
  };
};
const FIRST = codeOf('first');
const DIGITS = new Map([
  ['first', '102030405060'],
  ['second', '345678912345'],
]);
const digitsOf = ({ id }: AccessCode): string => DIGITS.get(id) ?? '';
const foresee = (
  code: AccessCode,
  more: Partial<Parameters<typeof foreseePin>[0]> = {},
): ForeseenPin | null =>
  foreseePin({
    ...{ code, codes: [FIRST, code], records: [], limits: zigbee.pinLimits, digitsOf, nowMs: NOW_MS },
    ...more,
  });
/** What the lock's plan decides now. */
const plan = (target: typeof nuki, codes: readonly AccessCode[], records: readonly SlotRecord[] = []) => {
  const known = codes.map((code) => ({ code, digits: digitsOf(code) }));
  const slots = new Map(
    [1, 2].map((slot) => [slot, { entry: null, atMs: NOW_MS, freeSinceMs: 0, isSure: true }]),
  );
  const view = { ...UNSEEN_LOCK, slots, listedAtMs: NOW_MS };
  return planLock({ lockId: 'door', target, codes: known, records, view, nowMs: NOW_MS });
};

describe('the PIN that a guest is told before the lock has it', () => {
  it('is the first six digits where the lock takes them', () => {
    assert.deepEqual(foresee(FIRST), { pin: '102030', isKept: false });
  });
  it('is the one that the lock will be given where its limits forbid them', () => {
    const foreseen = foresee(FIRST, { limits: nuki.pinLimits });
    const [set] = plan(nuki, [FIRST]).commands;
    assert.equal(set?.do, 'set');
    assert.match(foreseen?.pin ?? '', /^[1-9]{6}$/u);
    assert.equal(foreseen?.pin, set.pin);
  });
  it('is the one that the lock was given', () => {
    const { records } = plan(zigbee, [FIRST]);
    const taken = records.map((record) => ({ ...record, pinChoice: 3 }));
    const foreseen = foresee(FIRST, { records: taken });
    assert.notEqual(foreseen?.pin, '102030');
    assert.deepEqual(foresee(FIRST, { records: taken.map((one) => ({ ...one, clearedAtMs: NOW_MS })) }), {
      pin: '102030',
      isKept: false,
    });
  });
  it('stays that of a guest who is in the house when the stay is changed, before and after the lock’s turn', () => {
    const { records } = plan(zigbee, [FIRST]);
    const second = codeOf('second', { kind: 'amendment', revision: 1 });
    const codes = [{ ...FIRST, withdrawnAtMs: NOW_MS }, second];
    const kept = { pin: '102030', isKept: true };
    assert.deepEqual(foresee(second, { codes, records }), kept);
    const after = plan(zigbee, codes, records).records;
    assert.deepEqual(
      after.map(({ accessCodeId }) => accessCodeId),
      ['second'],
    );
    assert.deepEqual(foresee(second, { codes, records: after }), kept);
  });
  it('is another one where the guest was not there yet', () => {
    const late = { startsAtMs: NOW_MS + HOUR_MS / 2, endsAtMs: NOW_MS + 24 * HOUR_MS };
    const first = codeOf('first', late);
    const { records } = plan(zigbee, [first]);
    assert.equal(records.length, 1);
    const second = codeOf('second', { ...late, kind: 'amendment', revision: 1 });
    const codes = [{ ...first, withdrawnAtMs: NOW_MS }, second];
    assert.deepEqual(foresee(second, { codes, records }), { pin: '345678', isKept: false });
  });
  it('is not known where the code that gave it is gone', () => {
    const { records } = plan(zigbee, [FIRST]);
    const second = codeOf('second', { kind: 'amendment', revision: 1 });
    const renamed = records.map((record) => ({ ...record, accessCodeId: 'second' }));
    assert.equal(foresee(second, { codes: [second], records: renamed }), null);
  });
});
