/**
 * What the settings page in the Homebridge UI asks of this machine. It runs in a process of the UI's, beside the plugin.
 * @module
 */
import { findLocks } from './find-locks.ts';
import { addPairing, type Block, isBlock } from './settings-block.ts';
import { testLock } from './test-lock.ts';
import { TodaysStays } from './todays-stays.ts';

type Answer = (body: unknown) => unknown;

/** By path; `block` in a request is the platform's config as the page has it, saved or not. */
export function settingsRequests(): Readonly<Record<string, Answer>> {
  const today = new TodaysStays();
  return {
    '/locks': (body) => findLocks(read(body).block),
    '/pair': (body) => addPairing(read(body).block, read(body).pairing),
    '/test': (body) => testLock(read(body).block, read(body).at),
    '/stays': (body) => today.read(read(body).block),
    '/code': (body) => ({ digits: today.digitsOf(read(body).id) }),
  };
}

function read(body: unknown): Block {
  return isBlock(body) ? body : {};
}
