/**
 * QloApps: no webhooks, only bookings to poll; numbers for payment, status and language.
 * @module
 */
import type { PmsMapping } from '../mapping.ts';

/** The numbers of `id_language` are the installation's own: give `languages` for others than English. */
export const QLOAPPS: PmsMapping = {
  pms: 'qloapps',
  record: ['booking', ''],
  list: 'bookings',
  refetch: '/api/bookings/{id}?output_format=JSON',
  id: 'id',
  room: {
    list: ['associations.room_types', 'room_types'],
    unitRef: ['id_room', 'id_room_type'],
    arrival: ['checkin_date', 'date_from'],
    departure: ['checkout_date', 'date_to'],
  },
  status: {
    path: 'booking_status',
    words: { 1: 'confirmed', 2: 'confirmed', 3: 'cancelled', 4: 'cancelled' },
  },
  payment: {
    state: { path: 'payment_status', words: { 1: 'paid', 2: 'part', 3: 'unpaid' } },
    paid: 'total_paid',
    total: 'total_price',
    currency: 'currency',
  },
  guestName: ['associations.customer_detail.firstname', 'associations.customer_detail.lastname'],
  phone: 'associations.customer_detail.phone',
  email: 'associations.customer_detail.email',
  language: 'id_language',
  languages: { 1: 'en' },
  channel: 'source',
  reservationCode: 'reference',
  updatedAt: 'date_upd',
};
