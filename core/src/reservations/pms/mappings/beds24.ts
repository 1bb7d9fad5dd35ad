/**
 * Beds24 (API v2): one body a booking, the money as a list of charges and payments beside it. `arrivalTime` is what the
 * guest expects and no right to come early, so the house times count.
 * @module
 */
import type { PmsMapping } from '../mapping.ts';

export const BEDS24: PmsMapping = {
  pms: 'beds24',
  record: ['booking', ''],
  list: 'data',
  refetch: '/api/v2/bookings?id={id}&includeInvoiceItems=true',
  id: 'id',
  // A roomId is a kind of room; the unit of that kind is the room that the guest gets.
  room: { unitRef: 'roomId', unitNumber: 'unitId', arrival: 'arrival', departure: 'departure' },
  status: {
    path: 'status',
    words: {
      confirmed: 'confirmed',
      new: 'confirmed',
      request: 'tentative',
      inquiry: 'enquiry',
      cancelled: 'cancelled',
      black: 'cancelled',
    },
  },
  payment: {
    total: 'price',
    ledger: {
      list: ['/invoiceItems', 'invoiceItems'],
      kind: 'type',
      charge: 'charge',
      payment: 'payment',
      amount: 'amount',
      quantity: 'qty',
    },
  },
  guestName: ['firstName', 'lastName'],
  phone: ['mobile', 'phone'],
  email: 'email',
  language: 'lang',
  partySize: ['numAdult', 'numChild'],
  channel: ['channel', 'referer'],
  reservationCode: ['apiReference', 'reference'],
  updatedAt: ['modifiedTime', '/timeStamp'],
  refs: { propertyId: 'propertyId' },
};
