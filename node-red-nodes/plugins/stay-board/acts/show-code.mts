/**
 * The digits of a stay, for the host's eyes: that they were shown is on record before they are.
 * @module
 */
import {
  type AccessCode,
  collides,
  digitsOfCode,
  groupDigits,
  isLive,
  type OutboxMessage,
  revocationOf,
  type UnitRecords,
  type WindowContent,
} from '@staycode/core';
import { toGuestMessage } from '../../../nodes/stay-code/to-message.mts';
import { type Act, type ActContext, ActRefused, keyOf, textOf } from './act.mts';

/** Twelve digits for a code of this unit, grouped as people read them. */
export function digitsOf(
  { unit }: Pick<ActContext, 'unit'>,
  code: WindowContent & { readonly keyVersion: number },
): string {
  const { siteKey } = keyOf(unit);
  const { unitId, alphabet } = unit.node.unit;
  return digitsOfCode(siteKey, { ...code, unitId, alphabet });
}

/** The stay's code, and the message that its guest gets. */
export const showCode: Act = (context) => {
  const stayId = textOf(context, 'stayId');
  const { unit, store, by, nowMs } = context;
  const { unitId } = unit.node.unit;
  keyOf(unit);
  const { shown } = store.changeUnit(unitId, ({ codes }) => {
    const code = codes.findLast((one) => one.reservationId === stayId && isLive(one));
    if (!code) throw new ActRefused('no-code');
    const left = { ...code, leftAtMs: code.leftAtMs ?? nowMs };
    return { shown: left, put: [left] };
  });
  store.acts.add({ act: 'shown', unitId, reservationId: stayId, by, note: null, atMs: nowMs });
  return describe(context, shown, store.readUnit(unitId));
};

/** A code as the host sees it. */
function describe(context: ActContext, code: AccessCode, records: UnitRecords): object {
  return {
    codeId: code.id,
    stay: code.stay,
    startsAtMs: code.startsAtMs,
    endsAtMs: code.endsAtMs,
    ...messageOf(context, code, records),
    revocations: revocationsOf(context, code.reservationId, records),
  };
}

/** What the guest reads: the code by itself, the PINs of doors that keep lists, and all of the message. */
function messageOf({ unit, store, nowMs }: ActContext, code: AccessCode, records: UnitRecords): object {
  const { siteKey, rules } = keyOf(unit);
  const { unitId } = unit.node.unit;
  const messages = store.outbox.readUnit(unitId);
  const last = messages.findLast(({ accessCodeId }) => accessCodeId === code.id);
  const message: OutboxMessage = last ?? {
    ...{ id: '', unitId, reservationId: code.reservationId, accessCodeId: code.id, stay: code.stay },
    ...{ state: 'queued', dueAtMs: nowMs, claims: 0, failures: 0, createdAtMs: nowMs, sentAtMs: null },
    ...{ mayBeDuplicate: false, replacesEarlier: false },
  };
  const { payload, code: told } = toGuestMessage(
    // As the guest reads it first; that it may come twice is for the sender to add.
    { message: { ...message, mayBeDuplicate: false }, code },
    {
      ...{ unitName: unit.node.unitName, zone: unit.site?.zone ?? 'UTC', siteKey, nowMs },
      ...{ pinDigits: rules.pinDigits, own: records.codes, messages, doors: unit.guestDoors, store },
      others: unit.neighbours.flatMap((id) => store.codesMeeting(id, code)),
      stay: records.stays.find(({ stay }) => stay.id === code.reservationId)?.stay,
    },
  );
  return { grouped: told.grouped, doorPins: told.doorPins, message: payload };
}

/**
 * What to type at the door to end the codes that the stay had before: a revocation ends what collides with it up to its revision,
 * so of several the highest will do. Once shown it may be typed.
 */
export function revocationsOf(context: ActContext, stayId: string, { codes }: UnitRecords): object[] {
  const { nowMs, store, unit } = context;
  // Doors that keep their own lists take none: it is struck off there.
  if (unit.guestDoors.isListed) return [];
  const open = codes
    .filter(
      (code) =>
        code.reservationId === stayId &&
        !isLive(code) &&
        code.leftAtMs !== null &&
        code.endsAtMs > nowMs &&
        store.ends.deadSinceMs(code) === null,
    )
    .sort((a, b) => b.revision - a.revision);
  for (const code of open) store.ends.revoking(code, nowMs);
  return open
    .filter((code, i) => !open.slice(0, i).some((higher) => collides(higher, code, code)))
    .map((code) => {
      const revocation = revocationOf(code, codes);
      return {
        codeId: code.id,
        grouped: groupDigits(digitsOf(context, revocation)),
        untilMs: code.endsAtMs,
        alsoEnds: revocation.alsoEnds.length,
      };
    });
}
