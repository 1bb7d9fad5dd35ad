import assert from 'node:assert/strict';
import { StaycodeError } from '../../../../core/src/errors.ts';
import { formatInstant } from '../../../../core/src/instant.ts';
import { PMS_MAPPINGS, type PmsName } from '../../../../core/src/reservations/pms/mappings/all.ts';
import { readPms, readPmsPoll, refetchRequest } from '../../../../core/src/reservations/pms/read-pms.ts';
import { BODIES, context, PMS_NAMES, readBody, reservationOf } from './bodies.ts';

function roomsOf(pms: PmsName, body: unknown = BODIES[pms]({})): string[] {
  return reservationOf(pms, body).rooms.map(
    ({ unitRef, startsAtMs, endsAtMs }) =>
      `${unitRef} ${formatInstant(startsAtMs)} ${formatInstant(endsAtMs)}`,
  );
}

/** The Hostaway body with other fields. */
function hostaway(fields: object): unknown {
  const body = BODIES.hostaway({});
  return { ...body, data: { ...(body.data as object), ...fields } };
}

function refuses(pms: PmsName, body: unknown, message: string): void {
  assert.throws(
    () => readPms(PMS_MAPPINGS[pms], body, context),
    (error) => error instanceof StaycodeError && error.code === 'bad-message' && error.message === message,
  );
}

