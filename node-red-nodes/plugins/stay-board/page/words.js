/**
 * The page's language: the browser's, where we have it. To add one, write its table in `words/` and name it here.
 * @module
 */
/* global document, navigator, location, URLSearchParams */
import { de } from './words/de.js';
import { en } from './words/en.js';

const TABLES = { en, de };
const LOCALES = { en: 'en-GB', de: 'de-DE' };

const asked = new URLSearchParams(location.search).get('lang');
/** In the editor's sidebar, the editor's. */
const editors = globalThis.RED?.i18n?.lang?.();
const wishes = [asked, editors, ...navigator.languages].map((tag) => tag?.toLowerCase().split('-')[0]);
const language = wishes.find((name) => name in TABLES) ?? 'en';

export const locale = () => LOCALES[language];

/** The words for a key, `{name}` filled in; the key itself where it has none. */
export function t(key, values = {}) {
  const text = TABLES[language][key] ?? TABLES.en[key] ?? key;
  return text.replace(/\{(\w+)\}/gu, (whole, name) => values[name] ?? whole);
}

export const has = (key) => key in TABLES.en;

/** One or many: `key.one` or `key.many`. */
export const count = (key, number) => t(`${key}.${number === 1 ? 'one' : 'many'}`, { number });

/** Puts the words where the page asks for them. */
export function speak(root = document) {
  document.documentElement.lang = language;
  for (const one of root.querySelectorAll('[data-t]')) one.textContent = t(one.dataset.t);
  for (const one of root.querySelectorAll('[data-t-label]')) {
    one.setAttribute('aria-label', t(one.dataset.tLabel));
    one.title = t(one.dataset.tLabel);
  }
  for (const one of root.querySelectorAll('[data-t-placeholder]'))
    one.placeholder = t(one.dataset.tPlaceholder);
}
