/**
 * Leaves the codes of these days at the broker for Homebridge, sealed to its key, where the host wants them shown there.
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  codesToShow,
  deriveCommandKey,
  digitsOfCode,
  type LockFile,
  SEAL_NONCE_BYTES,
  sealStays,
  staysTopic,
  toCodeId,
} from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import { codesOf } from '../lock-codes.mts';
import type { LockLink } from '../lock-link.mts';

/** As `staycode pair` names it. */
const SHOWN_BY = 'homebridge';

export interface StaysParts {
  readonly file: LockFile;
  readonly siteKey: Uint8Array;
  readonly store: AccessCodeStore;
  readonly link: () => LockLink | null;
  /** Where it is not, what was left there before is taken away. */
  readonly isWanted: boolean;
}

/** Returns what to call when the register may have changed; `anew` at each connection. */
export function createStaysShow(parts: StaysParts): (anew: boolean) => void {
  const { file, siteKey, store, isWanted } = parts;
  const topic = staysTopic(file.lockId, SHOWN_BY);
  const key = deriveCommandKey(file.lockKey, SHOWN_BY);
  let shown = '';
  return (anew) => {
    const link = parts.link();
    if (link?.isConnected !== true || (!anew && !isWanted)) return;
    if (!isWanted) {
      link.publish(topic, '', true);
      return;
    }
    const codes = codesToShow(codesOf(store, file), Date.now());
    const names = JSON.stringify(codes.map(toCodeId));
    if (!anew && names === shown) return;
    shown = names;
    const stays = codes.map((code) => ({ code: toCodeId(code), digits: digitsOfCode(siteKey, code) }));
    link.publish(topic, sealStays(key, { lockId: file.lockId, stays }, randomBytes(SEAL_NONCE_BYTES)), true);
  };
}
