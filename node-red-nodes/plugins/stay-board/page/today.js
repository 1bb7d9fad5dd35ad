/**
 * What needs the host, and who comes and goes today.
 * @module
 */
/* global matchMedia */
import { byId, h, patch, shape } from './dom.js';
import { guestText, SHAPES, shortText, stateText } from './states.js';
import { has, t } from './words.js';
import { dayOf, dayText, momentText, timeText } from './zone-time.js';

/** A stay's state in a small frame. */
export const chip = (stay, text = stateText(stay)) =>
  h('span', { class: 'chip', data: { state: stay.state } }, shape(SHAPES[stay.state]), text);

/** What is shown of a list before one asks for all: nothing of it may push the rest out of sight. */
const FIRST = 5;
/** Where the lists lie above the calendar, not beside it. */
const NARROW = matchMedia('(max-width: 999px)');

/** @param open called with a unit's id and a stay's, or `null` */
export function createToday({ open }) {
  let again = () => {};
  const folds = new Map(
    ['warnings', 'arrivals', 'departures'].map((list) => [list, createFold(list, () => again())]),
  );
  NARROW.addEventListener('change', () => again());
  const showAll = ({ units, warnings, role, nowMs }) => {
    showWarnings(units, warnings, { role, open, fold: folds.get('warnings') });
    const today = units.flatMap((unit) => comingAndGoing(unit, nowMs));
    for (const list of ['arrivals', 'departures']) {
      const items = today.filter((one) => one.list === list).sort(byUrgency);
      byId(`${list}-count`).textContent = String(items.length);
      byId(`${list}-none`).hidden = items.length > 0;
      patch(
        byId(`${list}-list`),
        NARROW.matches ? folds.get(list)(items) : folds.get(list)(items, Infinity),
        {
          key: ({ unit, stay }) => JSON.stringify([unit.unitId, stay.id]),
          look: ({ unit, stay, atMs }) =>
            JSON.stringify([
              unit.name,
              stay,
              atMs,
              list === 'departures' && followerOf(unit, stay)?.startsAtMs,
            ]),
          create: (item) => createItem(item, nowMs, open),
        },
      );
    }
  };
  return {
    show(what) {
      again = () => showAll(what);
      again();
    },
  };
}

/** A list's first items, with a button that shows the others. */
function createFold(list, again) {
  const more = byId(`${list}-more`);
  let isOpen = false;
  more.addEventListener('click', () => {
    isOpen = !isOpen;
    again();
  });
  return (items, first = FIRST) => {
    // A button in place of one item would save nothing.
    more.hidden = items.length <= first + 1;
    more.textContent = isOpen ? t('list.fewer') : t('list.all', { number: items.length });
    more.setAttribute('aria-expanded', String(isOpen));
    return isOpen || more.hidden ? items : items.slice(0, first);
  };
}

/** Who comes to a unit today, and who leaves it. */
export function comingAndGoing(unit, nowMs) {
  const day = dayOf(nowMs, unit.zone);
  const stays = unit.stays.filter(({ state }) => state !== 'revoked');
  const at = (list, field) =>
    stays
      .filter((stay) => dayOf(stay[field], unit.zone) === day)
      .map((stay) => ({ list, unit, stay, atMs: stay[field] }));
  return [...at('arrivals', 'startsAtMs'), ...at('departures', 'endsAtMs')];
}

/** Who has no code comes first, then who comes first. */
export function byUrgency(a, b) {
  const isShut = ({ stay }) => Number(stay.state === 'held' || stay.state === 'conflict');
  return isShut(b) - isShut(a) || a.atMs - b.atMs;
}

/** Who comes after a stay into its unit. */
function followerOf({ stays }, { id, endsAtMs }) {
  return stays.find((next) => next.id !== id && next.state !== 'revoked' && next.startsAtMs >= endsAtMs);
}

function createItem({ list, unit, stay, atMs }, nowMs, open) {
  const who = guestText(stay);
  return h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: 'card',
        data: { focus: 'card' },
        on: { click: () => open(unit.unitId, stay.id) },
      },
      h('span', { class: 'time' }, timeText(atMs, unit.zone)),
      h('span', { class: 'who' }, h('b', {}, unit.name), who === '' ? null : ` ${who}`),
      list === 'arrivals' || stay.state !== 'expired' ? chip(stay, shortText(stay)) : h('span'),
      list === 'departures' ? h('span', { class: 'note' }, nextText(unit, stay, nowMs)) : null,
    ),
  );
}

/** What whoever cleans wants to know: how long there is. */
function nextText(unit, stay, nowMs) {
  const next = followerOf(unit, stay);
  if (!next) return t('next.none');
  return dayOf(next.startsAtMs, unit.zone) === dayOf(nowMs, unit.zone)
    ? t('next.turnover', { time: timeText(next.startsAtMs, unit.zone) })
    : t('next.later', { day: dayText(next.startsAtMs, unit.zone) });
}

function showWarnings(units, warnings, { role, open, fold }) {
  const section = byId('warnings');
  section.hidden = role !== 'host';
  section.dataset.level = warnings[0]?.level ?? 'none';
  byId('warnings-count').textContent = String(warnings.length);
  const none = byId('warnings-none');
  none.hidden = warnings.length > 0;
  none.textContent = t('warnings.calm');
  const find = ({ unitId, stayId }) => {
    const unit = units.find((one) => one.unitId === unitId);
    return { unit, stay: unit?.stays.find(({ id }) => id === stayId) };
  };
  patch(byId('warnings-list'), fold(warnings), {
    key: ({ kind, unitId, stayId, detail }) => JSON.stringify([kind, unitId, stayId, stayId ? '' : detail]),
    look: (warning) => JSON.stringify([warning, find(warning).unit?.name, find(warning).stay]),
    create: (warning) => createWarning(warning, find(warning), open),
  });
}

function createWarning(warning, { unit, stay }, open) {
  const { level, unitId, stayId } = warning;
  const zone = unit?.zone ?? 'UTC';
  const who = stay ? guestText(stay) : '';
  return h(
    'li',
    {},
    h(
      'button',
      {
        ...{ type: 'button', class: 'card warning' },
        data: { focus: 'card', state: level === 'bad' ? 'conflict' : 'held' },
        on: { click: () => open(unitId, stayId) },
      },
      shape(level === 'bad' ? SHAPES.conflict : 'M12 4.5v9.5M12 18.5v.4'),
      h('span', { class: 'who' }, h('b', {}, unit?.name ?? unitId), who === '' ? null : ` ${who}`),
      h('span', { class: 'time' }, stay ? dayText(stay.startsAtMs, zone) : ''),
      h('span', { class: 'note' }, warningText(warning, zone)),
    ),
  );
}

/** Why something needs the host, as a sentence. */
export function warningText({ kind, atMs, detail }, zone) {
  if (kind.startsWith('held:')) return whyText(kind.slice('held:'.length), detail);
  return t(`warn.${kind}`, { time: momentText(atMs, zone), detail: detail ?? '' });
}

/** Why a stay has no code. */
export function whyText(reason, detail) {
  const key = reason === 'rule' ? `why.rule-${detail}` : `why.${reason}`;
  return has(key) ? t(key) : (detail ?? reason);
}
