import assert from 'node:assert/strict';
import type { StayAtLock } from '@staycode/core';
import { configurationState, isStayNow, listTodaysCodes } from '../../homebridge-plugin/src/todays-codes.ts';

const HOUR_MS = 3_600_000;
/** Noon here, whatever the zone of the machine. */
const NOON_MS = new Date(2026, 10, 26, 12).getTime();

function stayFrom(startsInHours: number, endsInHours: number, digits = '123456789012'): StayAtLock {
  const window = { startsAtMs: NOON_MS + startsInHours * HOUR_MS, endsAtMs: NOON_MS + endsInHours * HOUR_MS };
  return { code: { unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0, ...window }, digits };
}

describe('today’s codes', () => {
  it('are those valid now or from later today on, the earliest first', () => {
    const stays = [
      stayFrom(3, 50, '333333333333'),
      stayFrom(12, 50, '444444444444'),
      stayFrom(-50, 0, '111111111111'),
      stayFrom(-50, 1, '222222222222'),
    ];
    assert.deepEqual(
      listTodaysCodes(stays, NOON_MS).map(({ digits }) => digits),
      ['222222222222', '333333333333'],
    );
  });

  it('are no more than a list can hold', () => {
    const stays = Array.from({ length: 300 }, (_, i) => stayFrom(-1, 1 + i));
    assert.equal(listTodaysCodes(stays, NOON_MS).length, 255);
  });

  it('keep their numbers, which tell codes apart and nothing of the digits', () => {
    const [one] = listTodaysCodes([stayFrom(-1, 1)], NOON_MS);
    const [same] = listTodaysCodes([stayFrom(-1, 1, '999999999999')], NOON_MS + 1);
    const [other] = listTodaysCodes([stayFrom(-1, 2)], NOON_MS);
    assert.equal(one?.id, same?.id);
    assert.notEqual(one?.id, other?.id);
  });

  it('have a state that changes with the list', () => {
    const listed = listTodaysCodes([stayFrom(-1, 1), stayFrom(-1, 2)], NOON_MS);
    const states = [[], listed.slice(0, 1), listed.slice(1), listed].map(configurationState);
    assert.equal(new Set(states).size, 4);
    assert.ok(states.every((state) => state >= 0 && state <= 0xffff));
  });

  it('are a stay now from check-in to check-out, a one-time code never', () => {
    const { code } = stayFrom(0, 1);
    assert.ok(!isStayNow(code, NOON_MS - 1));
    assert.ok(isStayNow(code, NOON_MS));
    assert.ok(isStayNow({ ...code, kind: 'amendment' }, NOON_MS));
    assert.ok(!isStayNow(code, NOON_MS + HOUR_MS));
    assert.ok(!isStayNow({ ...code, kind: 'one-time' }, NOON_MS));
  });
});
