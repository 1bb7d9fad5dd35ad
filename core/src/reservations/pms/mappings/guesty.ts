/**
 * Guesty: its v2 events tell the stay and not the money, so they only say what to fetch. A planned time comes before the
 * instants, which may be stale.
 * @module
 */
import type { PmsMapping } from '../mapping.ts';

export const GUESTY: PmsMapping = {
  pms: 'guesty',
  record: ['data.reservation', 'reservation', ''],
  list: 'results',
  event: {
    path: '/event',
    words: { 'reservation.created.v2': 'refetch', 'reservation.updated.v2': 'refetch' },
  },
  refetch: '/v1/reservations/{id}',
  id: ['_id', 'id', 'reservationId', '/reservationId', '/data.reservationId'],
  room: {
    unitRef: ['listingId', 'listing._id'],
    arrival: ['checkIn', 'checkInDateLocalized'],
    departure: ['checkOut', 'checkOutDateLocalized'],
    arrivalTime: 'plannedArrival',
    departureTime: 'plannedDeparture',
  },
  status: {
    path: 'status',
    words: {
      confirmed: 'confirmed',
      checked_in: 'confirmed',
      checked_out: 'confirmed',
      reserved: 'tentative',
      awaiting_payment: 'tentative',
      inquiry: 'enquiry',
      canceled: 'cancelled',
      cancelled: 'cancelled',
      declined: 'cancelled',
      expired: 'cancelled',
      closed: 'cancelled',
    },
  },
  payment: {
    balance: 'money.balanceDue',
    paid: 'money.totalPaid',
    currency: 'money.currency',
  },
  guestName: ['guest.fullName'],
  phone: 'guest.phone',
  email: 'guest.email',
  language: ['guest.preferredLanguage', 'preferredLanguage'],
  partySize: ['guestsCount'],
  channel: ['integration.platform', 'source'],
  reservationCode: 'confirmationCode',
  updatedAt: 'lastUpdatedAt',
};
