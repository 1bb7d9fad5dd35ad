import assert from 'node:assert/strict';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  type HouseRules,
  meetsRules,
  ruleBroken,
  StaycodeError,
} from '@staycode/core';
import { Temporal } from 'temporal-polyfill';

const house = (changes: Partial<HouseRules> & { zone: string }): HouseRules => ({
  ...DEFAULT_HOUSE_RULES,
  ...changes,
});
/** `HH:MM` of the slots that a mask lets through. */
const slotsOf = (mask: string): string[] =>
  Array.from(mask).flatMap((bit, slot) =>
    bit === '1' ? [`${String(Math.floor(slot / 2)).padStart(2, '0')}:${slot % 2 ? '30' : '00'}`] : [],
  );

describe('stay rules', () => {
  it('are the union over both offsets of a zone with daylight saving', () => {
    const rules = compileRules(house({ zone: 'Europe/Berlin' }));
    assert.deepEqual(slotsOf(rules.startMask), ['12:00', '13:00', '14:00', '15:00', '16:00', '17:00']);
    assert.deepEqual(slotsOf(rules.endMask), ['07:00', '08:00', '09:00', '10:00', '11:00']);
  });

  it('are no wider than the house in a zone without daylight saving', () => {
    const rules = compileRules(house({ zone: 'America/Phoenix' }));
    assert.deepEqual(slotsOf(rules.startMask), ['00:00', '01:00', '21:00', '22:00', '23:00']);
    assert.deepEqual(slotsOf(rules.endMask), ['16:00', '17:00', '18:00', '19:00']);
  });

  it('round a zone of odd minutes outward: starts down, ends up', () => {
    const rules = compileRules(house({ zone: 'Asia/Kathmandu' }));
    assert.deepEqual(slotsOf(rules.startMask), ['08:00', '09:00', '10:00', '11:00', '12:00']);
    assert.deepEqual(slotsOf(rules.endMask), ['03:30', '04:30', '05:30', '06:30']);
  });

  it('hold both half-hour offsets of Lord Howe, and the summer of a southern zone', () => {
    const lordHowe = compileRules(house({ zone: 'Australia/Lord_Howe' }));
    assert.deepEqual(slotsOf(lordHowe.startMask), [
      '03:00',
      '03:30',
      '04:00',
      '04:30',
      '05:00',
      '05:30',
      '06:00',
      '06:30',
      '07:00',
      '07:30',
    ]);
    const sydney = compileRules(house({ zone: 'Australia/Sydney' }));
    assert.deepEqual(slotsOf(sydney.startMask), ['03:00', '04:00', '05:00', '06:00', '07:00', '08:00']);
  });

  it('let in every stay of the house on every day of two years, the nights of the clock change too', () => {
    for (const zone of [
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/Santiago',
      'Africa/Casablanca',
    ]) {
      const rules = compileRules(house({ zone }));
      for (let day = 0; day < 730; day += 1) {
        const arrival = Temporal.PlainDate.from('2026-01-01').add({ days: day });
        for (const nights of [1, 2, 31]) {
          for (const [checkIn, checkOut] of [
            ['14:00', '12:00'],
            ['18:00', '09:00'],
            ['15:00', '11:00'],
          ] as const) {
            const window = {
              startsAtMs: slotDown(at(arrival, checkIn, zone)),
              endsAtMs: slotUp(at(arrival.add({ days: nights }), checkOut, zone)),
            };
            assert.equal(
              ruleBroken(rules, window),
              null,
              `${zone} ${arrival.toString()} ${nights} ${checkIn}`,
            );
          }
        }
      }
    }
  });

  it('let in the longest stay over the night of the clock change where minutes are odd', () => {
    const houses = [
      house({ zone: 'Pacific/Chatham', maxNights: 1 }),
      house({
        zone: 'Europe/Berlin',
        maxNights: 1,
        checkInFrom: '14:20',
        checkOutFrom: '08:50',
        checkOutTo: '11:50',
      }),
    ];
    const [chatham, berlin] = houses.map(compileRules);
    assert(chatham && berlin);
    // 14:00 at +13:45 to 12:00 at +12:45, and 14:20 at +2 to 11:50 at +1, rounded outward.
    const window = (from: string, to: string) => ({ startsAtMs: Date.parse(from), endsAtMs: Date.parse(to) });
    assert.equal(ruleBroken(chatham, window('2026-04-04T00:00:00Z', '2026-04-04T23:30:00Z')), null);
    assert.equal(ruleBroken(berlin, window('2026-10-24T12:00:00Z', '2026-10-25T11:00:00Z')), null);
    assert.equal(berlin.maxSlots, 46);
  });

  it('name the rule that a window breaks', () => {
    const rules = compileRules(house({ zone: 'Europe/Berlin' }));
    const window = (from: string, to: string) => ({ startsAtMs: Date.parse(from), endsAtMs: Date.parse(to) });
    assert.equal(ruleBroken(rules, window('2026-12-03T13:30:00Z', '2026-12-07T10:00:00Z')), 'start');
    assert.equal(ruleBroken(rules, window('2026-12-03T13:00:00Z', '2026-12-07T12:00:00Z')), 'end');
    assert.equal(ruleBroken(rules, window('2026-12-03T17:00:00Z', '2026-12-04T07:00:00Z')), null);
    assert.equal(
      ruleBroken({ ...rules, minSlots: 29 }, window('2026-12-03T17:00:00Z', '2026-12-04T07:00:00Z')),
      'shortest',
    );
    assert.equal(ruleBroken(rules, window('2026-12-03T13:00:00Z', '2027-01-04T10:00:00Z')), 'longest');
    assert(meetsRules(rules, window('2026-12-03T13:00:00Z', '2027-01-03T11:00:00Z')));
  });

  it('refuse what is no house, saying what was expected', () => {
    const refused: [Partial<HouseRules> & { zone: string }, string][] = [
      [{ zone: 'Mars/Olympus' }, 'bad-zone'],
      [{ zone: 'Europe/Berlin', checkInFrom: '24:00' }, 'bad-time'],
      [{ zone: 'Europe/Berlin', checkInFrom: '19:00' }, 'bad-rules'],
      [{ zone: 'Europe/Berlin', checkOutTo: '08:00' }, 'bad-rules'],
      [{ zone: 'Europe/Berlin', minNights: 0 }, 'bad-rules'],
      [{ zone: 'Europe/Berlin', maxNights: 367 }, 'bad-rules'],
      [{ zone: 'Europe/Berlin', skewMinutes: 31 }, 'bad-rules'],
      [{ zone: 'Europe/Berlin', pinDigits: 4 as 6 }, 'bad-rules'],
      [{ zone: 'Europe/Berlin', clockLost: 'open' as 'wait' }, 'bad-rules'],
    ];
    for (const [changes, code] of refused) {
      assert.throws(
        () => compileRules(house(changes)),
        (error) => error instanceof StaycodeError && error.code === code,
      );
    }
  });
});

function at(date: Temporal.PlainDate, time: string, zone: string): number {
  return date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
}

function slotDown(atMs: number): number {
  return Math.floor(atMs / 1_800_000) * 1_800_000;
}

function slotUp(atMs: number): number {
  return Math.ceil(atMs / 1_800_000) * 1_800_000;
}
