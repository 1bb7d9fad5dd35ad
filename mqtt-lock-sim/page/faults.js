/**
 * The faults: a form each, named and filled in as `POST /api/faults` takes it. Which are on is only what the lock says.
 * @module
 */
/* global document, FormData */

/** `apply(fault)` sends one to the lock, and rejects with the reason if it was not taken. */
export function createFaults({ root, apply }) {
  const board = root.querySelector('fieldset');
  const summary = root.querySelector('#faults-on');
  const problem = root.querySelector('[role="alert"]');
  root.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    try {
      await apply(readFault(event.target));
    } catch (error) {
      problem.textContent = error.message;
    }
  });
  return {
    /** `null` when the lock is out of reach. */
    set: (faults) => {
      board.disabled = faults === null;
      const on = faults ?? [];
      summary.textContent = on.length > 0 ? `${on.length} on` : '';
      for (const form of board.querySelectorAll('form')) {
        const fault = on.find(({ fault: name }) => name === form.dataset.fault);
        form.querySelector('[aria-pressed]')?.setAttribute('aria-pressed', String(fault !== undefined));
        if (fault !== undefined) showValues(form, fault);
      }
    },
  };
}

/** The fault that the form would switch: one with a button that stays pressed is switched over. */
function readFault(form) {
  const fault = { fault: form.dataset.fault };
  for (const [name, value] of new FormData(form)) {
    if (value !== '') fault[name] = form.elements[name].type === 'number' ? Number(value) : value;
  }
  const pressed = form.querySelector('[aria-pressed]')?.getAttribute('aria-pressed');
  if (pressed === undefined) return fault;
  if ('ppm' in fault) return { ...fault, ppm: pressed === 'true' ? 0 : fault.ppm };
  return { ...fault, on: pressed !== 'true' };
}

/** What is on may have been switched on by another; a field that someone is filling in stays as it is. */
function showValues(form, fault) {
  for (const field of form.querySelectorAll('input, select')) {
    if (field !== document.activeElement) field.value = fault[field.name] ?? '';
  }
}
