/** Writes `protocol.jsonl`: a message of each purpose with its key, body and MAC, and a sealed unit key. */
import { writeFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import { deriveCommandKey, deriveLockKey, raiseKey, signCommand, signHello } from '@staycode/core';
import { signAck, signResend } from '../../core/src/protocol/audit-messages.ts';
import { signAnswer } from '../../core/src/protocol/commands.ts';
import { signSession } from '../../core/src/protocol/session.ts';

/** Examples, secrets of nothing. */
const siteKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const lockId = 'front-door';
const controllerId = 'node-red';
const lockKey = deriveLockKey(siteKey, lockId, 1);
const commandKey = deriveCommandKey(lockKey, controllerId);
const to = { lockId, controllerId };
const bootEpoch = '000102030405060708090a0b0c0d0e0f';
const nonce = 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff';
const code = {
  ...{ unitId: 'flat-a', keyVersion: 1, kind: 'stay' as const, revision: 0 },
  ...{ startsAtMs: Date.parse('2026-12-03T14:00:00Z'), endsAtMs: Date.parse('2026-12-07T10:00:00Z') },
} as const;
const command = { ...to, bootEpoch, counter: 8, expiresAtPoweredMs: 123_461_789 };
const unitKey = new Uint8Array(32).fill(0x55);
const sealNonce = Uint8Array.from({ length: 24 }, (_, i) => 0xa0 + i);
const raise = raiseKey(commandKey, { unitId: 'flat-a', keyVersion: 2, emergency: false, unitKey }, sealNonce);

const messages: readonly (readonly [purpose: string, name: string, message: string])[] = [
  ['hello', 'a controller asks for a session', signHello(commandKey, { ...to, nonce })],
  [
    'session',
    'the lock answers',
    signSession(commandKey, {
      ...{ ...to, nonce, bootEpoch, counter: 7, poweredMs: 123_456_789 },
      ...{ atMs: code.startsAtMs, clock: 'running' },
    }),
  ],
  ['command', 'unlock', signCommand(commandKey, { ...command, act: { name: 'unlock' } })],
  ['command', 'revoke', signCommand(commandKey, { ...command, act: { name: 'revoke', code } })],
  [
    'command',
    'extend by a day',
    signCommand(commandKey, {
      ...command,
      act: { name: 'extend', code, untilMs: code.endsAtMs + 86_400_000 },
    }),
  ],
  ['command', 'raise a unit key', signCommand(commandKey, { ...command, act: raise })],
  [
    'answer',
    'a command that came too late',
    signAnswer(commandKey, { ...to, bootEpoch, counter: 8, ok: false, reason: 'late' }),
  ],
  [
    'ack',
    'the keeper has 500 entries',
    signAck(commandKey, { ...to, logId: '0'.repeat(32), upTo: 500, hash: '1'.repeat(64) }),
  ],
  ['resend', 'from entry 401 on', signResend(commandKey, { ...to, from: 401 })],
];

const lines = messages.map(([purpose, name, message]) => {
  const { body, mac } = JSON.parse(message) as { body: string; mac: string };
  const keys = { lockKey: bytesToHex(lockKey), controllerId, commandKey: bytesToHex(commandKey) };
  return { name, purpose, ...keys, body, mac, message };
});
const sealed = {
  name: 'a sealed unit key',
  purpose: 'unit key',
  ...{ lockKey: bytesToHex(lockKey), controllerId, commandKey: bytesToHex(commandKey) },
  ...{ nonce: bytesToHex(sealNonce), content: bytesToHex(unitKey), sealed: raise.sealedKey },
};
const path = new URL('protocol.jsonl', import.meta.url);
writeFileSync(path, [...lines, sealed].map((line) => `${JSON.stringify(line)}\n`).join(''));
