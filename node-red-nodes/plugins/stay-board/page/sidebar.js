/**
 * The board at a glance, in the editor's sidebar: what needs the host, who comes and goes today, and the way to the board.
 * @module
 */
import { boardUrl, findRole, follow } from './api.js';
import { h, shape } from './dom.js';
import { guestText, SHAPES, shortText } from './states.js';
import { comingAndGoing, byUrgency, warningText } from './today.js';
import { t } from './words.js';
import { dayText, timeText } from './zone-time.js';

const MINUTE_MS = 60_000;
/** So that all three lists are in sight. */
const MOST = { warnings: 5, arrivals: 8, departures: 8 };

/** Fills the tab's content, and keeps it up to date for as long as the editor is open. */
export async function startSidebar(content) {
  const body = h('div', { class: 'staycode-body' });
  content.append(
    h('link', { rel: 'stylesheet', href: new URL('sidebar.css', boardUrl).href }),
    h(
      'div',
      { class: 'staycode-head' },
      h(
        'a',
        { href: boardUrl.href, target: '_blank', rel: 'noopener', class: 'red-ui-button' },
        t('sidebar.open'),
      ),
      h('span', { class: 'staycode-live', role: 'status' }),
    ),
    body,
  );
  const live = content.querySelector('.staycode-live');
  const found = await findRole();
  if (found === null) {
    body.replaceChildren(h('p', { class: 'staycode-calm' }, t('sidebar.forbidden')));
    return;
  }
  let snapshot = null;
  const show = () => {
    if (snapshot) body.replaceChildren(...sections(snapshot));
  };
  follow(found.role, {
    onState: (state) => {
      live.textContent = state === 'live' ? '' : t(`live.${state}`);
    },
    onSnapshot: (fresh) => {
      snapshot = { ...fresh, aheadMs: fresh.nowMs - Date.now() };
      show();
    },
  });
  // The day turns without a word from Node-RED.
  setInterval(show, MINUTE_MS);
}

function sections({ units, warnings, role, aheadMs }) {
  const nowMs = Date.now() + aheadMs;
  const today = units.flatMap((unit) => comingAndGoing(unit, nowMs));
  const list = (name) => today.filter((one) => one.list === name).sort(byUrgency);
  return [
    role === 'host'
      ? section('warnings', warnings, (one) => warningItem(one, units), t('warnings.calm'))
      : null,
    section('arrivals', list('arrivals'), stayItem, t('arrivals.none')),
    section('departures', list('departures'), stayItem, t('departures.none')),
  ].filter(Boolean);
}

function section(name, items, create, none) {
  const rest = items.length - MOST[name];
  return h(
    'section',
    { data: { list: name } },
    h('h3', {}, t(`${name}.title`), h('span', { class: 'staycode-count' }, String(items.length))),
    items.length === 0
      ? h('p', { class: 'staycode-calm' }, none)
      : h('ul', {}, items.slice(0, MOST[name]).map(create)),
    rest > 0 ? h('p', { class: 'staycode-calm' }, t('sidebar.more', { number: rest })) : null,
  );
}

function link(unitId, stayId, ...content) {
  const url = new URL(boardUrl);
  url.hash = [unitId, stayId ?? ''].map(encodeURIComponent).join('/');
  return h('li', {}, h('a', { href: url.href, target: '_blank', rel: 'noopener' }, ...content));
}

function warningItem(warning, units) {
  const { level, unitId, stayId } = warning;
  const unit = units.find((one) => one.unitId === unitId);
  const stay = unit?.stays.find(({ id }) => id === stayId);
  const zone = unit?.zone ?? 'UTC';
  return link(
    unitId,
    stayId,
    h(
      'span',
      { class: `staycode-mark staycode-${level}` },
      shape(level === 'bad' ? SHAPES.conflict : SHAPES.held),
    ),
    h(
      'span',
      { class: 'staycode-who' },
      h('b', {}, unit?.name ?? unitId),
      stay ? ` ${guestText(stay)}` : null,
    ),
    h('span', { class: 'staycode-when' }, stay ? dayText(stay.startsAtMs, zone) : ''),
    h('span', { class: 'staycode-note' }, warningText(warning, zone)),
  );
}

function stayItem({ unit, stay, atMs }) {
  return link(
    unit.unitId,
    stay.id,
    h('span', { class: 'staycode-time' }, timeText(atMs, unit.zone)),
    h('span', { class: 'staycode-who' }, h('b', {}, unit.name), ` ${guestText(stay)}`),
    h('span', { class: 'staycode-when' }, shape(SHAPES[stay.state]), shortText(stay)),
  );
}
