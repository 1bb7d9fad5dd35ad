/**
 * All locks' files at once, sealed under one passphrase.
 * @module
 */
import { download, post } from './api.js';
import { refusalText } from './act-form.js';
import { h } from './dom.js';
import { save } from './units-window.js';
import { count, t } from './words.js';
import { openPairing } from './pair-window.js';
import { openWindow } from './window.js';

export async function openLocks({ role }) {
  const { locks } = await post(role, 'locks/list', {});
  const problem = h('p', { class: 'problem', role: 'alert' });
  const status = h('p', { class: 'facts', role: 'status' });
  const go = h('button', { class: 'main' }, count('locks.go', locks.length));
  const phrase = (name) =>
    h(
      'label',
      { class: 'field' },
      h('span', {}, t(`locks.${name}`)),
      h('input', { type: 'password', name, required: true, minlength: '8', autocomplete: 'new-password' }),
    );
  const form = h(
    'form',
    {},
    phrase('passphrase'),
    phrase('again'),
    problem,
    status,
    h('div', { class: 'buttons' }, go),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { passphrase, again } = form.elements;
    problem.textContent = '';
    if (passphrase.value !== again.value) {
      problem.textContent = t('locks.differ');
      again.focus();
      return;
    }
    go.disabled = true;
    status.textContent = t('locks.working');
    try {
      save(
        await download(role, 'locks/files', { passphrase: passphrase.value }),
        'lock-files.zip',
        'application/zip',
      );
      status.textContent = t('locks.done');
      form.reset();
    } catch (error) {
      status.textContent = '';
      problem.textContent = refusalText(error);
    } finally {
      go.disabled = false;
    }
  });
  form.className = 'act-form';
  openWindow(
    { title: t('tool.locks'), isBroad: true },
    h('p', {}, t('locks.lead')),
    lockList(locks, (lock) => openPairing(role, lock)),
    form,
  );
}

function lockList(locks, pair) {
  if (locks.length === 0) return h('p', { class: 'calm' }, t('locks.none'));
  return h(
    'ul',
    { class: 'lock-list', tabindex: '0', 'aria-label': t('tool.locks') },
    locks.map((lock) => {
      const { name, lockId, units, problem, broker } = lock;
      return h(
        'li',
        {},
        h('b', {}, name),
        ` ${lockId === name ? '' : lockId}`,
        h('span', { class: 'facts' }, units.join(', ')),
        problem ? h('span', { class: 'problem' }, problem) : null,
        broker && !problem
          ? h('button', { type: 'button', on: { click: () => pair(lock) } }, t('locks.pair'))
          : null,
      );
    }),
  );
}
