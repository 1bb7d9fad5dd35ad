/**
 * The keypad: keys by touch, mouse or keyboard become entries. An entry ends with the enter key, or five seconds after
 * the last key. It is sent whole, whatever its length: a keypad that dropped what is too much would make a right code of a wrong one.
 * @module
 */
/* global document, setTimeout, clearTimeout */

const ENTRY_ENDS_AFTER_MS = 5_000;
/** Four groups on the screen: more than any code, so an entry that is cut here is a wrong one with or without its rest. */
const MAX_DIGITS = 16;
const PRESSED_MS = 120;
const KEYBOARD = { Backspace: 'back', Delete: 'back', Escape: 'clear', Enter: 'enter' };

/**
 * `judge(digits)` resolves when the verdict has been shown; until then keys wait. `onKey` is told of each key taken.
 * The returned `setAvailable(false)` switches the keypad off and forgets what was typed.
 */
export function createKeypad({ root, typed, judge, onKey }) {
  let digits = '';
  let judging = false;
  let available;
  let timer;

  const show = () => {
    typed.textContent = digits.replace(/(.{4})(?=.)/g, '$1 ');
    root.classList.toggle('typing', digits !== '' && !judging);
    root.setAttribute('aria-busy', String(judging));
  };
  const end = async () => {
    clearTimeout(timer);
    if (digits === '') return;
    judging = true;
    show();
    await judge(digits);
    judging = false;
    digits = '';
    show();
  };
  const press = (key) => {
    if (judging || !available) return;
    flash(root.querySelector(`[data-key="${key}"]`));
    onKey();
    if (key === 'enter') {
      void end();
      return;
    }
    digits = edit(digits, key);
    restartCountdown(root);
    show();
    clearTimeout(timer);
    if (digits !== '') timer = setTimeout(end, ENTRY_ENDS_AFTER_MS);
  };

  listenToPointer(root, press);
  listenToKeyboard(root, press);
  return {
    setAvailable: (next) => {
      if (available === next) return;
      available = next;
      root.classList.toggle('off', !next);
      clearTimeout(timer);
      if (!judging) digits = '';
      show();
    },
  };
}

function edit(digits, key) {
  if (key === 'clear') return '';
  if (key === 'back') return digits.slice(0, -1);
  return digits.length < MAX_DIGITS ? digits + key : digits;
}

/** A key acts when it goes down, as on a door, so two thumbs may overlap. */
function listenToPointer(root, press) {
  const keyOf = (event) => event.target.closest('[data-key]')?.dataset.key;
  root.addEventListener('pointerdown', (event) => {
    const key = keyOf(event);
    if (key !== undefined && event.button === 0) press(key);
  });
  // The focus stays where it was, so that the Enter key ends the entry and does not press the last key once more.
  root.addEventListener('mousedown', (event) => event.preventDefault());
  // A click that no pointer made: the space bar on a focused key, or a screen reader.
  root.addEventListener('click', (event) => {
    const key = keyOf(event);
    if (key !== undefined && event.detail === 0) press(key);
  });
}

function listenToKeyboard(root, press) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // What is typed into a field elsewhere on the page is for that field.
    if (event.target.closest('input, select') !== null) return;
    const key = /^[0-9]$/.test(event.key) ? event.key : KEYBOARD[event.key];
    if (key === undefined || (event.repeat && key !== 'back')) return;
    // What has the focus is pressed by Enter, as everywhere.
    if (key === 'enter' && event.target.closest('button, summary') !== null) return;
    event.preventDefault();
    press(key);
  });
}

/** A CSS animation starts anew only if the layout has seen the element without it. */
function restartCountdown(root) {
  root.classList.remove('typing');
  void root.offsetWidth;
}

function flash(button) {
  button.classList.add('pressed');
  setTimeout(() => button.classList.remove('pressed'), PRESSED_MS);
}
