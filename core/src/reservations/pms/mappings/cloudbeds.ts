/**
 * Cloudbeds: unsigned events that name a reservation in one of two spellings; all else is fetched. Only assigned rooms
 * count, and no `updatedAt`: its `dateModified` names no zone, so the time of the request orders the answers.
 * @module
 */
import type { PmsMapping } from '../mapping.ts';

export const CLOUDBEDS: PmsMapping = {
  pms: 'cloudbeds',
  record: ['data', ''],
  list: 'data',
  event: {
    path: '/event',
    words: {
      'reservation/created': 'refetch',
      'reservation/status_changed': 'refetch',
      'reservation/dates_changed': 'refetch',
      'reservation/accommodation_changed': 'refetch',
      'reservation/accommodation_removed': 'refetch',
      // Anyone who learns the address can send this, so the PMS itself has to say that the reservation is gone.
      'reservation/deleted': 'refetch',
    },
  },
  refetch: '/api/v1.2/getReservation?reservationID={id}',
  id: ['reservationID', 'reservationId'],
  room: {
    list: 'assigned',
    unitRef: ['roomID', 'roomId'],
    arrival: 'startDate',
    departure: 'endDate',
  },
  status: {
    path: 'status',
    words: {
      confirmed: 'confirmed',
      checked_in: 'confirmed',
      checked_out: 'confirmed',
      not_confirmed: 'tentative',
      in_progress: 'tentative',
      canceled: 'cancelled',
      cancelled: 'cancelled',
      no_show: 'cancelled',
    },
  },
  payment: { balance: 'balance', total: 'total', currency: 'currency' },
  guestName: ['guestName'],
  phone: ['guestPhone', 'guestCellPhone'],
  email: 'guestEmail',
  language: 'guestLanguage',
  channel: ['sourceName', 'source'],
  reservationCode: 'thirdPartyIdentifier',
  refs: {
    propertyId: ['propertyID', 'propertyId', '/propertyID'],
    subReservationId: ['assigned.0.subReservationID', 'assigned.0.subReservationId'],
  },
};
