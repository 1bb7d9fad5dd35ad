/**
 * The board: signs in, follows what Node-RED tells, and shows it.
 * @module
 */
/* global document, location, localStorage, matchMedia, setTimeout, addEventListener, history */
import { findRole, follow, isSignedIn, signOut } from './api.js';
import { byId, h, shape } from './dom.js';
import { openAddStay } from './add-stay.js';
import { openLocks } from './locks-window.js';
import { createPanel } from './panel.js';
import { showSignIn } from './sign-in.js';
import { openStaff } from './staff-window.js';
import { createTimeline, fillDays } from './timeline.js';
import { createToday } from './today.js';
import { openUnits } from './units-window.js';
import { speak, t } from './words.js';
import { dayOf, longDayText } from './zone-time.js';

const PHONE = matchMedia('(max-width: 720px)');
const MINUTE_MS = 60_000;

const view = {
  role: null,
  user: null,
  snapshot: null,
  /** How far the server's clock is ahead of this one. */
  aheadMs: 0,
  filter: '',
  days: PHONE.matches ? 7 : 14,
  /** Days from today on which the calendar begins. */
  offset: -1,
};

const open = (unitId, stayId) => {
  location.hash = [unitId, stayId ?? ''].map(encodeURIComponent).join('/');
};
const shift = (pages) => {
  view.offset += pages * view.days;
  show();
};
const timeline = createTimeline({ open, shift });
const today = createToday({ open });
const panel = createPanel({
  view,
  open,
  close: () => history.replaceState(null, '', location.pathname + location.search),
});

const nowMs = () => Date.now() + view.aheadMs;

applyTheme(localStorage.getItem('staycode-theme'));
speak();
fillDays(byId('days'), view.days);
byId('earlier').addEventListener('click', () => shift(-1));
byId('later').addEventListener('click', () => shift(1));
byId('now').addEventListener('click', () => {
  view.offset = -1;
  show();
});
byId('days').addEventListener('change', ({ target }) => {
  view.days = Number(target.value);
  show();
});
byId('search').addEventListener('input', ({ target }) => {
  view.filter = target.value;
  show();
});
addEventListener('hashchange', showPanel);
setInterval(show, MINUTE_MS);
showLive('connecting');
void begin();

async function begin() {
  const found = await findRole().catch(() => undefined);
  if (found === undefined) {
    showLive('lost');
    setTimeout(begin, 3_000);
    return;
  }
  byId('sign-in').hidden = found !== null;
  byId('main').hidden = found === null;
  if (found === null) {
    showLive(isSignedIn() ? 'forbidden' : 'signed-out');
    fillTools();
    await showSignIn(byId('sign-in'), begin);
    return;
  }
  Object.assign(view, found);
  fillTools();
  follow(view.role, {
    onState(state) {
      showLive(state);
      if (state === 'signed-out') void begin();
    },
    onSnapshot(snapshot) {
      view.aheadMs = snapshot.nowMs - Date.now();
      view.snapshot = snapshot;
      show();
      showPanel();
    },
  });
}

function show() {
  if (view.snapshot === null) return;
  const { units, warnings, role } = view.snapshot;
  const now = nowMs();
  const zone = units[0]?.zone ?? 'UTC';
  byId('today-date').textContent = longDayText(now, zone);
  document.title = warnings.length > 0 ? `(${warnings.length}) ${t('title')}` : t('title');
  today.show({ units, warnings, role, nowMs: now });
  timeline.show({
    ...{ units, nowMs: now, filter: view.filter, days: view.days },
    fromDay: dayOf(now, zone) + view.offset,
  });
}

function showPanel() {
  const [unitId, stayId] = location.hash.slice(1).split('/').map(decodeURIComponent);
  if (view.snapshot !== null) panel.show(unitId ? { unitId, stayId: stayId || null } : null);
}

function showLive(state) {
  document.body.dataset.live = state;
  const text = t(`live.${state}`);
  if (byId('live-text').textContent !== text) byId('live-text').textContent = text;
}

function fillTools() {
  const host =
    view.role === 'host'
      ? [
          h('button', { type: 'button', on: { click: () => openUnits(view) } }, t('tool.units')),
          h('button', { type: 'button', on: { click: () => void openLocks(view) } }, t('tool.locks')),
          h('button', { type: 'button', on: { click: () => void openStaff(view) } }, t('tool.staff')),
          h(
            'button',
            { type: 'button', class: 'main', on: { click: () => openAddStay(view) } },
            t('tool.add'),
          ),
        ]
      : [];
  const button = (key, path, click) =>
    h(
      'button',
      { type: 'button', class: 'quiet square', 'aria-label': t(key), title: t(key), on: { click } },
      shape(path, 'icon'),
    );
  byId('tools').replaceChildren(
    ...host,
    ...[
      button('tool.theme', 'M12 3.5a8.5 8.5 0 1 0 8.5 8.5A6.5 6.5 0 0 1 12 3.5z', turnTheme),
      isSignedIn()
        ? button('tool.sign-out', 'M10 4.5H5.5v15H10M14 8l4 4-4 4M18 12H9.5', () => {
            signOut();
            location.reload();
          })
        : null,
    ].filter(Boolean),
  );
}

function turnTheme() {
  const isDark =
    document.documentElement.dataset.theme === 'dark' ||
    (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
  const theme = isDark ? 'light' : 'dark';
  localStorage.setItem('staycode-theme', theme);
  applyTheme(theme);
}

function applyTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}
