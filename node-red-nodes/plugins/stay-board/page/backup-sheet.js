/**
 * Backup codes as a list for paper: in a window to look at, and of the whole page that alone when it is printed.
 * @module
 */
/* global print */
import { h } from './dom.js';
import { locale, t } from './words.js';
import { openWindow } from './window.js';
import { dayOf, momentText, timeText } from './zone-time.js';

/** @param sheet what Node-RED answered: all of these codes count as handed out from now on */
export function openBackupSheet({ codes, without, printedAtMs }, unit) {
  const { zone } = unit;
  const heads = ['day', 'code', 'opens', 'used'].map((name) => h('th', { scope: 'col' }, t(`sheet.${name}`)));
  const table = h(
    'table',
    {},
    h('caption', { class: 'hidden' }, t('act.print-backups')),
    h('thead', {}, h('tr', {}, heads)),
    h(
      'tbody',
      {},
      codes.map((code) => row(code, zone)),
    ),
  );
  openWindow(
    { title: t('act.print-backups'), isBroad: true },
    h('p', { class: 'screen' }, t('sheet.lead')),
    h(
      'section',
      { class: 'sheet', 'aria-label': unit.name },
      h('h3', {}, unit.name, unit.site ? h('span', {}, ` · ${unit.site}`) : null),
      h('p', { class: 'facts' }, t('sheet.facts', { zone, time: momentText(printedAtMs, zone) })),
      table,
      without.length === 0
        ? null
        : h('p', { class: 'facts' }, t('sheet.without', { days: without.join(', ') })),
      h('p', { class: 'facts' }, t('sheet.note')),
    ),
    h(
      'div',
      { class: 'buttons screen' },
      h('button', { type: 'button', class: 'main', on: { click: () => print() } }, t('sheet.print')),
    ),
  );
}

function row({ grouped, startsAtMs, endsAtMs }, zone) {
  // The last moment of the day, not midnight of the next.
  const isWholeDay = dayOf(endsAtMs, zone) > dayOf(startsAtMs, zone) && timeText(endsAtMs, zone) === '00:00';
  const until = isWholeDay ? '24:00' : timeText(endsAtMs, zone);
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, dayText(startsAtMs, zone)),
    h('td', { class: 'code' }, grouped),
    h('td', {}, `${timeText(startsAtMs, zone)} – ${until}`),
    h('td', { class: 'used' }, h('span', { class: 'hidden' }, t('sheet.not-used'))),
  );
}

/** With the year: paper lies about. */
function dayText(atMs, zone) {
  const form = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: zone };
  return new Intl.DateTimeFormat(locale(), form).format(atMs);
}
