/**
 * What the panel tells beyond the bar: the code, the guest's message, the doors' log, what was done, the odds.
 * @module
 */
import { digitsBox, refusalText, revocations } from './act-form.js';
import { post } from './api.js';
import { h } from './dom.js';
import { has, locale, t } from './words.js';
import { momentText } from './zone-time.js';

/**
 * Digits are fetched, and counted as shown, only when they are asked for.
 * @param onShown called with `{codeId, startsAtMs, endsAtMs}` of what is shown, as a stay on the board has them
 */
export function createCodeBox({ role, unit, stay }, onShown) {
  const box = h('section', { class: 'code-box', 'aria-label': t('code.title') });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const show = h('button', { type: 'button', class: 'wide' }, t('code.show'));
  show.addEventListener('click', () => {
    post(role, 'acts/show-code', { unitId: unit.unitId, stayId: stay.id }).then(
      ({ codeId, grouped, doorPins, message, startsAtMs, endsAtMs, stay: times, revocations: ends }) => {
        const { zone } = unit;
        box.replaceChildren(
          digitsBox(grouped),
          // Where they differ from what all doors take.
          ...doorPins
            .filter(({ pin }) => pin !== grouped)
            .map(({ door, pin }) => h('p', { class: 'facts' }, `${door}: ${pin}`)),
          h(
            'p',
            { class: 'facts' },
            t('digits.window', { from: momentText(startsAtMs, zone), to: momentText(endsAtMs, zone) }),
          ),
          ...revocations(ends, zone),
          h(
            'details',
            { class: 'fold' },
            h('summary', {}, t('code.message')),
            h('p', { class: 'message' }, message),
          ),
        );
        onShown({ codeId, ...times });
        box.tabIndex = -1;
        box.focus();
      },
      (error) => {
        problem.textContent = refusalText(error);
      },
    );
  });
  box.append(show, problem);
  return box;
}

/** Fills the place with what Node-RED tells of a stay, or of a unit. */
export async function fillDetail(place, { role, unit, stay }) {
  const detail = await post(role, 'detail', { unitId: unit.unitId, stayId: stay?.id });
  const { doorLog, history, odds, backupDays } = detail;
  place.replaceChildren(
    section(
      t('detail.doors'),
      doorLog.length === 0 ? [h('p', { class: 'calm' }, t('detail.no-doors'))] : [doorList(doorLog, unit)],
    ),
    section(
      t('detail.history'),
      history.length === 0
        ? [h('p', { class: 'calm' }, t('detail.no-history'))]
        : [historyList(history, unit)],
    ),
    ...(odds.length === 0 ? [] : [section(t('detail.odds'), odds.map(oddsLine))]),
    ...(stay || unit.isListed
      ? []
      : [section(t('detail.backups'), [h('p', { class: 'facts' }, backupText(backupDays))])]),
  );
}

const section = (title, children) => h('section', {}, h('h3', {}, title), children);

function doorList(lines, { zone }) {
  return h(
    'ol',
    { class: 'lines' },
    lines.map(({ atMs, door, event, reason, who, isHeard }) =>
      h(
        'li',
        { data: { mood: event === 'LockOperation' ? 'good' : 'bad' } },
        h('span', { class: 'when' }, momentText(atMs, zone)),
        h('span', {}, h('b', {}, t(`door.${event}`)), ` ${door}`),
        h(
          'span',
          { class: 'facts' },
          [who, verdictText(reason), isHeard && t('door.heard')].filter(Boolean).join(' · '),
        ),
      ),
    ),
  );
}

const verdictText = (reason) => (has(`verdict.${reason}`) ? t(`verdict.${reason}`) : (reason ?? ''));

function historyList(lines, { zone }) {
  return h(
    'ol',
    { class: 'lines' },
    lines.map(({ atMs, what, by, note }) =>
      h(
        'li',
        {},
        h('span', { class: 'when' }, momentText(atMs, zone)),
        h('span', {}, h('b', {}, has(`done.${what}`) ? t(`done.${what}`) : what), by ? ` · ${by}` : null),
        note ? h('span', { class: 'facts' }, note) : null,
      ),
    ),
  );
}

function oddsLine({ door, oneIn, perYear }) {
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: 0 });
  const share = new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 2 });
  return h(
    'p',
    { class: 'facts' },
    t('odds.line', { door, number: number.format(oneIn), share: share.format(perYear) }),
  );
}

function backupText(days) {
  return days.length === 0
    ? t('detail.no-backups')
    : t('detail.backups-left', { number: days.length, last: days.at(-1) });
}
