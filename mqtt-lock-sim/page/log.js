/**
 * The log in the owner's words. Never a code: the lock's events hold none.
 * @module
 */
/* global document */
import { formatMoment, formatWindow } from './lock-time.js';

const SOURCES = {
  Keypad: 'at the keypad',
  Remote: 'by a remote command',
  Manual: 'by hand from inside',
  Auto: 'by itself',
};
/** The verdict's reasons (spec, "Verdicts and scenarios") and those of refused commands. */
const REASONS = {
  stay: 'stay code',
  amendment: 'amendment code',
  'one-time': 'one-time code',
  pin: 'short PIN',
  staff: 'staff code',
  clock: 'clock code: the time is set',
  revocation: 'revocation code: a stay is ended',
  closed: 'the keypad is closed after too many wrong entries',
  unknown: 'no such code',
  revoked: 'this code was revoked',
  superseded: 'a newer code took its place',
  consumed: 'one-time code already used here',
  'clock-lost': 'the lock has lost its clock',
  early: 'before the stay begins',
  expired: 'after the stay ended',
  replayed: 'used once already',
  'clock-refused': 'clock code not taken',
  'revocation-refused': 'revocation code not taken',
  malformed: 'command not understood',
  foreign: 'command for another lock',
  forged: 'command with a wrong signature',
  'other-boot': 'command from before the last start',
  late: 'command came too late',
  // Alarms; a command that ends in a jam has the first one as well.
  jammed: 'the bolt is jammed',
  forced: 'the door was forced open',
};

/** Fills the list, newest first, unless it shows these events already. */
export function createLog(list, empty) {
  let shown = '';
  return {
    set: (events, zone) => {
      const latest = `${events.length} ${events.at(-1)?.seq} ${zone}`;
      if (latest === shown) return;
      shown = latest;
      list.replaceChildren(...events.toReversed().map((event) => createLine(event, zone)));
      empty.hidden = events.length > 0;
    },
  };
}

/** Of an alarm there is no more to say than what it is. */
function tellHow({ event, reason, source }) {
  const cause = REASONS[reason] ?? reason;
  return event === 'DoorLockAlarm' ? cause : [cause, SOURCES[source]].filter(Boolean).join(', ');
}

function createLine(event, zone) {
  const line = document.createElement('li');
  const { title, mood } = headline(event);
  line.dataset.mood = mood;
  const time = add(line, 'time', 'when', formatMoment(event.atMs, zone));
  time.dateTime = new Date(event.atMs).toISOString();
  add(line, 'strong', 'what', title);
  add(line, 'span', 'how', tellHow(event));
  if (event.unitId !== null) add(line, 'span', 'unit', event.unitId);
  if (event.window !== null) add(line, 'span', 'window', formatWindow(event.window, zone));
  return line;
}

function headline({ event, operation }) {
  if (event === 'DoorLockAlarm') return { title: 'Alarm', mood: 'refused' };
  if (event === 'LockOperationError') return { title: 'Refused', mood: 'refused' };
  if (operation === 'Unlock') return { title: 'Unlocked', mood: 'opened' };
  return operation === 'Lock' ? { title: 'Locked', mood: 'quiet' } : { title: 'Done', mood: 'done' };
}

function add(parent, tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}
