/**
 * The panel at the side: one stay, or one unit. What is being typed in it outlives what Node-RED tells meanwhile.
 * @module
 */
/* global document */
import { createActForm } from './act-form.js';
import { STAY_ACTS, UNIT_ACTS } from './acts.js';
import { createCodeBox, fillDetail } from './detail.js';
import { byId, h, patch, shape } from './dom.js';
import { guestText, SHAPES } from './states.js';
import { chip, whyText } from './today.js';
import { count, t } from './words.js';
import { dayOf, dayText, momentText, timeText } from './zone-time.js';

/** @param view what the page shows; @param close called once the panel is closed */
export function createPanel({ view, close, open }) {
  const dialog = byId('panel');
  let opener = null;
  let shown = null;
  dialog.addEventListener('close', () => {
    // Word of it comes a moment later: something else may be open by then.
    if (dialog.open) return;
    shown = null;
    close();
    if (opener?.isConnected) opener.focus();
    else if (document.activeElement === document.body) byId('timeline').focus();
  });
  dialog.addEventListener('click', ({ target }) => {
    // A click beside it: the dialog itself lies under nothing of its own but the edge.
    if (target === dialog) dialog.close();
  });
  return {
    show(wanted) {
      if (wanted === null) {
        dialog.close();
        return;
      }
      const unit = view.snapshot.units.find(({ unitId }) => unitId === wanted.unitId);
      const stay = unit?.stays.find(({ id }) => id === wanted.stayId);
      const isThere = unit && (wanted.stayId === null || stay);
      const place = isThere ? { role: view.role, unit, stay, nowMs: Date.now() + view.aheadMs } : null;
      const name = JSON.stringify([wanted, isThere !== undefined && isThere !== null]);
      // Closed just now, and still in the address: news of it must not open it again.
      if (shown?.name === name && !dialog.open) return;
      if (shown?.name === name) shown.update(place);
      else shown = { name, update: fill(dialog, place, open) };
      if (dialog.open) return;
      opener = document.activeElement;
      dialog.showModal();
    },
  };
}

/** Makes the panel's content; answers with what brings it up to date. */
function fill(dialog, place, open) {
  if (place === null) {
    dialog.replaceChildren(head(t('panel.gone'), '', dialog));
    return () => {};
  }
  const summary = h('div', { class: 'summary' });
  const code = h('div', {});
  const acts = h('div', { class: 'acts' });
  const detail = h('div', { class: 'detail' });
  let before = '';
  let latest = place;
  /** What was done shows, and nothing that was to be typed at a door for a code that opens none any more. */
  const tell = () => {
    for (const one of dialog.querySelectorAll('.revocation'))
      if (!latest.stay.openCodeIds.includes(one.dataset.codeId))
        one.replaceWith(h('p', { class: 'facts' }, t('digits.ended')));
    if (latest.role === 'host') void fillDetail(detail, latest).catch(() => detail.replaceChildren());
  };
  const update = (now) => {
    const looks = JSON.stringify([now.unit.name, now.unit.readyAtMs, now.stay ?? now.unit.stays]);
    if (looks === before) return;
    before = looks;
    summary.replaceChildren(...(now.stay ? staySummary(now) : unitSummary(now, open)));
    fillCode(code, now, tell);
    // A form that is being filled, or a result that is being read, stays.
    latest = now;
    if (!acts.querySelector('form, .result')) fillActs(acts, { latest: () => latest, tell });
    tell();
  };
  const { unit, stay } = place;
  dialog.replaceChildren(
    head(stay ? guestText(stay) || unit.name : unit.name, stay ? unit.name : unit.site, dialog),
    h('div', { class: 'panel-body' }, summary, code, acts, detail),
  );
  update(place);
  return (now) => now && update(now);
}

function head(title, lead, dialog) {
  return h(
    'div',
    { class: 'panel-head' },
    h('h2', { id: 'panel-title' }, title),
    h('p', {}, lead),
    h(
      'button',
      {
        ...{ type: 'button', class: 'square', 'aria-label': t('panel.close') },
        on: { click: () => dialog.close() },
      },
      shape(SHAPES.revoked, 'icon'),
    ),
  );
}

/** A button for the digits, which once they are shown stay in sight as long as they are the stay's. */
function fillCode(place, { role, unit, stay }, tell) {
  const hasCode = role === 'host' && stay && ['created', 'setting', 'set', 'verified'].includes(stay.state);
  const { shown } = place.dataset;
  const isOther = shown !== undefined && hasCode && shown !== nameOfCode(stay);
  // A button that is replaced while it is pressed is not clicked.
  if (hasCode && place.hasChildNodes() && !isOther) return;
  delete place.dataset.shown;
  const onShown = (code) => {
    place.dataset.shown = nameOfCode(code);
    tell();
  };
  place.replaceChildren(...(hasCode ? [createCodeBox({ role, unit, stay }, onShown)] : []));
}

