/**
 * The lock's page: shows what the lock says, sends it what is typed. Everything is judged in the lock.
 * @module
 */
/* global document, fetch, AbortSignal, EventSource, setTimeout, clearTimeout */
import { createFaults } from './faults.js';
import { createKeypad } from './keypad.js';
import { createClock } from './lock-time.js';
import { createLog } from './log.js';

const byId = (id) => document.getElementById(id);

/** The lock is heard every ten seconds at least; after two missed beats it counts as gone. */
const SILENCE_MS = 25_000;
const RETRY_MS = 3_000;
const ANSWER_WITHIN_MS = 10_000;
const SIGNAL_SHOWN_MS = 6_000;

const BOLT_TEXTS = { secured: 'Locked', unsecured: 'Unlocked', jammed: 'Jammed' };
/** A shape and words of its own for each signal, never the colour alone; a refusal does not say why. */
const SIGNALS = {
  opened: { text: 'Opened', shape: 'M5 12.5l4.5 4.5L19 7.5' },
  done: { text: 'Done', shape: 'M4 12h16M12 4v16' },
  refused: { text: 'Not accepted', shape: 'M6 6l12 12M18 6L6 18' },
  lost: { text: 'No answer from the lock', shape: 'M12 5v9M12 18.5v.5' },
};

const clock = createClock(byId('clock'));
const faults = createFaults({ root: byId('faults'), apply: (fault) => post('api/faults', fault) });
const log = createLog(byId('log'), byId('log-empty'));
const keypad = createKeypad({
  root: byId('keypad'),
  typed: byId('typed'),
  judge,
  onKey: () => showSignal(null),
});
let signalTimer;
let silenceTimer;

byId('turn').addEventListener('click', turn);
listen();

function listen() {
  const source = new EventSource('api/live');
  source.addEventListener('message', ({ data }) => {
    showLock(JSON.parse(data));
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(begin, SILENCE_MS);
  });
  source.addEventListener('error', () => {
    showLost();
    // The browser tries again by itself, unless what answered was no stream.
    if (source.readyState === EventSource.CLOSED) silenceTimer = setTimeout(begin, RETRY_MS);
  });
  const begin = () => {
    source.close();
    showLost();
    listen();
  };
}

function showLock({ name, zone, status, events, faults: faultsOn }) {
  const powered = !faultsOn.some(({ fault }) => fault === 'power-cut');
  document.title = `${BOLT_TEXTS[status.bolt]} · ${name}`;
  setText(byId('name'), name);
  setText(byId('banner'), powered ? '' : 'The lock has no power');
  showBolt(status.bolt);
  setText(byId('contact-text'), powered ? contactText(status) : '');
  showBattery(powered ? status.battery : null);
  if (powered) clock.set(status, zone);
  else clock.stop();
  log.set(events, zone);
  keypad.setAvailable(powered);
  faults.set(faultsOn);
}

/** What the lock last said is not shown as if it still held. */
function showLost() {
  clearTimeout(silenceTimer);
  setText(byId('banner'), 'No connection to the lock program. Trying again …');
  document.body.dataset.bolt = 'unknown';
  document.title = 'No connection';
  setText(byId('bolt-text'), 'No connection');
  setText(byId('contact-text'), '');
  byId('turn').disabled = true;
  clock.stop();
  showBattery(null);
  keypad.setAvailable(false);
  faults.set(null);
}

function showBolt(bolt) {
  document.body.dataset.bolt = bolt;
  setText(byId('bolt-text'), BOLT_TEXTS[bolt]);
  byId('turn').disabled = false;
  byId('turn').dataset.to = bolt === 'unsecured' ? 'lock' : 'unlock';
  setText(byId('turn-text'), bolt === 'unsecured' ? 'Lock from inside' : 'Unlock from inside');
}

/** What the door's contact says, and that it was forced. */
function contactText({ door, tampered }) {
  const forced = tampered ? 'The door was forced' : '';
  const open = door === 'open' ? 'The door stands open' : '';
  return [open, forced].filter((text) => text !== '').join(' · ');
}

function showBattery(percent) {
  byId('battery').hidden = percent === null;
  if (percent === null) return;
  byId('battery').classList.toggle('low', percent <= 20);
  byId('charge').setAttribute('width', String((16 * percent) / 100));
  setText(byId('battery-text'), `${Math.round(percent)} %`);
}

/** `null` puts the signal out. */
function showSignal(name) {
  clearTimeout(signalTimer);
  const { text, shape } = SIGNALS[name] ?? { text: '', shape: '' };
  byId('signal').dataset.signal = name ?? '';
  byId('signal-shape').setAttribute('d', shape);
  setText(byId('signal-text'), text);
  if (name !== null) signalTimer = setTimeout(showSignal, SIGNAL_SHOWN_MS, null);
}

async function judge(digits) {
  try {
    const { signal } = await post('api/entry', { digits });
    showSignal(signal);
  } catch {
    showSignal('lost');
  }
}

async function turn() {
  try {
    await post('api/turn', { to: byId('turn').dataset.to });
  } catch {
    showSignal('lost');
  }
}

async function post(path, content) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(content),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Only what changed: a live region that is written again is read out again. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
