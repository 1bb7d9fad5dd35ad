/**
 * How a program gets in at a broker: user and password, and over TLS whom it trusts and who it is.
 * @module
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { StaycodeError } from '../errors.ts';
import { readMqttAddress } from '../protocol/mqtt-address.ts';

export interface MqttLogin {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; a user and password in it count if there is no `username`. */
  readonly url: string;
  readonly username?: string | null;
  readonly password?: string | null;
  /** PEM; trusted in place of the system's authorities. This and the next two only with `mqtts://` or `wss://`. */
  readonly caFile?: string | null;
  /** PEM; with `keyFile`, shown to a broker that asks for a client certificate. */
  readonly certFile?: string | null;
  readonly keyFile?: string | null;
}

/** For the `connect` of MQTT.js. */
export interface MqttJsOptions {
  protocolVersion: 5;
  clean: true;
  resubscribe: false;
  queueQoSZero: false;
  reconnectOnConnackError: true;
  username?: string;
  auth?: string;
  password?: string;
  ca?: string;
  cert?: string;
  key?: string;
}

/** Reads the files. @throws StaycodeError `bad-config`, naming the setting and what was expected, never what it holds */
export function openLogin(login: MqttLogin): MqttJsOptions {
  const { username = null, password = null } = login;
  return {
    protocolVersion: 5,
    clean: true,
    // What was to be said or heard is decided anew at each connection.
    resubscribe: false,
    queueQoSZero: false,
    // A password that is wrong today may be put right at the broker tomorrow.
    reconnectOnConnackError: true,
    // `auth`, which MQTT.js reads from the address, would win over what is said beside it.
    ...(username === null ? {} : { username, auth: '' }),
    ...(password === null ? {} : { password }),
    ...readTls(login),
  };
}

function readTls(login: MqttLogin): Pick<MqttJsOptions, 'ca' | 'cert' | 'key'> {
  const { caFile = null, certFile = null, keyFile = null } = login;
  if (!readMqttAddress(login.url).secure && (caFile ?? certFile ?? keyFile) !== null) {
    throw bad('an address with mqtts:// or wss:// beside a CA or a client certificate');
  }
  if ((certFile === null) !== (keyFile === null)) {
    throw bad('a client certificate and its key, or neither');
  }
  const tls = {
    ...(caFile === null ? {} : { ca: readCertificate('CA file', caFile) }),
    ...(certFile === null ? {} : { cert: readCertificate('client certificate', certFile) }),
    ...(keyFile === null ? {} : { key: read('key of the client certificate', keyFile) }),
  };
  try {
    // Here, and not at the first of many tries to connect, where nobody could catch it.
    createSecureContext(tls);
  } catch {
    throw bad('a client certificate and the key that belongs to it, both PEM and without a passphrase');
  }
  return tls;
}

function readCertificate(what: string, path: string): string {
  const text = read(what, path);
  if (!isCertificate(text)) throw bad(`${what}: a PEM certificate in ${path}`);
  return text;
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).serialNumber !== '';
  } catch {
    return false;
  }
}

function read(what: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
    throw bad(`${what}: a file that can be read at ${path}, got ${code}`);
  }
}

function bad(expected: string): StaycodeError {
  return new StaycodeError('bad-config', `MQTT: expected ${expected}`);
}
