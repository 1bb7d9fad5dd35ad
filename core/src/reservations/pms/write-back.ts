/**
 * How a code goes back into the PMS, so that the guest reads it there: requests as data. The digits stand in the body only,
 * never in a path, which ends up in logs.
 * @module
 */
import { StaycodeError } from '../../errors.ts';
import { formatInstant } from '../../instant.ts';
import type { PmsStay } from './fold.ts';
import type { PmsRequest } from './pms-reservation.ts';

export interface WriteBackCode {
  /** Twelve digits, in groups or not, as the guest shall read them. */
  readonly digits: string;
  /** How to type them, for PMSs that have a field for it. */
  readonly instruction?: string;
}

/** What the host sets up in the PMS. */
export interface WriteBackOptions {
  /** Guesty: id of a custom field, where the code shall not go into the reservation's key code. */
  readonly guestyFieldId?: string;
  /** Smoobu: name of the placeholder for messages, and Beds24: code of the info item. `door-code` unless set. */
  readonly placeholder?: string;
  /** Cloudbeds: id of the key type, and who issues keys. */
  readonly cloudbeds?: { readonly keyType: string; readonly issuerId: string };
}

type Writer = (stay: PmsStay, code: WriteBackCode, options: WriteBackOptions) => PmsRequest | null;

/**
 * The request that puts a stay's code into its PMS; `null` for a PMS that has no place for it, or not enough set up.
 * @throws StaycodeError `bad-message` where the PMS wants a number and the id is none
 */
export function writeBack(
  stay: PmsStay,
  code: WriteBackCode,
  options: WriteBackOptions = {},
): PmsRequest | null {
  return WRITERS[stay.reservation.pms]?.(stay, code, options) ?? null;
}

const WRITERS: Readonly<Partial<Record<string, Writer>>> = {
  hostaway: ({ reservation }, { digits, instruction }) => ({
    method: 'PUT',
    path: `/v1/reservations/${encodeURIComponent(reservation.id)}`,
    body: {
      doorCode: digits,
      doorCodeVendor: 'Staycode',
      ...(instruction !== undefined && { doorCodeInstruction: instruction }),
    },
  }),
  guesty: ({ reservation }, { digits }, { guestyFieldId }) => {
    const path = `/v1/reservations-v3/${encodeURIComponent(reservation.id)}`;
    return guestyFieldId === undefined
      ? { method: 'PUT', path: `${path}/notes`, body: { notes: { keyCode: digits } } }
      : {
          method: 'PUT',
          path: `${path}/custom-fields`,
          body: { customFields: [{ fieldId: guestyFieldId, value: digits }] },
        };
  },
  beds24: ({ reservation }, { digits }, { placeholder = 'door-code' }) => ({
    method: 'POST',
    path: '/api/v2/bookings',
    body: [{ id: numberOf(reservation.id, 'id'), infoItems: [{ code: placeholder, text: digits }] }],
  }),
  lodgify: ({ reservation, unitRef }, { digits }) => ({
    method: 'PUT',
    path: `/v2/reservations/bookings/${encodeURIComponent(reservation.id)}/keyCodes`,
    body: { rooms: [{ room_type_id: numberOf(unitRef, 'room_type_id'), key_code: digits }] },
  }),
  smoobu: ({ reservation }, { digits }, { placeholder = 'door-code' }) => ({
    method: 'POST',
    path: '/api/custom-placeholders',
    // Type 1 is a placeholder of one booking.
    body: { key: placeholder, defaultValue: digits, type: 1, foreignId: numberOf(reservation.id, 'id') },
  }),
  cloudbeds: ({ reservation, unitRef, window }, { digits }, { cloudbeds }) => {
    const { propertyId, subReservationId } = reservation.refs;
    if (!cloudbeds || !window || propertyId === undefined) return null;
    return {
      method: 'POST',
      path: '/doorlock/v1/keys',
      body: {
        propertyId,
        reservationId: reservation.id,
        subReservationId: subReservationId ?? reservation.id,
        issuerId: cloudbeds.issuerId,
        keyType: cloudbeds.keyType,
        startDateTime: formatInstant(window.startsAtMs),
        endDateTime: formatInstant(window.endsAtMs),
        rooms: [unitRef],
        keyCode: digits,
      },
    };
  },
};

function numberOf(id: string, field: string): number {
  if (/^\d{1,15}$/u.test(id)) return Number(id);
  throw new StaycodeError('bad-message', `write-back: ${field}: expected a whole number`);
}
