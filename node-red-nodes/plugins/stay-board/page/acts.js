/**
 * What can be done, and when: to a stay, to a unit.
 * @module
 */
import { openBackupSheet } from './backup-sheet.js';
import { t } from './words.js';
import { dayOf, dayText, instantOf, isoDay, timeText } from './zone-time.js';

const why = (name) => ({ name: 'why', value: t(`act.${name}.why`), required: true, maxlength: '200' });
const local = (atMs, zone) => `${isoDay(dayOf(atMs, zone))}T${timeText(atMs, zone)}`;
const NOON = 720;

/** Doors that keep their own lists take the codes of stays alone. */
const judgesCodes = ({ unit }) => !unit.isListed;

const hasCode = ({ state }) => ['created', 'setting', 'set', 'verified'].includes(state);
const isOver = ({ state, endsAtMs }, nowMs) => state === 'expired' || endsAtMs <= nowMs;

/** The days of a stay from today on, as a list to choose from. */
function daysFrom({ unit, stay, nowMs }, most = 14) {
  const { zone } = unit;
  const first = Math.max(dayOf(nowMs, zone), stay ? dayOf(stay.startsAtMs, zone) : 0);
  const last = stay ? dayOf(stay.endsAtMs, zone) : first + most - 1;
  const days = Array.from({ length: Math.max(1, Math.min(last - first + 1, most)) }, (_, i) => first + i);
  return days.map((day) => ({ value: isoDay(day), text: dayText(instantOf(day, NOON, zone), zone) }));
}

/** In the order in which they are offered. */
export const STAY_ACTS = [
  {
    name: 'allow',
    isMain: true,
    isTried: true,
    when: ({ stay }) =>
      ['unpaid', 'part-paid', 'payment-unknown', 'tentative'].includes(stay.reason) && stay.state === 'held',
    fields: () => [why('allow')],
  },
  {
    name: 'restore',
    isMain: true,
    isTried: true,
    when: ({ stay }) => stay.reason === 'held-by-host',
    fields: () => [why('restore')],
  },
  {
    name: 'change-times',
    isTried: true,
    when: ({ stay, nowMs }) => stay.source !== null && !isOver(stay, nowMs),
    fields: ({ unit: { zone }, stay }) => [
      {
        name: 'from',
        type: 'datetime-local',
        value: local(stay.startsAtMs, zone),
        required: true,
        step: '1800',
      },
      { name: 'to', type: 'datetime-local', value: local(stay.endsAtMs, zone), required: true, step: '1800' },
      why('change-times'),
    ],
  },
  {
    name: 'send-again',
    when: ({ stay }) => hasCode(stay) && ['sent', 'failed'].includes(stay.messageState),
  },
  {
    name: 'told',
    when: ({ stay }) => hasCode(stay) && stay.messageState !== 'sent',
  },
  {
    name: 'new-code',
    isTried: true,
    when: ({ stay, nowMs }) => hasCode(stay) && stay.source !== null && !isOver(stay, nowMs),
    fields: () => [why('new-code')],
  },
  {
    name: 'one-time-code',
    label: 'backup',
    when: ({ unit, stay, nowMs }) =>
      judgesCodes({ unit }) &&
      stay.source !== null &&
      !isOver(stay, nowMs) &&
      stay.startsAtMs < nowMs + 2 * 86_400_000,
    fields: (place) => [
      { name: 'day', options: daysFrom(place) },
      { name: 'forWhom', value: place.stay.guestName ?? t('guest.none'), required: true, maxlength: '100' },
    ],
  },
  {
    name: 'revoke',
    danger: true,
    isTried: true,
    when: ({ stay, nowMs }) => hasCode(stay) && stay.source !== null && !isOver(stay, nowMs),
    fields: () => [why('revoke')],
  },
  {
    name: 'remove-stay',
    danger: true,
    isTried: true,
    when: ({ stay }) => stay.source === 'hand',
    fields: () => [why('remove-stay')],
  },
];

export const UNIT_ACTS = [
  { name: 'cleaned', isMain: true, roles: ['host', 'clean'], when: ({ unit }) => unit.readyAtMs === null },
  {
    name: 'add-stay',
    isTried: true,
    when: () => true,
    fields: ({ unit: { zone, checkIn, checkOut }, nowMs }) => {
      const today = dayOf(nowMs, zone);
      return [
        { name: 'name', maxlength: '100' },
        {
          name: 'from',
          type: 'datetime-local',
          value: `${isoDay(today)}T${checkIn}`,
          required: true,
          step: '1800',
        },
        {
          name: 'to',
          type: 'datetime-local',
          value: `${isoDay(today + 1)}T${checkOut}`,
          required: true,
          step: '1800',
        },
        why('add-stay'),
      ];
    },
  },
  {
    name: 'one-time-code',
    when: judgesCodes,
    fields: (place) => [
      { name: 'forWhom', required: true, maxlength: '100' },
      { name: 'day', options: daysFrom(place) },
    ],
  },
  { name: 'clock-code', when: judgesCodes, told: ({ atMs }, { zone }) => ({ time: timeText(atMs, zone) }) },
  {
    name: 'make-backups',
    when: judgesCodes,
    fields: () => [{ name: 'days', type: 'number', value: '14', min: '1', max: '366', required: true }],
    told: ({ made, undrawn }) => ({ made, undrawn }),
  },
  {
    name: 'print-backups',
    when: judgesCodes,
    fields: () => [{ name: 'days', type: 'number', value: '14', min: '1', max: '366', required: true }],
    opens: openBackupSheet,
  },
];