describe('reservations of a PMS', () => {
  for (const pms of PMS_NAMES) {
    it(`reads who comes, from ${pms}`, () => {
      const reservation = readBody(pms);
      assert.equal(reservation.pms, pms);
      assert.equal(reservation.guestName, 'Mira Example');
      assert.equal(reservation.phoneLast4, '1234');
      assert.equal(reservation.reservationCode, 'EX5100');
      assert.equal(reservation.status, 'confirmed');
      assert.equal(readBody(pms, { isCancelled: true }).status, 'cancelled');
    });
  }

  it('resolves dates in the zone of the property with the house times', () => {
    const house = '2026-11-27T14:00:00Z 2026-11-30T10:00:00Z';
    // A guest's own guess at the arrival moves nothing: they must not be shut out if they come sooner.
    assert.deepEqual(roomsOf('beds24'), [`41/2 ${house}`]);
    assert.deepEqual(roomsOf('smoobu'), [`41 ${house}`]);
    assert.deepEqual(roomsOf('lodgify'), [`41 ${house}`]);
    assert.deepEqual(roomsOf('cloudbeds'), [`9-41 ${house}`]);
    assert.deepEqual(roomsOf('qloapps'), [`41 ${house}`]);
  });

  it('takes hours, planned times and instants of the PMS before the house times', () => {
    const later = '2026-11-27T15:00:00Z 2026-11-30T10:00:00Z';
    assert.deepEqual(roomsOf('hostaway'), [`41 ${later}`]);
    assert.deepEqual(roomsOf('guesty'), [`listing41 ${later}`]);
    assert.deepEqual(roomsOf('hospitable'), [`property-41 ${later}`]);
    // Half past midnight in Berlin: the planned time is of that day, not of the day in UTC.
    const nightly = { ...BODIES.guesty({}), checkIn: '2026-11-26T23:30:00.000Z' };
    assert.deepEqual(roomsOf('guesty', nightly), [`listing41 ${later}`]);
    const { plannedArrival: _, ...stale } = BODIES.guesty({});
    assert.deepEqual(roomsOf('guesty', stale), ['listing41 2026-11-27T14:00:00Z 2026-11-30T10:00:00Z']);
  });

  it('keeps the house time on the wall across a change of the clocks', () => {
    const body = hostaway({ arrivalDate: '2026-10-24', departureDate: '2026-10-26', checkInTime: null });
    assert.deepEqual(roomsOf('hostaway', body), ['41 2026-10-24T13:00:00Z 2026-10-26T10:00:00Z']);
  });

  it('reads each room of a booking, one listed twice as one stay', () => {
    const night = (roomID: string, startDate: string, endDate: string): object => ({
      roomID,
      startDate,
      endDate,
    });
    const body = BODIES.cloudbeds({});
    const assigned = [
      night('9-42', '2026-11-28', '2026-11-30'),
      night('9-41', '2026-11-28', '2026-11-30'),
      night('9-42', '2026-11-27', '2026-11-28'),
      night('9-42', '2026-11-28', '2026-11-29'),
    ];
    assert.deepEqual(roomsOf('cloudbeds', { data: { ...(body.data as object), assigned } }), [
      '9-41 2026-11-28T14:00:00Z 2026-11-30T10:00:00Z',
      '9-42 2026-11-27T14:00:00Z 2026-11-30T10:00:00Z',
    ]);
    assert.deepEqual(roomsOf('cloudbeds', { data: { ...(body.data as object), assigned: [] } }), []);
  });

  it('says what to fetch where the event does not tell the money', () => {
    const thin = { event: 'reservation.updated.v2', data: { reservation: { id: 'a/b' } } };
    assert.deepEqual(readPms(PMS_MAPPINGS.guesty, thin, context), {
      kind: 'refetch',
      pms: 'guesty',
      id: 'a/b',
      refetch: { method: 'GET', path: '/v1/reservations/a%2Fb' },
    });
    for (const id of [{ reservationID: '510' }, { reservationId: '510' }]) {
      const reading = readPms(
        PMS_MAPPINGS.cloudbeds,
        { event: 'reservation/accommodation_changed', ...id },
        context,
      );
      assert.deepEqual(reading, {
        kind: 'refetch',
        pms: 'cloudbeds',
        id: '510',
        refetch: { method: 'GET', path: '/api/v1.2/getReservation?reservationID=510' },
      });
    }
  });

  it('tells deletions, and ignores events that are about something else', () => {
    const deleted = { action: 'deleteReservation', data: { id: 510 } };
    assert.deepEqual(readPms(PMS_MAPPINGS.smoobu, deleted, context), {
      kind: 'deleted',
      pms: 'smoobu',
      id: '510',
    });
    const message = { event: 'message.received', data: { id: 3 } };
    assert.deepEqual(readPms(PMS_MAPPINGS.hostaway, message, context), {
      kind: 'ignored',
      event: 'message.received',
    });
  });

  it('reads the status of enquiries and of bookings that wait', () => {
    const statusOf = (status: string): string => reservationOf('hostaway', hostaway({ status })).status;
    assert.deepEqual(['new', 'awaitingPayment', 'inquiryPreapproved', 'declined'].map(statusOf), [
      'confirmed',
      'tentative',
      'enquiry',
      'cancelled',
    ]);
  });

  it('refuses a status that it does not know rather than end a stay', () => {
    assert.throws(
      () => reservationOf('smoobu', { data: { ...(BODIES.smoobu({}).data as object), type: '?' } }),
      {
        code: 'bad-message',
        message: /^smoobu: type or \/action: expected one of reservation, /u,
      },
    );
  });

  it('names the field that is missing or wrong, and nothing that came', () => {
    refuses('hostaway', [], 'hostaway: data or result or whole: expected an object');
    refuses('hostaway', hostaway({ id: null }), "hostaway: id: expected the reservation's id");
    refuses(
      'hostaway',
      hostaway({ arrivalDate: '2026-02-30' }),
      'hostaway: arrivalDate: expected a date such as 2026-11-27',
    );
    for (const hours of [{}, { checkInTime: 12, checkOutTime: 12 }])
      refuses(
        'hostaway',
        hostaway({ departureDate: '2026-11-27', ...hours }),
        'hostaway: departureDate: expected a time after the arrival',
      );
    refuses(
      'hostaway',
      hostaway({ checkInTime: 24 }),
      'hostaway: checkInTime: expected a time from 00:00 to 23:59 or a whole hour from 0 to 23',
    );
    refuses('hostaway', hostaway({ totalPrice: 'a lot' }), 'hostaway: totalPrice: expected a number');
    refuses('hostaway', hostaway({ guestName: ['x'] }), 'hostaway: guestName: expected a text');
    refuses(
      'hostaway',
      hostaway({ updatedOn: 'yesterday' }),
      'hostaway: updatedOn or latestActivityOn: expected a time such as 2026-11-27T15:00:00Z',
    );
    const lodgify = BODIES.lodgify({});
    refuses(
      'lodgify',
      { ...lodgify, booking: { ...(lodgify.booking as object), room_types: 'all' } },
      'lodgify: room_types or rooms: expected a list',
    );
  });

  it('reads change times with and without a zone, and as numbers', () => {
    const at = (updatedOn: unknown): number | null =>
      reservationOf('hostaway', hostaway({ updatedOn })).updatedAtMs;
    const expected = Date.UTC(2026, 10, 1, 12, 0, 30);
    assert.equal(at('2026-11-01 12:00:30'), expected);
    assert.equal(at('2026-11-01T13:00:30.000+01:00'), expected);
    assert.equal(at(expected / 1000), expected);
    assert.equal(at(expected), expected);
    assert.equal(at(null), null);
  });

  it('reads a poll, and goes on after a reservation that it cannot read', () => {
    const good = BODIES.hostaway({}).data;
    const poll = { status: 'success', result: [good, { id: 511 }, { ...(good as object), id: 512 }] };
    const { readings, problems } = readPmsPoll(PMS_MAPPINGS.hostaway, poll, context);
    assert.deepEqual(
      readings.map((reading) => reading.kind === 'reservation' && reading.reservation.id),
      ['510', '512'],
    );
    assert.deepEqual(problems, ['hostaway: status: expected a status']);
    assert.equal(readPmsPoll(PMS_MAPPINGS.hostaway, { result: good }, context).readings.length, 1);
    assert.equal(readPmsPoll(PMS_MAPPINGS.hostaway, { result: [] }, context).readings.length, 0);
  });

  it('refuses to make a request that the mapping does not describe', () => {
    const { refetch: _, ...mapping } = PMS_MAPPINGS.hostaway;
    assert.throws(() => refetchRequest(mapping, '1'), { code: 'bad-config' });
  });
});
