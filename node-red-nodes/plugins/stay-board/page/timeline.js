/**
 * The calendar: a row per unit, a bar per stay. Keys go from bar to bar, so that it is one stop of the Tab key, not hundreds.
 * @module
 */
import { byId, h, patch, shape } from './dom.js';
import { guestText, SHAPES, STATES, stateText } from './states.js';
import { count, t } from './words.js';
import {
  dayNumberText,
  dayOf,
  instantOf,
  isWeekend,
  momentText,
  monthText,
  weekdayText,
} from './zone-time.js';

const NOON = 720;
const WIDE_ROWS = 12;
const CLOSE_ROWS = 24;

/** @param open called with a unit's id and a stay's, or `null` for the unit itself */
export function createTimeline({ open, shift }) {
  const rows = byId('rows');
  rows.addEventListener('keydown', (event) => moveByKey(event, shift));
  rows.addEventListener('focusin', ({ target }) => makeStop(rows, target));
  fillLegend(byId('legend'));
  return {
    show({ units, filter, nowMs, fromDay, days, isHost }) {
      const zone = units[0]?.zone ?? 'UTC';
      const range = {
        ...{ zone, fromDay, days },
        fromMs: instantOf(fromDay, 0, zone),
        toMs: instantOf(fromDay + days, 0, zone),
      };
      const today = dayOf(nowMs, zone);
      showAxis(range, today);
      showColumns(range, today, nowMs);
      const wanted = units.filter((unit) => matches(unit, filter));
      const density = wanted.length > CLOSE_ROWS ? 'close' : wanted.length > WIDE_ROWS ? 'normal' : 'wide';
      byId('timeline').dataset.density = density;
      byId('range-text').textContent = rangeText(range);
      showNone(units, wanted, filter);
      const bars = new Map(wanted.map((unit) => [unit, barsOf(unit, range)]));
      patch(rows, wanted, {
        key: ({ unitId }) => unitId,
        look: (unit) =>
          JSON.stringify([unit.name, unit.zone, range.fromMs, range.toMs, isHost, bars.get(unit)]),
        create: (unit) => createRow(unit, bars.get(unit), { range, open }),
      });
      makeStop(rows, rows.querySelector('[tabindex="0"]') ?? rows.querySelector('.stay, .unit button'));
    },
  };
}

function matches(unit, filter) {
  const text = filter.trim().toLowerCase();
  if (text === '') return true;
  return [unit.name, unit.site, ...unit.stays.map(({ guestName }) => guestName ?? '')].some((one) =>
    one.toLowerCase().includes(text),
  );
}

function showNone(units, wanted, filter) {
  const none = byId('rows-none');
  none.hidden = wanted.length > 0;
  none.textContent =
    units.length === 0 ? t('timeline.none') : t('timeline.no-match', { text: filter.trim() });
}

function showAxis({ zone, fromDay, days }, today) {
  const axis = byId('axis');
  axis.style.gridTemplateColumns = `repeat(${days}, minmax(0, 1fr))`;
  axis.dataset.close = String(days > 20);
  const list = Array.from({ length: days }, (_, i) => fromDay + i);
  patch(axis, list, {
    key: String,
    look: (day) => String(day === today),
    create: (day) =>
      h(
        'span',
        { class: day === today ? 'today' : null },
        h('span', { class: 'day-name' }, weekdayText(instantOf(day, NOON, zone), zone)),
        h('b', {}, dayNumberText(instantOf(day, NOON, zone), zone)),
      ),
  });
}

function showColumns(range, today, nowMs) {
  const { fromDay, days } = range;
  const columns = byId('columns');
  columns.style.gridTemplateColumns = `repeat(${days}, minmax(0, 1fr))`;
  const list = Array.from({ length: days }, (_, i) => fromDay + i);
  const now = placeOf(nowMs, range);
  columns.replaceChildren(
    ...list.map((day) => h('i', { class: day === today ? 'today' : isWeekend(day) ? 'weekend' : null })),
    ...(now >= 0 && now <= 1 ? [h('i', { class: 'now', style: { left: percent(now) } })] : []),
  );
}

function rangeText({ zone, fromDay, days }) {
  const first = monthText(instantOf(fromDay, NOON, zone), zone);
  const last = monthText(instantOf(fromDay + days - 1, NOON, zone), zone);
  return first === last ? first : `${first} – ${last}`;
}

const placeOf = (atMs, { fromMs, toMs }) => (atMs - fromMs) / (toMs - fromMs);
const percent = (part) => `${(part * 100).toFixed(3)}%`;

