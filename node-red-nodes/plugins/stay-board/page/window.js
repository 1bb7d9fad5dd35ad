/**
 * A window in the middle of the page, for what is about the whole house.
 * @module
 */
import { byId, h, shape } from './dom.js';
import { SHAPES } from './states.js';
import { t } from './words.js';

/** Opens it; answers with what closes it. What it showed is gone from the page once it is closed: digits and secrets too. */
export function openWindow({ title, isBroad = false }, ...content) {
  const dialog = byId('window');
  const close = () => dialog.close();
  dialog.onclose = () => dialog.replaceChildren();
  dialog.classList.toggle('broad', isBroad);
  dialog.replaceChildren(
    h(
      'div',
      { class: 'panel-head' },
      h('h2', { id: 'window-title' }, title),
      h(
        'button',
        { type: 'button', class: 'square', 'aria-label': t('panel.close'), on: { click: close } },
        shape(SHAPES.revoked, 'icon'),
      ),
    ),
    h('div', { class: 'panel-body' }, ...content),
  );
  dialog.showModal();
  return close;
}
