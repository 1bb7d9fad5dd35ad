/** The settings page: what it shows comes from src/settings by `homebridge.request`; what it changes is the platform's block. */
import { el, fill, tell } from './elements.js';
import { showStays } from './stays.js';

const PLATFORM = { platform: 'Staycode', name: 'Staycode' };
/** Locks that were taken off the list on this page, by their ids, for who ticks them again. */
const takenOff = new Map();
const part = (id) => document.getElementById(id);

/** What the accessory may have beside the bolt, by config.schema.json: names with their titles and defaults. */
async function readExtras() {
  const { schema } = await homebridge.getPluginConfigSchema();
  return Object.entries(schema.properties.locks.items.properties.services.properties);
}

/** The block as it stands now, with what was changed in the form below this page. */
async function readBlock() {
  const [block] = await homebridge.getPluginConfig();
  return block ?? PLATFORM;
}

async function changeBlock(change) {
  const block = change(await readBlock());
  await homebridge.updatePluginConfig([{ ...PLATFORM, ...block }]);
  return block;
}

async function addLock(event) {
  event.preventDefault();
  const field = part('pairing');
  const added = await homebridge.request('/pair', { block: await readBlock(), pairing: field.value });
  field.setAttribute('aria-invalid', String(!added.ok));
  if (!added.ok) {
    tell(part('pairing-told'), added.text, false);
    field.focus();
    return;
  }
  await changeBlock(() => added.block);
  field.value = '';
  const done = added.replaced ? 'has its new key' : 'is on the list';
  tell(part('pairing-told'), `${added.name} ${done}. Save to keep it.`, true);
  await look();
}

async function look() {
  const button = part('look');
  button.disabled = true;
  tell(part('broker'), 'Looking for locks …');
  try {
    const block = await readBlock();
    const { broker, locks } = await homebridge.request('/locks', { block });
    tell(part('broker'), broker.text, broker.ok);
    const kept = [...takenOff.keys()];
    const rows = locks.map((lock, i) => showLock(lock, i, block, kept.includes(lock.lockId)));
    fill(part('locks'), rows);
  } catch {
    tell(part('broker'), 'The page’s own program does not answer: close this page and open it again.', false);
  } finally {
    button.disabled = false;
  }
}

function showLock(lock, i, block, canReturn) {
  const id = `lock-${i}`;
  const listed = lock.at !== null;
  const said = el('p', { id: `${id}-said`, className: lock.online ? 'good' : 'said' }, lock.text);
  const needs = canReturn || lock.needs === null ? null : el('p', { id: `${id}-needs` }, lock.needs);
  const tick = el('input', { type: 'checkbox', id, checked: listed, disabled: !listed && !canReturn });
  tick.setAttribute('aria-describedby', needs ? `${said.id} ${needs.id}` : said.id);
  tick.addEventListener('change', async () => {
    // Until the list is drawn anew: a second press would act on a place in the list that is no longer this lock's.
    tick.disabled = true;
    await (tick.checked ? putBack(lock) : takeOff(lock));
  });
  const row = el('div', { className: 'line' }, tick, el('label', { htmlFor: id }, lock.name));
  const parts = [row, said, needs];
  if (!listed && !canReturn) row.append(pasteButton(lock));
  if (listed && lock.lockId !== null) {
    const steps = el('ul', { className: 'steps' });
    steps.setAttribute('aria-live', 'polite');
    row.append(testButton(lock, steps));
    parts.push(steps, showExtras(lock, id, block.locks[lock.at]));
  }
  const shown = el('li', { className: 'lock' }, ...parts.filter((each) => each !== null));
  shown.dataset.lockId = lock.lockId;
  return shown;
}

function pasteButton({ name }) {
  const button = el('button', { type: 'button' }, 'Paste its pairing string');
  button.addEventListener('click', () => {
    tell(part('pairing-told'), `Paste the pairing string of ${name} here.`);
    part('pairing').focus();
  });
  return button;
}

function testButton(lock, steps) {
  const button = el('button', { type: 'button' }, 'Test');
  button.setAttribute('aria-label', `Test the connection to ${lock.name}`);
  button.addEventListener('click', async () => {
    button.disabled = true;
    fill(steps, [el('li', {}, 'Asking the lock …')]);
    const test = await homebridge.request('/test', { block: await readBlock(), at: lock.at });
    fill(
      steps,
      test.steps.map(({ ok, text }) =>
        el('li', { className: ok ? 'good' : 'bad' }, `${ok ? '✓' : '✗'} ${text}`),
      ),
    );
    button.disabled = false;
  });
  return button;
}

function showExtras(lock, id, entry) {
  const services = entry.services ?? {};
  const boxes = extras.map(([name, { title, default: otherwise }]) => {
    const box = el('input', { type: 'checkbox', checked: services[name] ?? otherwise });
    box.addEventListener('change', () =>
      changeLock(lock.at, (one) => ({ ...one, services: { ...one.services, [name]: box.checked } })),
    );
    return el('label', {}, box, title);
  });
  return el(
    'details',
    {},
    el('summary', { id: `${id}-extras` }, `${lock.name} in the Home app`),
    el('div', { className: 'extras' }, ...boxes),
  );
}

async function changeLock(at, change) {
  await changeBlock((block) => ({ ...block, locks: block.locks.with(at, change(block.locks[at])) }));
}

/** Drawing the list anew would send who works by keyboard back to the page's start. */
async function lookAndReturn(lockId) {
  await look();
  const row = [...part('locks').children].find((each) => each.dataset.lockId === lockId);
  (row?.querySelector('input:enabled, button:enabled') ?? part('look')).focus();
}

async function takeOff(lock) {
  await changeBlock((block) => {
    if (lock.lockId !== null) takenOff.set(lock.lockId, block.locks[lock.at]);
    return { ...block, locks: block.locks.toSpliced(lock.at, 1) };
  });
  await lookAndReturn(lock.lockId);
}

async function putBack(lock) {
  const entry = takenOff.get(lock.lockId);
  takenOff.delete(lock.lockId);
  await changeBlock((block) => ({ ...block, locks: [...(block.locks ?? []), entry] }));
  await lookAndReturn(lock.lockId);
}

function toggleForm() {
  const button = part('all');
  const open = button.getAttribute('aria-expanded') !== 'true';
  button.setAttribute('aria-expanded', String(open));
  if (open) homebridge.showSchemaForm();
  else homebridge.hideSchemaForm();
}

const extras = await readExtras();
document.documentElement.lang = 'en';
document.querySelector('.staycode').dataset.theme = await homebridge.userCurrentLightingMode();
part('pair').addEventListener('submit', addLock);
part('look').addEventListener('click', look);
part('all').addEventListener('click', toggleForm);
part('read-stays').addEventListener('click', async () => {
  await showStays(part('stays'), await readBlock());
});
await look();
