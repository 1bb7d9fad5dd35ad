/**
 * The pairing string: broker, lock and a controller's key in one line to paste, such as
 * `staycode://pair/1?broker=mqtt%3A%2F%2F192.168.1.10&lock=front-door&name=Front+door&controller=homebridge&key=…&sum=…`.
 * `key` is the command key in hex; `user` and `password` are there for a broker that asks; `sum`, at the end, is the first
 * eight hex digits of SHA-256 over all before `&sum=`, against a line that was copied in part. It is as secret as the key.
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { StaycodeError } from '../errors.ts';
import { checkId, checkKey } from '../stay-code/keys.ts';
import { readMqttAddress } from './mqtt-address.ts';

export interface Pairing {
  /** As `readMqttAddress` takes it. */
  readonly brokerUrl: string;
  /** `null` where the broker asks for none, or where they stand in its address. */
  readonly username: string | null;
  readonly password: string | null;
  readonly lockId: string;
  /** For people. */
  readonly name: string;
  readonly controllerId: string;
  /** 32 bytes, as `deriveCommandKey` makes them. */
  readonly commandKey: Uint8Array;
}

const HEAD = 'staycode://pair/1?';
const SUM = /^(.*)&sum=([0-9a-f]{8})$/u;

const text = v.pipe(v.string(), v.nonEmpty());
const fieldsSchema = v.strictObject({
  broker: text,
  user: v.optional(text),
  password: v.optional(text),
  lock: text,
  name: text,
  controller: text,
  key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
});

/** @throws StaycodeError `bad-config`, `bad-id`, `bad-key` */
export function formatPairing(pairing: Pairing): string {
  const { username, password, name } = checkPairing(pairing);
  const fields = new URLSearchParams({
    broker: pairing.brokerUrl,
    ...(username === null ? {} : { user: username }),
    ...(password === null ? {} : { password }),
    lock: pairing.lockId,
    name,
    controller: pairing.controllerId,
    key: bytesToHex(pairing.commandKey),
  });
  const line = `${HEAD}${fields.toString()}`;
  return `${line}&sum=${sumOf(line)}`;
}

/**
 * Reads a pairing string; spaces and line breaks that a paste brought in do not matter.
 * @throws StaycodeError `bad-config`, `bad-id`, and never with what stands in the string
 */
export function parsePairing(pasted: string): Pairing {
  const line = pasted.replace(/\s/gu, '');
  if (!line.startsWith(HEAD)) throw bad(`a line that begins with ${HEAD}`);
  const [, summed = '', sum] = SUM.exec(line) ?? [];
  if (sum !== sumOf(summed)) throw bad('the whole line: its checksum does not hold');
  const entries = [...new URLSearchParams(summed.slice(HEAD.length))];
  const result = v.safeParse(fieldsSchema, Object.fromEntries(entries));
  if (!result.success || new Set(entries.map(([name]) => name)).size < entries.length) {
    throw bad('broker, lock, name, controller and key, each once, and perhaps user and password');
  }
  const { broker, user, password, lock, name, controller, key } = result.output;
  return checkPairing({
    brokerUrl: broker,
    username: user ?? null,
    password: password ?? null,
    lockId: lock,
    name,
    controllerId: controller,
    commandKey: hexToBytes(key),
  });
}

function checkPairing(pairing: Pairing): Pairing {
  readMqttAddress(pairing.brokerUrl);
  checkId(pairing.lockId, 'lock id');
  checkId(pairing.controllerId, 'controller id');
  checkKey(pairing.commandKey, 'command key');
  if (pairing.name.trim() === '') throw bad('a name for the lock');
  return pairing;
}

function sumOf(line: string): string {
  return bytesToHex(sha256(utf8ToBytes(line)).subarray(0, 4));
}

function bad(expected: string): StaycodeError {
  return new StaycodeError('bad-config', `pairing string: expected ${expected}`);
}
