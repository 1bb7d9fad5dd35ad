/**
 * Units by table: out of the flow into a spreadsheet, and back with a look at what it would change before anything does.
 * @module
 */
/* global Blob, setTimeout */
import { askEditor, post } from './api.js';
import { refusalText } from './act-form.js';
import { h } from './dom.js';
import { count, t } from './words.js';
import { openWindow } from './window.js';

export function openUnits({ role }) {
  const outcome = h('div', { class: 'import', 'aria-live': 'polite' });
  const text = h('textarea', {
    ...{ rows: '7', spellcheck: 'false', 'aria-label': t('units.table') },
    placeholder: 'unit_id,name,lock_id,feed_url\nflat-1,Flat 1,front-door|flat-1-door,https://…',
  });
  const file = h('input', {
    type: 'file',
    accept: '.csv,text/csv,text/plain',
    'aria-label': t('units.file'),
  });
  file.addEventListener('change', async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    text.value = await chosen.text();
    void look();
  });
  const look = () => preview(role, text.value, outcome);
  openWindow(
    { title: t('tool.units'), isBroad: true },
    h('p', {}, t('units.lead')),
    h(
      'div',
      { class: 'buttons start' },
      h(
        'button',
        { type: 'button', on: { click: () => void exportUnits(role, outcome) } },
        t('units.export'),
      ),
      file,
    ),
    text,
    h('p', { class: 'facts' }, t('units.columns')),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', class: 'main', on: { click: look } }, t('units.look')),
    ),
    outcome,
  );
}

/** Hands the browser a file to keep. */
export function save(content, name, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

async function exportUnits(role, outcome) {
  try {
    const { csv } = await post(role, 'units/export', {});
    save(csv, 'units.csv', 'text/csv');
    outcome.replaceChildren(h('p', { class: 'facts' }, t('units.exported')));
  } catch (error) {
    fail(outcome, error);
  }
}

function fail(outcome, error) {
  outcome.replaceChildren(h('p', { class: 'problem', role: 'alert' }, refusalText(error)));
}

const V2 = { 'Node-RED-API-Version': 'v2' };

async function preview(role, csv, outcome) {
  try {
    const { flows, rev } = await askEditor('flows', { headers: V2 });
    const plan = await post(role, 'units/plan', { csv, flows });
    outcome.replaceChildren(...(plan.faults.length > 0 ? faultList(plan.faults) : planTable(plan)));
    const changes = plan.rows.filter(({ change }) => change !== 'same').length;
    if (changes === 0) return;
    const deploy = h('button', { type: 'button', class: 'main' }, count('units.deploy', changes));
    deploy.addEventListener('click', async () => {
      deploy.disabled = true;
      try {
        const headers = { ...V2, 'Node-RED-Deployment-Type': 'nodes' };
        await askEditor('flows', { method: 'POST', headers, body: { flows: plan.flows, rev } });
        await post(role, 'units/imported', { count: changes });
        const done = h('p', { class: 'done', role: 'status', tabindex: '-1' }, count('units.done', changes));
        outcome.replaceChildren(done);
        done.focus();
      } catch (error) {
        fail(outcome, error.status === 409 ? new Error(t('units.stale')) : error);
      }
    });
    outcome.append(h('div', { class: 'buttons' }, deploy));
    deploy.focus();
  } catch (error) {
    fail(outcome, error);
  }
}

function faultList(faults) {
  return [
    h('p', { class: 'problem', role: 'alert' }, count('units.faults', faults.length)),
    h(
      'ul',
      { class: 'faults' },
      faults.map(({ line, column, rule, expected, got }) =>
        h(
          'li',
          {},
          h('b', {}, t('units.line', { line, column })),
          ` ${t(`fault.${rule}`, { expected, got: got === '' ? t('fault.nothing') : got })}`,
        ),
      ),
    ),
  ];
}

function planTable({ rows }) {
  const heads = ['field.unitId', 'units.id', 'units.what', 'units.doors', 'units.feeds'];
  return [
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t('units.preview') },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            heads.map((key) => h('th', { scope: 'col' }, t(key))),
          ),
        ),
        h(
          'tbody',
          {},
          rows.map(({ name, unitId, change, newLocks, feeds }) =>
            h(
              'tr',
              { data: { change } },
              h('td', {}, name || unitId),
              h('td', {}, unitId),
              h('td', {}, t(`units.${change}`)),
              h('td', {}, newLocks.length > 0 ? `+ ${newLocks.join(', ')}` : '–'),
              h('td', {}, feeds > 0 ? String(feeds) : '–'),
            ),
          ),
        ),
      ),
    ),
  ];
}
