/**
 * Pairing strings in the config, unfolded into the settings that they stand for: what is read afterwards has none.
 * @module
 */
import { type Pairing, parsePairing, StaycodeError } from '@staycode/core';

type Block = Readonly<Record<string, unknown>>;

export interface UnfoldedBlock {
  readonly broker: unknown;
  /** A lock whose pairing string is faulty is `undefined`: the fault is told already. */
  readonly locks: unknown;
}

/** The string wins over the lock's own fields, but for a name; the broker's own fields win over all strings. */
export function unfoldPairings({ broker, locks }: Block, faults: string[]): UnfoldedBlock {
  if (!Array.isArray(locks)) return { broker, locks };
  const pairings = locks.map((lock, i) => readPairing(lock, `locks[${i}].pairing`, faults));
  return {
    broker: unfoldBroker(broker, pairings, faults),
    locks: locks.map((lock: unknown, i) => unfoldLock(lock, pairings[i])),
  };
}

/** `null` where there is none, `undefined` where it is faulty. */
function readPairing(lock: unknown, where: string, faults: string[]): Pairing | null | undefined {
  const { pairing } = isBlock(lock) ? lock : {};
  if (pairing === undefined || pairing === '') return null;
  try {
    if (typeof pairing === 'string') return parsePairing(pairing);
    faults.push(`${where}: expected the line that Staycode made for Homebridge, or nothing`);
  } catch (error) {
    if (!(error instanceof StaycodeError)) throw error;
    faults.push(`${where}: ${error.message}`);
  }
  return undefined;
}

function unfoldLock(lock: unknown, pairing: Pairing | null | undefined): unknown {
  if (!pairing || !isBlock(lock)) return pairing === undefined ? undefined : lock;
  const { lockId, controllerId, commandKey, name } = pairing;
  const key = Buffer.from(commandKey).toString('hex');
  return { ...lock, name: filled(lock.name, name), lockId, controllerId, commandKey: key };
}

function unfoldBroker(
  broker: unknown,
  pairings: readonly (Pairing | null | undefined)[],
  faults: string[],
): unknown {
  const first = pairings.find((pairing) => pairing);
  if (!first || (broker !== undefined && !isBlock(broker)) || broker?.url) return broker;
  for (const [i, pairing] of pairings.entries()) {
    if (pairing && pairing.brokerUrl !== first.brokerUrl) {
      faults.push(`locks[${i}].pairing: expected the same broker as in the first, or broker.url beside them`);
    }
  }
  const { brokerUrl: url, username, password } = first;
  return {
    ...broker,
    url,
    username: filled(broker?.username, username ?? ''),
    password: filled(broker?.password, password ?? ''),
  };
}

/** The settings page saves an emptied field as an empty text. */
function filled(value: unknown, otherwise: string): unknown {
  return value === undefined || value === '' ? otherwise : value;
}

function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
