/**
 * What the host can do at a unit's doors beside its stays, and the one thing that whoever cleans can.
 * @module
 */
import {
  deriveCodeKey,
  deriveUnitKey,
  drawBackupSheet,
  drawOrMakeCode,
  groupDigits,
  issueClockCode,
  listUndrawn,
  planBackupCodes,
} from '@staycode/core';
import { type Act, ActRefused, keyOf, settingsOf, textOf } from './act.mts';
import { digitsOf } from './show-code.mts';

const MINUTE_MS = 60_000;

/** A code of one day that opens once, for somebody by name: asked again for the same, the same. */
const oneTimeCode: Act = (context) => {
  const { unit, store, nowMs, by, newId } = context;
  const { unitId } = unit.node.unit;
  const day = textOf(context, 'day');
  const drawnFor = textOf(context, 'forWhom');
  const { rules } = keyOf(unit);
  const { zone } = settingsOf(unit);
  const request = { unit: unit.node.unit, zone, rules, nowMs, newId };
  const { draw } = store.backups.changeUnit(unitId, (issued) => {
    const drawn = drawOrMakeCode({ ...request, issued }, { unit: unit.node.unit, day, drawnFor, nowMs });
    return { draw: drawn, ...(drawn.ok && { put: [drawn.code] }) };
  });
  if (!draw.ok) throw new ActRefused(`one-time-${draw.reason}`);
  const stayId = typeof context.body.stayId === 'string' ? context.body.stayId : null;
  const act = stayId === null ? 'one-time' : 'backup';
  store.acts.add({ act, unitId, reservationId: stayId, by, note: `${day}, ${drawnFor}`, atMs: nowMs });
  return {
    grouped: groupDigits(digitsOf(context, draw.code)),
    startsAtMs: draw.code.startsAtMs,
    endsAtMs: draw.code.endsAtMs,
    isNew: draw.isNew,
  };
};

/** Backup codes for the days to come, each a day's, so that they are there when nothing else works. */
const makeBackups: Act = (context) => {
  const { unit, store, nowMs, by, newId, body } = context;
  const { unitId } = unit.node.unit;
  const { rules } = keyOf(unit);
  const { zone } = settingsOf(unit);
  const days = Number(body.days);
  const { plan } = store.backups.changeUnit(unitId, (issued) => {
    const made = planBackupCodes({ unit: unit.node.unit, zone, rules, issued, days, nowMs, newId });
    return { plan: made, put: made.made };
  });
  store.acts.add({ act: 'backups', unitId, reservationId: null, by, note: String(days), atMs: nowMs });
  const left = listUndrawn(store.backups.readUnit(unitId), nowMs);
  return { made: plan.made.length, without: plan.without, undrawn: left.length };
};

/** Who all lists on paper are drawn for, so that a day's code is the same on each. */
const ON_PAPER = 'printed list';

/** The backup codes of the days to come, to be printed: all of them have left with that, and are drawn before they are shown. */
const printBackups: Act = (context) => {
  const { unit, store, nowMs, by, newId, body } = context;
  const { unitId } = unit.node.unit;
  const { rules } = keyOf(unit);
  const { zone } = settingsOf(unit);
  const days = Number(body.days);
  const { sheet } = store.backups.changeUnit(unitId, (issued) => {
    const drawn = drawBackupSheet(
      { unit: unit.node.unit, zone, rules, issued, days, nowMs, newId },
      ON_PAPER,
    );
    return { sheet: drawn, put: drawn.codes };
  });
  const [first, last] = [sheet.codes[0], sheet.codes.at(-1)];
  if (!first || !last) throw new ActRefused('one-time-none-left');
  const note = `${first.day} – ${last.day}`;
  store.acts.add({ act: 'backups-printed', unitId, reservationId: null, by, note, atMs: nowMs });
  const codes = sheet.codes.map((code) => ({
    grouped: groupDigits(digitsOf(context, code)),
    startsAtMs: code.startsAtMs,
    endsAtMs: code.endsAtMs,
  }));
  return { codes, without: sheet.without, printedAtMs: nowMs };
};

/**
 * The time for a lock that has lost it, or whose clock is off: it opens nothing. Of the minute that comes, for a lock takes none from
 * before what it stored last, and an entry stores the time.
 */
const clockCode: Act = (context) => {
  const { unit, store, nowMs, by } = context;
  const { siteKey } = keyOf(unit);
  const { unitId, keyVersion, alphabet } = unit.node.unit;
  store.acts.add({ act: 'clock-code', unitId, reservationId: null, by, note: null, atMs: nowMs });
  const codeKey = deriveCodeKey(deriveUnitKey(siteKey, unitId, keyVersion));
  const atMs = Math.ceil(nowMs / MINUTE_MS) * MINUTE_MS;
  return { grouped: groupDigits(issueClockCode(codeKey, { atMs, alphabet })), atMs };
};

/** The unit is ready for who comes next. */
const cleaned: Act = ({ unit, store, by, nowMs }) => {
  const { unitId } = unit.node.unit;
  store.acts.add({ act: 'cleaned', unitId, reservationId: null, by, note: null, atMs: nowMs });
  return {};
};

/** What is typed at a door that judges codes by itself. */
const atOfflineDoor =
  (act: Act): Act =>
  (context) => {
    if (context.unit.guestDoors.isListed) throw new ActRefused('doors-keep-lists');
    return act(context);
  };

export const UNIT_ACTS: Readonly<Record<string, Act>> = {
  'one-time-code': atOfflineDoor(oneTimeCode),
  'make-backups': atOfflineDoor(makeBackups),
  'print-backups': atOfflineDoor(printBackups),
  'clock-code': atOfflineDoor(clockCode),
};

export const CLEANER_ACTS: Readonly<Record<string, Act>> = { cleaned };
