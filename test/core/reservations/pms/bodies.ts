/** Bodies in the shape that each PMS sends, written for these tests: one stay, 27 to 30 November 2026, in each of its states. */
import { PMS_MAPPINGS, type PmsName } from '../../../../core/src/reservations/pms/mappings/all.ts';
import type { PmsContext, PmsReservation } from '../../../../core/src/reservations/pms/pms-reservation.ts';
import { readPms } from '../../../../core/src/reservations/pms/read-pms.ts';

export const context: PmsContext = {
  houseOf: () => ({ zone: 'Europe/Berlin', checkIn: '15:00', checkOut: '11:00' }),
};

/** What the tests vary: money, status, room, change time. */
export interface Variation {
  readonly money?: 'paid' | 'part' | 'unpaid' | 'refunded' | 'unknown';
  readonly isCancelled?: boolean;
  readonly room?: number;
  /** Minutes after 12:00 UTC on 1 November 2026. */
  readonly changedMinute?: number;
}

type Body = Record<string, unknown>;

const total = 300;

/** What came in, by state; a refund is money that came and went. */
function received(money: Variation['money']): number {
  return money === 'paid' ? total : money === 'part' ? 100 : 0;
}

function changed({ changedMinute = 0 }: Variation): string {
  return new Date(Date.UTC(2026, 10, 1, 12, changedMinute)).toISOString();
}

/** Date and time without a zone, as PMSs write what is UTC. */
const plain = (variation: Variation): string => changed(variation).slice(0, 19).replace('T', ' ');

