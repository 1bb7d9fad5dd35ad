import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { formatPairing, type Pairing, parsePairing, StaycodeError } from '@staycode/core';

const PAIRING: Pairing = {
  brokerUrl: 'mqtt://192.168.1.10:1883',
  username: null,
  password: null,
  lockId: 'front-door',
  name: 'Front door',
  controllerId: 'homebridge',
  commandKey: new Uint8Array(32).fill(0xa5),
};

/** A line with its own right checksum. */
function lineOf(fields: string): string {
  const line = `staycode://pair/1?${fields}`;
  return `${line}&sum=${createHash('sha256').update(line).digest('hex').slice(0, 8)}`;
}
function refusalOf(text: string): StaycodeError {
  try {
    parsePairing(text);
  } catch (error) {
    if (error instanceof StaycodeError) return error;
    throw error;
  }
  return assert.fail('expected a refusal');
}

describe('pairing string', () => {
  const key = 'a5'.repeat(32);
  const fields = `broker=mqtt%3A%2F%2F192.168.1.10%3A1883&lock=front-door&name=Front+door&controller=homebridge&key=${key}`;

  it('is one line of fields with a checksum over all before it', () => {
    assert.equal(formatPairing(PAIRING), lineOf(fields));
    assert.deepEqual(parsePairing(lineOf(fields)), PAIRING);
  });

  it('has user and password where the broker asks for them', () => {
    const pairing = { ...PAIRING, username: 'host', password: 'p&ss=ö' };
    assert.deepEqual(parsePairing(formatPairing(pairing)), pairing);
  });

  it('is read with the line breaks and spaces that a paste brings in', () => {
    const line = formatPairing(PAIRING);
    assert.deepEqual(parsePairing(` ${line.slice(0, 60)}\r\n  ${line.slice(60)}\n`), PAIRING);
  });

  it('comes back as it was, whatever names and passwords are', () => {
    const words = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((each) => each.trim() !== '');
    fc.assert(
      fc.property(
        words,
        words,
        fc.option(words),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (name, password, username, commandKey) => {
          const pairing = { ...PAIRING, name, password, username, commandKey };
          assert.deepEqual(parsePairing(formatPairing(pairing)), pairing);
        },
      ),
    );
  });

  it('is refused with one character changed, left out or cut off, and says nothing of what it holds', () => {
    const line = formatPairing({ ...PAIRING, username: 'host', password: 'secret' });
    for (let at = 0; at < line.length; at++) {
      const other = line[at] === '7' ? '8' : '7';
      for (const text of [
        line.slice(0, at) + other + line.slice(at + 1),
        line.slice(0, at) + line.slice(at + 1),
        line.slice(0, at),
      ]) {
        const { code, message } = refusalOf(text);
        assert.equal(code, 'bad-config', `at ${at}`);
        assert.match(message, /^pairing string: expected /u);
        assert.ok(!message.includes('secret') && !message.includes(key.slice(0, 8)), `at ${at}`);
      }
    }
  });

  it('is refused where a field is missing, twice there, unknown or no such thing', () => {
    for (const [bad, expected] of [
      [fields.replace('lock=front-door&', ''), /each once/u],
      [`${fields}&lock=back-door`, /each once/u],
      [`${fields}&colour=red`, /each once/u],
      [fields.replace(key, key.slice(2)), /each once/u],
      [fields.replace('mqtt%3A', 'http%3A'), /MQTT address/u],
      [fields.replace('front-door', '+front-door'), /lock id: expected no space/u],
      [fields.replace('homebridge', '%00'), /controller id: expected no control/u],
      [fields.replace('Front+door', '+'), /a name for the lock/u],
    ] as const) {
      assert.match(refusalOf(lineOf(bad)).message, expected, bad);
    }
  });

  it('is not made of what could not be read', () => {
    for (const part of [
      { brokerUrl: '192.168.1.10' },
      { lockId: '' },
      { controllerId: ' x' },
      { name: ' ' },
      { commandKey: new Uint8Array(31) },
    ]) {
      assert.throws(() => formatPairing({ ...PAIRING, ...part }), StaycodeError, JSON.stringify(part));
    }
  });
});
