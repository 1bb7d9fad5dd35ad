/**
 * How a controller learns what a command to a lock is made of: it asks with a nonce, and takes nothing from elsewhere.
 * @module
 */
import * as v from 'valibot';
import { readSigned, signText } from './signed-text.ts';
import { counter, epoch, id, wholeMs } from './schemas.ts';

/** A controller's question. */
export interface Hello {
  readonly lockId: string;
  readonly controllerId: string;
  /** 32 hex digits, random: the answer to another question cannot pass for the answer to this one. */
  readonly nonce: string;
}

/** The lock's answer. */
export interface Session extends Hello {
  /** Random per boot, 32 hex digits: commands are made for one boot. */
  readonly bootEpoch: string;
  /** The last counter that the lock accepted from this controller, 0 if none. */
  readonly counter: number;
  /** The lock's powered time, in which commands expire: unlike its clock, nobody can set it. */
  readonly poweredMs: number;
  /** What the lock's clock reads, its best guess while `clock` is `lost`. */
  readonly atMs: number;
  readonly clock: 'running' | 'lost';
}

const nonce = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/u));
const helloSchema = v.strictObject({ lockId: id, controllerId: id, nonce });
const sessionSchema = v.strictObject({
  ...helloSchema.entries,
  bootEpoch: epoch,
  counter,
  poweredMs: wholeMs,
  atMs: wholeMs,
  clock: v.picklist(['running', 'lost']),
});

/** The message text of a hello. */
export function signHello(commandKey: Uint8Array, hello: Hello): string {
  return signText(commandKey, 'hello', hello);
}

/** The hello in a message, or `null` for a forged one. @throws StaycodeError `bad-message` */
export function readHello(commandKeyOf: (controllerId: string) => Uint8Array, text: string): Hello | null {
  return readSigned(helloSchema, 'hello', text, ({ controllerId }) => commandKeyOf(controllerId));
}

/** The message text of a session. */
export function signSession(commandKey: Uint8Array, session: Session): string {
  return signText(commandKey, 'session', session);
}

/** The session in a message, or `null` for one that was not made with this key. @throws StaycodeError `bad-message` */
export function readSession(commandKey: Uint8Array, text: string): Session | null {
  return readSigned(sessionSchema, 'session', text, () => commandKey);
}