/** The stays in sight, each in the first lane where it lies over no other. */
function barsOf({ stays }, range) {
  const ends = [];
  return stays
    .filter(({ startsAtMs, endsAtMs }) => endsAtMs > range.fromMs && startsAtMs < range.toMs)
    .map((stay) => {
      const free = ends.findIndex((endMs) => endMs <= stay.startsAtMs);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = stay.endsAtMs;
      const from = Math.max(0, placeOf(stay.startsAtMs, range));
      const to = Math.min(1, placeOf(stay.endsAtMs, range));
      return { stay, lane, from, width: to - from };
    });
}

function createRow(unit, bars, { range, open }) {
  const lanes = Math.max(1, ...bars.map(({ lane }) => lane + 1));
  const none = bars.length === 0 ? `, ${t('timeline.no-stays')}` : '';
  const name = h(
    'button',
    {
      ...{ type: 'button', tabindex: '-1', title: unit.name, 'aria-label': `${unit.name}${none}` },
      data: { focus: 'unit' },
      on: { click: () => open(unit.unitId, null) },
    },
    unit.name,
  );
  return h(
    'div',
    { class: 'row', role: 'row', style: { '--lanes': String(lanes) } },
    h('div', { class: 'unit', role: 'rowheader' }, name),
    h(
      'div',
      { class: 'track', role: 'presentation' },
      bars.map((bar) => createBar(unit, bar, { range, open })),
    ),
  );
}

function createBar(unit, { stay, lane, from, width }, { range, open }) {
  const { id, state, startsAtMs, endsAtMs } = stay;
  const who = guestText(stay);
  const what = stateText(stay);
  const label = t('bar.label', {
    ...{ who: who || what, unit: unit.name, state: what },
    from: momentText(startsAtMs, unit.zone),
    to: momentText(endsAtMs, unit.zone),
  });
  const button = h(
    'button',
    {
      ...{ type: 'button', class: 'stay', tabindex: '-1', 'aria-label': label, title: label },
      data: {
        ...{ state, focus: id, unit: unit.unitId, stay: id },
        ...(startsAtMs < range.fromMs && { cutStart: 'true' }),
        ...(endsAtMs > range.toMs && { cutEnd: 'true' }),
      },
      on: { click: () => open(unit.unitId, id) },
    },
    shape(SHAPES[state]),
    who === '' ? null : h('span', { class: 'who' }, who),
    state === 'held' || state === 'conflict' || who === '' ? h('span', { class: 'what' }, what) : null,
  );
  return h(
    'div',
    {
      ...{ class: 'cell', role: 'gridcell' },
      style: { '--from': percent(from), '--width': percent(width), '--at': String(lane) },
    },
    button,
  );
}

function fillLegend(legend) {
  legend.replaceChildren(
    ...STATES.map((state) =>
      h(
        'li',
        { class: 'chip' },
        h('span', { class: 'swatch' }, h('span', { class: 'stay', data: { state } }, shape(SHAPES[state]))),
        t(`state.${state}`),
      ),
    ),
  );
}

/** Of all bars one is reached by Tab: the one that had the focus last. */
function makeStop(rows, target) {
  const stop = target?.closest?.('button');
  if (!stop) return;
  for (const one of rows.querySelectorAll('[tabindex="0"]')) one.tabIndex = -1;
  stop.tabIndex = 0;
}

function moveByKey(event, shift) {
  const { key, target } = event;
  const row = target.closest('.row');
  if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
  const stops = [...row.querySelectorAll('button')];
  const at = stops.indexOf(target);
  const next = {
    ArrowRight: () => stops[at + 1],
    ArrowLeft: () => stops[at - 1],
    Home: () => stops[0],
    End: () => stops.at(-1),
    ArrowDown: () => nearest(row.nextElementSibling, target),
    ArrowUp: () => nearest(row.previousElementSibling, target),
    PageDown: () => void shift(1),
    PageUp: () => void shift(-1),
  }[key];
  if (!next) return;
  event.preventDefault();
  next()?.focus();
}

/** In another row what lies below: a unit below a unit, else the bar whose middle is the nearest. */
function nearest(row, target) {
  if (!row) return undefined;
  if (target.dataset.focus === 'unit') return row.querySelector('.unit button');
  const middle = (element) => {
    const { left, width } = element.getBoundingClientRect();
    return left + width / 2;
  };
  const here = middle(target);
  const bars = [...row.querySelectorAll('.stay')];
  bars.sort((a, b) => Math.abs(middle(a) - here) - Math.abs(middle(b) - here));
  return bars[0] ?? row.querySelector('.unit button');
}

/** The lengths that can be chosen. */
export function fillDays(select, chosen) {
  select.replaceChildren(
    ...[7, 14, 30, 60].map((days) =>
      h('option', { value: String(days), selected: days === chosen }, count('timeline.days', days)),
    ),
  );
}
