/** Today's stays, a table for each lock; a code comes to the page at a click and leaves it at the next. */
import { el, fill } from './elements.js';

const KINDS = {
  stay: 'Stay',
  amendment: 'Stay, changed',
  'one-time': 'One entry',
};
const moment = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });

export async function showStays(place, block) {
  fill(place, [el('p', {}, 'Reading …')]);
  const locks = await homebridge.request('/stays', { block });
  fill(place, locks.length === 0 ? [el('p', {}, 'No lock is on the list yet.')] : locks.map(showLock));
}

function showLock({ name, stays, text }) {
  if (stays.length === 0) return el('p', {}, `${name}: ${text ?? 'no stays today.'}`);
  const head = ['Unit', 'From', 'To', 'What', 'Code'].map((title) => el('th', { scope: 'col' }, title));
  return el(
    'table',
    {},
    el('caption', {}, name),
    el('thead', {}, el('tr', {}, ...head)),
    el('tbody', {}, ...stays.map(showStay)),
  );
}

function showStay({ id, unitId, kind, startsAtMs, endsAtMs }) {
  const button = el('button', { type: 'button' }, 'Show');
  button.setAttribute('aria-label', `Show the code of ${unitId}`);
  const digits = el('span', { className: 'digits', hidden: true });
  button.addEventListener('click', async () => {
    if (digits.hidden) {
      const answer = await homebridge.request('/code', { id });
      digits.textContent = answer.digits ?? 'read the stays anew';
      digits.hidden = false;
      button.textContent = 'Hide';
    } else {
      digits.textContent = '';
      digits.hidden = true;
      button.textContent = 'Show';
    }
    button.setAttribute('aria-label', `${button.textContent} the code of ${unitId}`);
  });
  const cells = [unitId, moment.format(startsAtMs), moment.format(endsAtMs), KINDS[kind] ?? kind];
  const code = el('td', {}, el('span', { className: 'line' }, digits, button));
  return el('tr', {}, ...cells.map((text) => el('td', {}, text)), code);
}
