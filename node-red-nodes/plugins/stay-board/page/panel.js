/**
 * The panel at the side: one stay, or one unit.
 * @module
 */
/* global document */
import { byId, h, shape } from './dom.js';
import { guestText, SHAPES } from './states.js';
import { chip, whyText } from './today.js';
import { count, t } from './words.js';
import { dayOf, momentText } from './zone-time.js';

/** @param view what the page shows; @param close called once the panel is closed */
export function createPanel({ view, close }) {
  const dialog = byId('panel');
  let opener = null;
  dialog.addEventListener('close', () => {
    close();
    opener?.isConnected ? opener.focus() : byId('timeline').focus();
  });
  dialog.addEventListener('click', ({ target }) => {
    // A click beside it: the dialog itself lies under nothing of its own but the edge.
    if (target === dialog) dialog.close();
  });
  return {
    show(place) {
      if (place === null) {
        dialog.close();
        return;
      }
      const unit = view.snapshot.units.find(({ unitId }) => unitId === place.unitId);
      const stay = unit?.stays.find(({ id }) => id === place.stayId);
      if (!unit || (place.stayId !== null && !stay)) {
        dialog.replaceChildren(head(t('panel.gone'), '', dialog));
      } else {
        dialog.replaceChildren(...stayPart(unit, stay, dialog));
      }
      if (!dialog.open) {
        opener = document.activeElement;
        dialog.showModal();
      }
    },
  };
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
        type: 'button',
        class: 'square',
        'aria-label': t('panel.close'),
        on: { click: () => dialog.close() },
      },
      shape(SHAPES.revoked, 'icon'),
    ),
  );
}

function stayPart(unit, stay, dialog) {
  return [
    head(guestText(stay) || unit.name, unit.name, dialog),
    h('div', { class: 'panel-body' }, times(unit, stay), stateLine(unit, stay)),
  ];
}

function times({ zone }, { startsAtMs, endsAtMs }) {
  const nights = dayOf(endsAtMs, zone) - dayOf(startsAtMs, zone);
  return h(
    'dl',
    { class: 'times' },
    h('div', {}, h('dt', {}, t('panel.check-in')), h('dd', {}, momentText(startsAtMs, zone))),
    h(
      'div',
      { class: 'nights' },
      h('dt', { class: 'hidden' }, ''),
      h('dd', {}, count('panel.nights', nights)),
    ),
    h('div', {}, h('dt', {}, t('panel.check-out')), h('dd', {}, momentText(endsAtMs, zone))),
  );
}

function stateLine({ zone }, stay) {
  const tells = tellsText(stay, zone);
  return h('div', { class: 'state-line' }, chip(stay), h('p', {}, tells));
}

function tellsText({ state, reason, detail, usedAtMs, messageDueAtMs }, zone) {
  if (state === 'held' && reason) return whyText(reason, detail);
  if (state === 'setting' && messageDueAtMs > Date.now()) {
    return t('tells.due', { time: momentText(messageDueAtMs, zone) });
  }
  return t(`tells.${state}`, { time: usedAtMs ? momentText(usedAtMs, zone) : '' });
}
