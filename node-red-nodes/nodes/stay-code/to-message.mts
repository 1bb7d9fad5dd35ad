/**
 * What the flow gets for a stay: the guest's message with its code, or the host's note of why there is none.
 * @module
 */
import {
  type AccessCode,
  deriveCodeKey,
  deriveUnitKey,
  type DigitsInWindow,
  foreseePinDigits,
  groupDigits,
  guestMessage,
  isLive,
  issueCode,
  stillOpen,
} from '@staycode/core';
import type { NodeAPI, NodeMessage } from 'node-red';
import type { Outcome } from './issue-stay.mts';

type Issued = Extract<Outcome, { kind: 'issued' }>;

export interface GuestContext {
  readonly unitName: string;
  readonly zone: string;
  readonly siteKey: Uint8Array;
  readonly pinDigits: 0 | 6 | 8;
  /** Codes of the site's units: the lock that they share gives a PIN only once. */
  readonly siteCodes: readonly AccessCode[];
  readonly nowMs: number;
}

/** The first output's message: the guest's text as payload, the code beside it. */
export function toGuestMessage(issued: Issued, context: GuestContext): NodeMessage {
  const { code, stay } = issued;
  const { unitName, zone, siteKey } = context;
  const others = context.siteCodes.filter((other) => isLive(other) && other.id !== code.id);
  const own = withDigits(code, siteKey);
  const payload = guestMessage({
    name: stay.guestName,
    code: own.digits,
    startsAtMs: stay.startsAtMs,
    endsAtMs: stay.endsAtMs,
    zone,
    unitName,
    pinDigits: foreseePinDigits(
      own,
      others.map((other) => withDigits(other, siteKey)),
      context.pinDigits,
    ),
    replacesEarlier: code.kind === 'amendment',
    language: 'en',
  });
  return {
    topic: unitName,
    payload,
    code: {
      ...describeCode(code),
      digits: own.digits,
      grouped: groupDigits(own.digits),
      repeated: !issued.isNew,
    },
    stillOpen: stillOpen(issued.withdrawn, context.nowMs).map(describeCode),
  };
}

export interface HostContext {
  readonly unitName: string;
  readonly nowMs: number;
}

/** The second output's message: a sentence for the host as payload, the reason beside it. */
export function toHostMessage(
  RED: NodeAPI,
  outcome: Exclude<Outcome, Issued>,
  { unitName, nowMs }: HostContext,
): NodeMessage {
  const reason = outcome.kind === 'cancelled' ? 'cancelled' : outcome.reason;
  const detail = outcome.kind === 'cancelled' ? null : outcome.detail;
  const key = reason === 'rule' ? `rule-${String(detail)}` : reason;
  return {
    topic: unitName,
    payload: RED._(`stay-code.note.${key}`, { unit: unitName, detail: detail ?? '' }),
    problem: { reason, detail, reservationId: outcome.stay.id },
    stillOpen: stillOpen(outcome.withdrawn, nowMs).map(describeCode),
  };
}

/** Digits are worked out when asked for: only codes whose times overlap are. */
function withDigits(code: AccessCode, siteKey: Uint8Array): DigitsInWindow {
  const { startsAtMs, endsAtMs, unitId, keyVersion } = code;
  return {
    startsAtMs,
    endsAtMs,
    get digits(): string {
      return issueCode(deriveCodeKey(deriveUnitKey(siteKey, unitId, keyVersion)), code);
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
