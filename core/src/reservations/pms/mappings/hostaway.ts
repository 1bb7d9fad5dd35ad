/**
 * Hostaway: dates without times, hours as whole numbers, `isPaid` that may be null. Times of its own are UTC.
 * @module
 */
import type { PmsMapping } from '../mapping.ts';

export const HOSTAWAY: PmsMapping = {
  pms: 'hostaway',
  record: ['data', 'result', ''],
  list: 'result',
  event: {
    path: '/event',
    words: { 'reservation.created': 'read', 'reservation.updated': 'read' },
  },
  refetch: '/v1/reservations/{id}',
  id: 'id',
  room: {
    unitRef: 'listingMapId',
    arrival: 'arrivalDate',
    departure: 'departureDate',
    arrivalTime: 'checkInTime',
    departureTime: 'checkOutTime',
  },
  status: {
    path: 'status',
    words: {
      new: 'confirmed',
      modified: 'confirmed',
      confirmed: 'confirmed',
      ownerStay: 'confirmed',
      pending: 'tentative',
      awaitingPayment: 'tentative',
      awaitingGuestVerification: 'tentative',
      inquiry: 'enquiry',
      inquiryPreapproved: 'enquiry',
      inquiryDenied: 'cancelled',
      inquiryTimedout: 'cancelled',
      inquiryNotPossible: 'cancelled',
      cancelled: 'cancelled',
      declined: 'cancelled',
      expired: 'cancelled',
      unknown: 'tentative',
    },
  },
  payment: {
    state: { path: 'isPaid', words: { 1: 'paid', true: 'paid', 0: 'unpaid', false: 'unpaid' } },
    total: 'totalPrice',
    currency: 'currency',
  },
  guestName: ['guestName'],
  phone: 'phone',
  email: 'guestEmail',
  language: 'guestLocale',
  partySize: ['numberOfGuests'],
  channel: 'channelName',
  reservationCode: ['confirmationCode', 'channelReservationId'],
  updatedAt: ['updatedOn', 'latestActivityOn'],
};