export const BODIES: Readonly<Record<PmsName, (variation: Variation) => Body>> = {
  hostaway: (variation) => ({
    object: 'reservation',
    event: 'reservation.updated',
    accountId: 7001,
    data: {
      id: 510,
      listingMapId: variation.room ?? 41,
      channelName: 'direct',
      status: variation.isCancelled ? 'cancelled' : 'modified',
      arrivalDate: '2026-11-27',
      departureDate: '2026-11-30',
      checkInTime: 16,
      checkOutTime: null,
      guestName: 'Mira Example',
      phone: '+49 30 5550 1234',
      guestEmail: 'mira@example.com',
      guestLocale: 'de',
      numberOfGuests: 3,
      totalPrice: total,
      currency: 'EUR',
      isPaid: variation.money === 'unknown' ? null : variation.money === 'paid' ? 1 : 0,
      confirmationCode: 'EX5100',
      updatedOn: plain(variation),
    },
  }),
  guesty: (variation) => ({
    _id: '65aa00000000000000000510',
    listingId: `listing${variation.room ?? 41}`,
    status: variation.isCancelled ? 'canceled' : 'confirmed',
    checkIn: '2026-11-27T14:00:00.000Z',
    checkOut: '2026-11-30T10:00:00.000Z',
    plannedArrival: '16:00',
    guest: { fullName: 'Mira Example', phone: '+49305551234' },
    guestsCount: 3,
    ...(variation.money !== 'unknown' && {
      money: {
        balanceDue: total - received(variation.money),
        totalPaid: received(variation.money),
        currency: 'EUR',
      },
    }),
    confirmationCode: 'EX5100',
    lastUpdatedAt: changed(variation),
  }),
  beds24: (variation) => ({
    timeStamp: changed(variation),
    booking: {
      id: 510,
      propertyId: 9,
      roomId: variation.room ?? 41,
      unitId: 2,
      status: variation.isCancelled ? 'cancelled' : 'confirmed',
      arrival: '2026-11-27',
      departure: '2026-11-30',
      arrivalTime: 'late, about 22:30',
      firstName: 'Mira',
      lastName: 'Example',
      mobile: '0049 30 555 1234',
      lang: 'de',
      numAdult: 2,
      numChild: 1,
      price: total,
      apiReference: 'EX5100',
      modifiedTime: changed(variation),
    },
    ...(variation.money !== 'unknown' && {
      invoiceItems: [
        { type: 'charge', amount: 100, qty: 3 },
        ...(received(variation.money) > 0 ? [{ type: 'payment', amount: received(variation.money) }] : []),
        ...(variation.money === 'refunded'
          ? [
              { type: 'payment', amount: 300 },
              { type: 'payment', amount: -300 },
            ]
          : []),
      ],
    }),
  }),
  smoobu: (variation) => ({
    action: variation.isCancelled ? 'cancelReservation' : 'updateReservation',
    user: 88,
    data: {
      id: 510,
      type: 'modification of booking',
      'reference-id': 'EX5100',
      arrival: '2026-11-27',
      departure: '2026-11-30',
      'check-in': '22:30',
      apartment: { id: variation.room ?? 41, name: 'Garden flat' },
      channel: { id: 13, name: 'Direct booking' },
      'guest-name': 'Mira Example',
      phone: '+49 30 5551234',
      language: 'de',
      adults: 2,
      children: 1,
      price: total,
      ...(variation.money !== 'unknown' && { 'price-paid': variation.money === 'paid' ? 'Yes' : 'No' }),
      modifiedAt: plain(variation),
    },
  }),
  hospitable: (variation) => ({
    id: '01EXAMPLEDELIVERY',
    action: 'reservation.changed',
    created: changed(variation),
    data: {
      id: 'res-510',
      platform: 'airbnb',
      code: 'EX5100',
      check_in: '2026-11-27T16:00:00+01:00',
      check_out: '2026-11-30T11:00:00+01:00',
      reservation_status: { current: { category: variation.isCancelled ? 'cancelled' : 'accepted' } },
      properties: [{ id: `property-${variation.room ?? 41}` }],
      guest: { first_name: 'Mira', last_name: 'Example', phone_numbers: ['+49305551234'], language: 'de' },
      guests: { total: 3 },
    },
  }),
  lodgify: (variation) => ({
    action: 'booking_change',
    booking: {
      id: 510,
      status: variation.isCancelled ? 'Declined' : 'Booked',
      date_arrival: '2026-11-27T00:00:00',
      date_departure: '2026-11-30T00:00:00',
      property_id: 9,
      room_types: [{ room_type_id: variation.room ?? 41, people: 3 }],
      language: 'de',
      source: 'Manual',
      source_text: 'EX5100',
    },
    guest: { name: 'Mira Example', phone_number: '+49305551234' },
    ...(variation.money !== 'unknown' && {
      booking_total_amount: String(total),
      booking_currency_code: 'EUR',
      total_transactions: { amount: String(received(variation.money)) },
      balance_due: String(total - received(variation.money)),
    }),
  }),
  cloudbeds: (variation) => ({
    success: true,
    data: {
      reservationID: '510',
      propertyID: '9',
      status: variation.isCancelled ? 'canceled' : 'confirmed',
      startDate: '2026-11-27',
      endDate: '2026-11-30',
      guestName: 'Mira Example',
      guestPhone: '+49305551234',
      guestLanguage: 'de',
      source: 'Website',
      thirdPartyIdentifier: 'EX5100',
      assigned: [{ roomID: `9-${variation.room ?? 41}`, subReservationID: '510-1' }],
      ...(variation.money !== 'unknown' && {
        total,
        balance: total - received(variation.money),
        currency: 'EUR',
      }),
    },
  }),
  qloapps: (variation) => ({
    booking: {
      id: 510,
      booking_status: variation.isCancelled ? 3 : 1,
      reference: 'EX5100',
      id_language: 1,
      currency: 'EUR',
      ...(variation.money !== 'unknown' && {
        payment_status: variation.money === 'paid' ? 1 : variation.money === 'part' ? 2 : 3,
        total_paid: received(variation.money).toFixed(6),
        total_price: '300.000000',
      }),
      associations: {
        customer_detail: { firstname: 'Mira', lastname: 'Example', phone: '+49305551234' },
        room_types: [
          {
            id_room: variation.room ?? 41,
            checkin_date: '2026-11-27 00:00:00',
            checkout_date: '2026-11-30 00:00:00',
          },
        ],
      },
      date_upd: plain(variation),
    },
  }),
};

export const PMS_NAMES = Object.keys(BODIES) as PmsName[];

/** The reservation in one of these bodies. */
export function readBody(
  pms: PmsName,
  variation: Variation = {},
  with_: PmsContext = context,
): PmsReservation {
  return reservationOf(pms, BODIES[pms](variation), with_);
}

export function reservationOf(pms: PmsName, body: unknown, with_: PmsContext = context): PmsReservation {
  const reading = readPms(PMS_MAPPINGS[pms], body, with_);
  if (reading.kind !== 'reservation') throw new Error(`expected a reservation, got ${reading.kind}`);
  return reading.reservation;
}
