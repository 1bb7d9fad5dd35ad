/**
 * Signing in as at the editor, where Node-RED asks for it.
 * @module
 */
import { askSignIn, editorUrl, isSignedIn, NotAllowed, signIn, signOut } from './api.js';
import { h } from './dom.js';
import { t } from './words.js';

/** Fills the place with what is to be done, and calls `done` once it is. */
export async function showSignIn(place, done) {
  const problem = h('p', { class: 'problem', role: 'alert' });
  if (isSignedIn()) problem.textContent = t('sign-in.forbidden');
  const { type } = await askSignIn();
  const way = type === 'credentials' ? createForm(problem, done) : createLink();
  place.replaceChildren(h('h2', {}, t('sign-in.title')), problem, ...way);
}

function createLink() {
  return [
    h('p', {}, t('sign-in.elsewhere')),
    h('p', {}, h('a', { href: editorUrl.href }, t('sign-in.open-editor'))),
  ];
}

function createForm(problem, done) {
  const field = (name, attributes) =>
    h(
      'label',
      { class: 'field' },
      h('span', {}, t(`sign-in.${name}`)),
      h('input', { name, required: true, ...attributes }),
    );
  const form = h(
    'form',
    {},
    field('name', { autocomplete: 'username' }),
    field('password', { type: 'password', autocomplete: 'current-password' }),
    h('button', { class: 'main' }, t('sign-in.go')),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    problem.textContent = '';
    const { name, password } = form.elements;
    signIn(name.value, password.value).then(done, (error) => {
      if (!(error instanceof NotAllowed)) throw error;
      signOut();
      problem.textContent = t('sign-in.wrong');
      password.value = '';
      password.focus();
    });
  });
  return [h('p', {}, t('sign-in.lead')), form];
}
