/**
 * Smoobu: dates, names with hyphens, and Yes or No for what is paid. Its check-in is a time that the guest may enter, so
 * the house times count. `modifiedAt` names no zone: all of them are read as UTC, which keeps their order.
 * @module
 */
import type { PmsMapping } from '../mapping.ts';

export const SMOOBU: PmsMapping = {
  pms: 'smoobu',
  record: ['data', ''],
  list: 'bookings',
  event: {
    path: '/action',
    words: {
      newReservation: 'read',
      updateReservation: 'read',
      cancelReservation: 'cancelled',
      deleteReservation: 'deleted',
    },
  },
  refetch: '/api/reservations/{id}',
  id: 'id',
  room: { unitRef: 'apartment.id', arrival: 'arrival', departure: 'departure' },
  status: {
    path: ['type', '/action'],
    words: {
      reservation: 'confirmed',
      'modification of booking': 'confirmed',
      newReservation: 'confirmed',
      updateReservation: 'confirmed',
      cancellation: 'cancelled',
      cancelReservation: 'cancelled',
    },
  },
  payment: {
    state: {
      path: 'price-paid',
      words: { yes: 'paid', true: 'paid', 1: 'paid', no: 'unpaid', false: 'unpaid', 0: 'unpaid' },
    },
    total: 'price',
    currency: 'currency',
  },
  guestName: ['guest-name'],
  phone: 'phone',
  email: 'email',
  language: 'language',
  partySize: ['adults', 'children'],
  channel: 'channel.name',
  reservationCode: 'reference-id',
  updatedAt: ['modifiedAt', 'modified-at'],
};
