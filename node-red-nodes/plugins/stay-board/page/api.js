/**
 * What the page asks Node-RED: with the token of the editor's own sign-in, so that one sign-in does for both.
 * @module
 */
/* global fetch, localStorage, AbortController, TextDecoderStream, URLSearchParams, queueMicrotask, setTimeout, clearTimeout */

/** The editor's address, `/` unless Node-RED was given another. The sidebar uses this module too, so the page's own will not do. */
export const editorUrl = new URL('../../', import.meta.url);
/** The board's. */
export const boardUrl = new URL('./', import.meta.url);
const TOKEN_KEY = `auth-tokens${editorUrl.pathname.slice(0, -1).replaceAll('/', '-')}`;

/** The server says beat every fifteen seconds. */
const SILENCE_MS = 40_000;
const RETRY_MS = 2_000;

export class NotAllowed extends Error {
  code = 'not-allowed';
}

function authorization() {
  try {
    const token = JSON.parse(localStorage.getItem(TOKEN_KEY))?.access_token;
    return token ? { authorization: `Bearer ${token}` } : {};
  } catch {
    return {};
  }
}

export const isSignedIn = () => 'authorization' in authorization();

async function ask(url, { method = 'GET', body, headers = {}, signal } = {}) {
  const response = await fetch(url, {
    method,
    signal,
    cache: 'no-store',
    headers: {
      ...authorization(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 401) throw new NotAllowed();
  return response;
}

/** Posts to the board; an answer that is no success is thrown with what it says. */
export async function post(role, path, body) {
  const response = await ask(new URL(`api/${role}/${path}`, boardUrl), { method: 'POST', body });
  const answer = await response.json();
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.message ?? response.statusText), answer);
}

/** A file that the board makes. */
export async function download(role, path, body) {
  const response = await ask(new URL(`api/${role}/${path}`, boardUrl), { method: 'POST', body });
  if (response.ok) return response.blob();
  const answer = await response.json();
  throw Object.assign(new Error(answer.message), answer);
}

/** Node-RED's own admin API. */
export async function askEditor(path, { method, body, headers } = {}) {
  const response = await ask(new URL(path, editorUrl), { method, body, headers });
  if (!response.ok) {
    const message = `Node-RED: ${response.status} ${await response.text()}`;
    throw Object.assign(new Error(message), { status: response.status });
  }
  return response.status === 204 ? null : response.json();
}

/** How one signs in here: `{type: 'credentials' | 'strategy', prompts}`, or `{}` where nobody need to. */
export const askSignIn = () => askEditor('auth/login');

/** @throws NotAllowed for a wrong name or password */
export async function signIn(username, password) {
  const form = new URLSearchParams({
    ...{ client_id: 'node-red-editor', grant_type: 'password', scope: '' },
    ...{ username, password },
  });
  const response = await fetch(new URL('auth/token', editorUrl), { method: 'POST', body: form });
  if (!response.ok) throw new NotAllowed();
  localStorage.setItem(TOKEN_KEY, JSON.stringify(await response.json()));
}

export function signOut() {
  localStorage.removeItem(TOKEN_KEY);
}

/** The widest role that the reader may have, and the name it is signed in with; `null` for none. */
export async function findRole() {
  for (const role of ['host', 'clean', 'view']) {
    try {
      const { user } = await (await ask(new URL(`api/${role}/me`, boardUrl))).json();
      return { role, user };
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
    }
  }
  return null;
}

/** Follows the board for as long as the page is open; comes back by itself. */
export function follow(role, { onSnapshot, onState }) {
  // What the page does wrong must not look like a lost connection.
  const show = (snapshot) => queueMicrotask(() => onSnapshot(snapshot));
  /** Units as they came, until a message says with the ids of all that they are the whole house. */
  const take = (units, { unitIds, ...message }) => {
    for (const unit of message.units) units.set(unit.unitId, unit);
    if (unitIds) show({ ...message, units: unitIds.map((id) => units.get(id)) });
  };
  const run = async () => {
    const stop = new AbortController();
    let silence = setTimeout(() => stop.abort(), SILENCE_MS);
    let isEnded = false;
    const units = new Map();
    try {
      const response = await ask(new URL(`api/${role}/live`, boardUrl), { signal: stop.signal });
      if (!response.ok) throw new Error(response.statusText);
      onState('live');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ''; ;) {
        const { done, value } = await reader.read();
        if (done) {
          isEnded = true;
          break;
        }
        clearTimeout(silence);
        silence = setTimeout(() => stop.abort(), SILENCE_MS);
        const messages = (rest + value).split('\n\n');
        rest = messages.pop();
        for (const message of messages) {
          if (message.startsWith('data: ')) take(units, JSON.parse(message.slice(6)));
        }
      }
    } catch (error) {
      if (error instanceof NotAllowed) {
        onState('signed-out');
        return;
      }
    } finally {
      clearTimeout(silence);
      stop.abort();
    }
    // The server ends each stream after a while, to ask anew who may look: that is no loss yet.
    if (!isEnded) onState('lost');
    setTimeout(run, isEnded ? 0 : RETRY_MS);
  };
  void run();
}
