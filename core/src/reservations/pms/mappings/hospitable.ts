/**
 * Hospitable: real times with an offset, and nothing about what the guest paid: only a channel that collects, or the
 * host's word, opens the gate. The event's own time orders webhooks.
 * @module
 */
import type { PmsMapping } from '../mapping.ts';

export const HOSPITABLE: PmsMapping = {
  pms: 'hospitable',
  record: ['data', ''],
  list: 'data',
  event: {
    path: '/action',
    words: { 'reservation.created': 'read', 'reservation.changed': 'read', 'reservation.updated': 'read' },
  },
  refetch: '/v2/reservations/{id}?include=guest,properties',
  id: 'id',
  room: {
    unitRef: ['properties.0.id', 'property.id', 'property_ids.0', 'property_id'],
    arrival: 'check_in',
    departure: 'check_out',
  },
  status: {
    path: ['reservation_status.current.category', 'status'],
    words: {
      accepted: 'confirmed',
      booked: 'confirmed',
      request: 'enquiry',
      inquiry: 'enquiry',
      checkpoint: 'tentative',
      pending: 'tentative',
      unknown: 'tentative',
      cancelled: 'cancelled',
      'not accepted': 'cancelled',
      declined: 'cancelled',
      denied: 'cancelled',
      expired: 'cancelled',
    },
  },
  payment: {},
  guestName: ['guest.first_name', 'guest.last_name'],
  phone: ['guest.phone_numbers.0', 'guest.phone'],
  email: 'guest.email',
  language: ['guest.language', 'guest.locale'],
  partySize: ['guests.total'],
  channel: 'platform',
  reservationCode: ['code', 'platform_id'],
  updatedAt: '/created',
};
