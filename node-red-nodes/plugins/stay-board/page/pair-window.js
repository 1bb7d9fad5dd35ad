/**
 * The string that a host pastes into Homebridge's settings, so that a door shows in the Home app.
 * @module
 */
/* global FormData, navigator */
import { post } from './api.js';
import { refusalText } from './act-form.js';
import { h } from './dom.js';
import { t } from './words.js';
import { openWindow } from './window.js';

export function openPairing(role, { lockId, name, broker }) {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const outcome = h('div', { 'aria-live': 'polite' });
  const field = (key, attributes) =>
    h(
      'label',
      { class: 'field' },
      h('span', {}, t(`pair.${key}`)),
      h('input', { name: key, autocomplete: 'off', spellcheck: 'false', ...attributes }),
    );
  const form = h(
    'form',
    { class: 'act-form' },
    field('brokerUrl', { value: broker, required: true }),
    field('username', {}),
    field('password', { type: 'password' }),
    problem,
    h('div', { class: 'buttons' }, h('button', { class: 'main' }, t('pair.go'))),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    outcome.replaceChildren();
    try {
      const { pairing } = await post(role, 'locks/pair', {
        lockId,
        ...Object.fromEntries(new FormData(form)),
      });
      outcome.replaceChildren(...showLine(pairing));
    } catch (error) {
      problem.textContent = refusalText(error);
    }
  });
  openWindow({ title: t('pair.title', { name }), isBroad: true }, h('p', {}, t('pair.lead')), form, outcome);
}

function showLine(pairing) {
  const line = h(
    'textarea',
    { rows: '4', class: 'wrapped', readonly: true, 'aria-label': t('pair.line') },
    pairing,
  );
  const copied = h('span', { class: 'facts', role: 'status' });
  const copy = async () => {
    line.select();
    await navigator.clipboard.writeText(pairing);
    copied.textContent = t('pair.copied');
  };
  const buttons = navigator.clipboard
    ? h(
        'div',
        { class: 'buttons start' },
        h('button', { type: 'button', on: { click: copy } }, t('pair.copy')),
        copied,
      )
    : null;
  return [line, h('p', { class: 'facts' }, t('pair.secret')), buttons].filter(Boolean);
}
