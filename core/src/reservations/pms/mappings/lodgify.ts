/**
 * Lodgify: a booking with its rooms, the guest and the balance beside it; an answer to a poll has it all in one.
 * @module
 */
import type { PmsMapping } from '../mapping.ts';

export const LODGIFY: PmsMapping = {
  pms: 'lodgify',
  record: ['booking', ''],
  list: 'items',
  event: {
    path: '/action',
    words: {
      booking_new_any_status: 'read',
      booking_new_status_booked: 'read',
      booking_change: 'read',
      booking_status_change_booked: 'read',
      booking_status_change_tentative: 'read',
      booking_status_change_open: 'read',
      booking_status_change_declined: 'cancelled',
    },
  },
  refetch: '/v2/reservations/bookings/{id}',
  id: 'id',
  room: {
    list: ['room_types', 'rooms'],
    unitRef: ['room_type_id', 'id'],
    arrival: ['date_arrival', 'arrival'],
    departure: ['date_departure', 'departure'],
  },
  status: {
    path: 'status',
    words: {
      booked: 'confirmed',
      tentative: 'tentative',
      open: 'enquiry',
      declined: 'cancelled',
      cancelled: 'cancelled',
    },
  },
  payment: {
    balance: ['/balance_due', 'amount_due'],
    paid: ['/total_transactions.amount', 'total_paid'],
    total: ['/booking_total_amount', 'total_amount'],
    currency: ['/booking_currency_code', 'currency_code'],
  },
  guestName: ['/guest.name'],
  phone: ['/guest.phone_number', '/guest.phone'],
  email: '/guest.email',
  language: 'language',
  channel: 'source',
  reservationCode: 'source_text',
  updatedAt: ['updated_at', 'date_modified'],
};