/** Of the digits and of all that is said with them. */
const nameOfCode = ({ codeId, startsAtMs, endsAtMs }) => JSON.stringify([codeId, startsAtMs, endsAtMs]);

function fillActs(place, { latest, tell }) {
  const now = latest();
  const offered = (now.stay ? STAY_ACTS : UNIT_ACTS).filter(
    (act) => (act.roles ?? ['host']).includes(now.role) && act.when(now),
  );
  patch(place, offered, {
    key: ({ name }) => name,
    look: () => '',
    create: (act) =>
      h(
        'button',
        {
          ...{ type: 'button', class: act.isMain ? 'main' : act.danger ? 'danger' : null },
          data: { act: act.label ?? act.name },
          on: { click: () => openForm(place, act, { latest, tell }) },
        },
        t(`act.${act.label ?? act.name}`),
      ),
  });
}

function openForm(place, act, { latest, tell }) {
  const leave = () => {
    fillActs(place, { latest, tell });
    (place.querySelector(`[data-act="${act.label ?? act.name}"]`) ?? place.querySelector('button'))?.focus();
  };
  const form = createActForm(act, latest(), { leave, onDone: tell });
  place.replaceChildren(form);
  (form.querySelector('input, select') ?? form.querySelector('.main')).focus();
}

function staySummary({ unit, stay }) {
  return [times(unit, stay), stateLine(unit, stay), facts(unit, stay)];
}

function facts({ locks }, { source }) {
  const parts = [
    source ? t(`source.${source}`) : null,
    locks.length > 0 ? `${t('panel.doors')}: ${locks.join(', ')}` : null,
  ];
  return h('p', { class: 'facts' }, parts.filter(Boolean).join(' · '));
}

function unitSummary({ unit, nowMs }, open) {
  const coming = unit.stays
    .filter(({ endsAtMs, state }) => endsAtMs > nowMs && state !== 'revoked')
    .slice(0, 4);
  return [
    h('p', { class: 'facts' }, unit.locks.length > 0 ? `${t('panel.doors')}: ${unit.locks.join(', ')}` : ''),
    unit.readyAtMs
      ? h(
          'p',
          { class: 'ready' },
          shape(SHAPES.set),
          t('unit.ready', { time: momentText(unit.readyAtMs, unit.zone) }),
        )
      : null,
    coming.length === 0
      ? h('p', { class: 'calm' }, t('unit.no-stays'))
      : h(
          'ul',
          { class: 'cards' },
          coming.map((stay) =>
            h(
              'li',
              {},
              h(
                'button',
                { type: 'button', class: 'card', on: { click: () => open(unit.unitId, stay.id) } },
                h('span', { class: 'time' }, momentText(stay.startsAtMs, unit.zone)),
                h('span', { class: 'who' }, guestText(stay)),
                chip(stay),
              ),
            ),
          ),
        ),
  ].filter(Boolean);
}

function times({ zone }, { startsAtMs, endsAtMs }) {
  const nights = dayOf(endsAtMs, zone) - dayOf(startsAtMs, zone);
  const entry = (key, atMs) =>
    h('div', {}, h('dt', {}, t(key)), h('dd', {}, dayText(atMs, zone), h('b', {}, timeText(atMs, zone))));
  return h(
    'dl',
    { class: 'times' },
    entry('panel.check-in', startsAtMs),
    h(
      'div',
      { class: 'nights' },
      h('dt', { class: 'hidden' }, t('panel.length')),
      h('dd', {}, count('panel.nights', nights)),
    ),
    entry('panel.check-out', endsAtMs),
  );
}

function stateLine({ zone }, stay) {
  const { endedAt, stillOpenUntilMs } = stay;
  return h(
    'div',
    { class: 'state-line' },
    chip(stay),
    h('p', {}, tellsText(stay, zone)),
    ...endedAt.map((detail) => h('p', { class: 'warn' }, t('warn.ended-at-door', { detail }))),
    stillOpenUntilMs
      ? h('p', { class: 'warn' }, t('warn.still-open', { time: momentText(stillOpenUntilMs, zone) }))
      : null,
  );
}

function tellsText({ state, reason, detail, usedAtMs, messageState, messageDueAtMs, messageFailures }, zone) {
  if (reason && (state === 'held' || state === 'revoked')) return whyText(reason, detail);
  if (state === 'setting' && messageDueAtMs > Date.now()) {
    return t(messageFailures > 0 ? 'tells.retried' : 'tells.due', { time: momentText(messageDueAtMs, zone) });
  }
  if (state === 'setting' && messageState === 'failed') return t('tells.failed');
  return t(`tells.${state}`, { time: usedAtMs ? momentText(usedAtMs, zone) : '' });
}
