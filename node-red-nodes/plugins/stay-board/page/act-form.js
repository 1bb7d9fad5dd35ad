/**
 * One act: says what will come of it, asks once, and shows what came of it.
 * @module
 */
/* global setTimeout, clearTimeout, navigator, FormData */
import { post } from './api.js';
import { h, shape } from './dom.js';
import { SHAPES } from './states.js';
import { whyText } from './today.js';
import { count, has, t } from './words.js';
import { momentText } from './zone-time.js';

const TRIAL_AFTER_MS = 250;

/**
 * The form of an act, in place of its button's row until it is done or left.
 * @param act see `acts.js`; @param place where it is done: `{role, unit, stay}`; @param leave called to put the buttons back
 */
export function createActForm(act, place, { leave, onDone }) {
  const { unit, stay } = place;
  const heading = h('h3', {}, t(`act.${act.name}`));
  const outcome = h('p', { class: 'outcome', 'aria-live': 'polite' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const confirm = h('button', { class: `main ${act.danger ? 'danger' : ''}` }, t(`act.${act.name}.go`));
  const fields = (act.fields?.(place) ?? []).map(createField);
  const form = h(
    'form',
    { class: 'act-form', 'aria-label': t(`act.${act.name}`) },
    heading,
    has(`act.${act.name}.lead`) ? h('p', {}, t(`act.${act.name}.lead`)) : null,
    fields,
    outcome,
    problem,
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', on: { click: leave } }, t('act.cancel')),
      confirm,
    ),
  );
  const body = () => ({
    ...{ unitId: unit.unitId, stayId: stay?.id },
    ...Object.fromEntries(new FormData(form)),
  });
  const refuse = (error) => {
    problem.textContent = refusalText(error);
  };
  const tryOut = async () => {
    problem.textContent = '';
    outcome.textContent = '';
    if (!form.checkValidity()) return;
    try {
      outcome.textContent = outcomeText(
        await post(place.role, `acts/${act.name}`, { ...body(), trial: true }),
        unit,
      );
      confirm.disabled = false;
    } catch (error) {
      confirm.disabled = true;
      refuse(error);
    }
  };
  if (act.isTried) {
    let timer;
    form.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => void tryOut(), TRIAL_AFTER_MS);
    });
    void tryOut();
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    confirm.disabled = true;
    problem.textContent = '';
    post(place.role, `acts/${act.name}`, body()).then(
      (result) => {
        if (act.opens) {
          leave();
          act.opens(result, unit);
          onDone?.(result);
          return;
        }
        const shown = createResult(act, result, { unit, leave });
        form.replaceWith(shown);
        shown.focus();
        onDone?.(result);
      },
      (error) => {
        confirm.disabled = false;
        refuse(error);
      },
    );
  });
  return form;
}

function createField({ name, value = '', type = 'text', options, ...attributes }) {
  const input = options
    ? h(
        'select',
        { name },
        options.map((one) => h('option', { value: one.value, selected: one.value === value }, one.text)),
      )
    : h('input', { name, type, value, autocomplete: 'off', ...attributes });
  return h('label', { class: 'field' }, h('span', {}, t(`field.${name}`)), input);
}

/** What an act will come to, in a sentence. */
function outcomeText({ hasCode, isNewCode, stillOpenUntilMs }, { zone }) {
  const time = stillOpenUntilMs === null ? '' : momentText(stillOpenUntilMs, zone);
  if (!hasCode) return time === '' ? t('outcome.no-code') : t('outcome.no-code-open', { time });
  if (!isNewCode) return t('outcome.same');
  return time === '' ? t('outcome.new') : t('outcome.new-open', { time });
}

/** Why an act was refused. */
export function refusalText({ code, detail, message }) {
  if (code && has(`refused.${code}`)) return t(`refused.${code}`, { detail: detail ?? '' });
  const why = code ? whyText(code, detail) : null;
  return why && why !== code ? why : t('refused.other', { message });
}

function createResult(act, result, { unit, leave }) {
  const { zone } = unit;
  return h(
    'div',
    { class: 'result', role: 'status', tabindex: '-1' },
    h(
      'p',
      { class: 'done' },
      shape(SHAPES.set),
      h('span', {}, t(`act.${act.name}.done`, act.told?.(result, unit))),
    ),
    result.grouped ? digitsBox(result.grouped) : null,
    result.grouped && result.startsAtMs
      ? h(
          'p',
          { class: 'facts' },
          t('digits.window', {
            from: momentText(result.startsAtMs, zone),
            to: momentText(result.endsAtMs, zone),
          }),
        )
      : null,
    revocations(result.revocations ?? [], zone),
    h('div', { class: 'buttons' }, h('button', { type: 'button', on: { click: leave } }, t('act.close'))),
  );
}

/** What ends the codes of before at the door. */
export function revocations(list, zone) {
  return list.map(({ codeId, grouped, untilMs, alsoEnds }) =>
    h(
      'div',
      { class: 'revocation', data: { codeId } },
      h('p', {}, t('digits.revocation', { time: momentText(untilMs, zone) })),
      digitsBox(grouped),
      alsoEnds > 0 ? h('p', { class: 'problem' }, count('digits.also-ends', alsoEnds)) : null,
    ),
  );
}

/** Twelve digits to read out or to copy. */
export function digitsBox(grouped) {
  const copied = h('span', { class: 'hidden', role: 'status' });
  const copy = h('button', { type: 'button', class: 'copy' }, t('digits.copy'));
  copy.addEventListener('click', () => {
    navigator.clipboard?.writeText(grouped.replaceAll(' ', '')).then(() => {
      copy.textContent = t('digits.copied');
      copied.textContent = t('digits.copied');
    });
  });
  return h('p', { class: 'digits' }, h('span', {}, grouped), navigator.clipboard ? copy : null, copied);
}
