/**
 * What the flow gets for a stay: the guest's message with its code, or the host's note of why there is none.
 * @module
 */
import {
  type AccessCode,
  type DigitsInWindow,
  digitsOfCode,
  type DoorPin,
  foreseePinDigits,
  guestLanguage,
  guestMessage,
  isLive,
  keepsCode as tellsSameCode,
  type OutboxMessage,
  stillOpen,
  type WantedStay,
  writeCode,
} from '@staycode/core';
import type { AccessCodeStore, ClaimedMessage } from '@staycode/core/edges';
import type { NodeAPI, NodeMessage } from 'node-red';
import type { Note } from './desk.mts';
import { type GuestDoors, guestPins } from './guest-doors.mts';

export interface GuestContext {
  readonly unitName: string;
  readonly zone: string;
  readonly siteKey: Uint8Array;
  readonly pinDigits: 0 | 6 | 8;
  readonly doors: GuestDoors;
  readonly store: Pick<AccessCodeStore, 'slots'>;
  /** The register's record of the stay; it is gone once the stay is over. */
  readonly stay: WantedStay | undefined;
  /** Codes of the unit. */
  readonly own: readonly AccessCode[];
  /** Codes of its neighbours that meet this one: a lock that they share gives a PIN only once. */
  readonly others: readonly AccessCode[];
  /** The unit's, oldest first; asked only of a message that replaces an earlier one. */
  readonly messages: readonly OutboxMessage[];
  readonly nowMs: number;
}

interface GuestNodeMessage extends NodeMessage {
  readonly payload: string;
  readonly code: Readonly<Record<string, unknown>> & {
    readonly grouped: string;
    readonly doorPins: readonly DoorPin[];
  };
}

/** The first output's message: the guest's text as payload, the code beside it. */
export function toGuestMessage({ message, code }: ClaimedMessage, context: GuestContext): GuestNodeMessage {
  const { unitName, zone, siteKey, stay, own, doors, store, nowMs } = context;
  const { mayBeDuplicate, replacesEarlier } = message;
  const digitsOf = (one: AccessCode): string => digitsOfCode(siteKey, one);
  const { isListed, doorPins, isKept } = guestPins(doors, { store, code, codes: own, digitsOf, nowMs });
  const keepsCode = replacesEarlier && (isKept || tellsSameCode(message, context.messages));
  const rivals = [...own.filter((other) => isLive(other) && other.id !== code.id), ...context.others];
  const shown = withDigits(code, siteKey);
  const name = stay?.guestName ?? null;
  const guest = stay?.guest ?? { language: null, phone: null, email: null };
  const pinDigits = foreseePinDigits(
    shown,
    rivals.map((other) => withDigits(other, siteKey)),
    context.pinDigits,
  );
  const payload = guestMessage({
    ...{ name, code: shown.digits, ...message.stay, zone, unitName, pinDigits },
    ...{ isListed, doorPins },
    ...{ replacesEarlier, keepsCode, mayBeDuplicate },
    language: guestLanguage(guest, 'en'),
  });
  const earlier = own.filter(({ reservationId }) => reservationId === code.reservationId);
  return {
    topic: unitName,
    payload,
    reservation: stay,
    guest: { name, ...guest },
    stay: { ...message.stay, zone, unitName },
    code: {
      ...describeCode(code),
      digits: shown.digits,
      grouped: writeCode({ code: shown.digits, isListed, doorPins }),
      pinDigits,
      isListed,
      doorPins,
    },
    delivery: { id: message.id, claim: message.claims },
    mayBeDuplicate,
    replacesEarlier,
    keepsCode,
    stillOpen: stillOpen(earlier, nowMs).map(describeCode),
  };
}

export interface HostContext {
  readonly unitName: string;
  readonly nowMs: number;
}

/** The second output's message: a sentence for the host as payload, the reason beside it. */
export function toHostMessage(
  RED: NodeAPI,
  { action, lost }: Note,
  { unitName: unit, nowMs }: HostContext,
): NodeMessage {
  const { reason, reservationId } = action;
  const detail = 'detail' in action ? action.detail : null;
  const key = reason === 'rule' ? `rule-${String(detail)}` : reason;
  return {
    topic: unit,
    payload: RED._(`stay-code.note.${key}`, { unit, detail: detail ?? '' }),
    problem: { reason, detail, reservationId },
    stillOpen: stillOpen(lost, nowMs).map(describeCode),
  };
}

/** Digits are worked out when asked for: only codes whose times overlap are. */
function withDigits(code: AccessCode, siteKey: Uint8Array): DigitsInWindow {
  const { startsAtMs, endsAtMs } = code;
  return {
    startsAtMs,
    endsAtMs,
    get digits(): string {
      return digitsOfCode(siteKey, code);
    },
  };
}

function describeCode(code: AccessCode): Record<string, unknown> {
  return {
    accessCodeId: code.id,
    startsAt: new Date(code.startsAtMs).toISOString(),
    endsAt: new Date(code.endsAtMs).toISOString(),
    kind: code.kind,
    revision: code.revision,
  };
}
