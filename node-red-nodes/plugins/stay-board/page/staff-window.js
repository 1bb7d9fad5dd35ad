/**
 * Who comes and goes: the doors that each opens, and the QR code that brings a phone to know their code.
 * @module
 */
import { refusalText } from './act-form.js';
import { post } from './api.js';
import { h, shape } from './dom.js';
import { t } from './words.js';
import { openWindow } from './window.js';
import { momentText } from './zone-time.js';

export async function openStaff({ role, snapshot }) {
  const list = await post(role, 'staff/list', {});
  const { people, byDeploy, byFile } = list;
  const zone = snapshot?.units[0]?.zone ?? 'UTC';
  const isOneSite = new Set(people.map(({ siteId }) => siteId)).size < 2;
  const place = { role, zone, isOneSite };
  const learns = [
    byDeploy.length > 0 ? t('staff.by-deploy', { doors: byDeploy.join(', ') }) : null,
    byFile.length > 0 ? t('staff.by-file', { doors: byFile.join(', ') }) : null,
  ].filter(Boolean);
  openWindow(
    { title: t('tool.staff'), isBroad: true },
    h('p', {}, t('staff.lead')),
    people.length === 0
      ? h('p', { class: 'calm' }, t('staff.none'))
      : h(
          'ul',
          { class: 'people' },
          people.map((person) => personRow(person, place)),
        ),
    people.length === 0 || learns.length === 0
      ? null
      : h(
          'section',
          { class: 'learns' },
          h('h3', {}, t('staff.change')),
          h('p', { class: 'facts' }, t('staff.lost')),
          learns.map((text) => h('p', { class: 'facts' }, text)),
        ),
  );
}

function personRow(person, { role, zone, isOneSite }) {
  const { siteId, site, staffId, name, digits, keyVersion, doors, shown } = person;
  const entry = h('div', { class: 'entry' });
  const seen = h('span', { class: 'facts' }, shownText(shown, zone));
  const button = h('button', { type: 'button' }, t('staff.show'));
  // Every row has such a button: whose it is has to be heard as well.
  button.setAttribute('aria-label', `${t('staff.show')}: ${name}`);
  button.addEventListener('click', async () => {
    if (entry.childElementCount > 0) {
      entry.replaceChildren();
      say(button, 'staff.show', name);
      return;
    }
    try {
      const answer = await post(role, 'staff/show', { siteId, staffId });
      entry.replaceChildren(...entryOf(answer));
      seen.textContent = t('staff.shown-now');
      say(button, 'staff.hide', name);
      entry.firstElementChild.focus();
    } catch (error) {
      entry.replaceChildren(h('p', { class: 'problem', role: 'alert' }, refusalText(error)));
    }
  });
  const facts = [t('staff.code', { digits }), t('staff.key', { version: keyVersion })];
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'person' },
      h('b', {}, name),
      h('span', { class: 'facts' }, [isOneSite ? null : site, ...facts].filter(Boolean).join(' · ')),
      h(
        'span',
        { class: doors.length > 0 ? 'facts' : 'warn' },
        doors.length > 0 ? t('staff.opens', { doors: doors.join(', ') }) : t('staff.no-door'),
      ),
      seen,
      button,
    ),
    entry,
  );
}

function say(button, key, name) {
  button.textContent = t(key);
  button.setAttribute('aria-label', `${t(key)}: ${name}`);
}

const shownText = (shown, zone) =>
  shown === null
    ? t('staff.never-shown')
    : t('staff.shown', { by: shown.by, time: momentText(shown.atMs, zone) });

/** The QR code, and two other ways for who cannot scan it. */
function entryOf({ name, uri, qr, key, digits }) {
  return [
    h(
      'div',
      { class: 'qr', role: 'img', tabindex: '-1', 'aria-label': t('staff.qr', { name }) },
      shape(qr.path, 'modules', qr.size),
    ),
    h(
      'div',
      { class: 'ways' },
      h('p', {}, t('staff.scan', { name })),
      h('p', {}, h('a', { href: uri }, t('staff.open-app'))),
      h('p', { class: 'facts' }, t('staff.type', { digits })),
      h('p', { class: 'key' }, key),
      h('p', { class: 'warn' }, t('staff.secret')),
    ),
  ];
}
