/**
 * A stay by hand, in whichever unit.
 * @module
 */
import { createActForm } from './act-form.js';
import { UNIT_ACTS } from './acts.js';
import { byId } from './dom.js';
import { t } from './words.js';
import { openWindow } from './window.js';

export function openAddStay({ role, snapshot, aheadMs }) {
  const { units } = snapshot;
  const [unit] = units;
  if (!unit) return;
  const add = UNIT_ACTS.find(({ name }) => name === 'add-stay');
  const act = {
    ...add,
    fields: (place) => [
      { name: 'unitId', options: units.map(({ unitId, name }) => ({ value: unitId, text: name })) },
      ...add.fields(place),
    ],
  };
  const place = { role, unit, nowMs: Date.now() + aheadMs };
  const form = createActForm(act, place, { leave: () => byId('window').close() });
  openWindow({ title: t('tool.add') }, form);
  form.querySelector('select').focus();
}
