import assert from 'node:assert/strict';
import { openStays, sealStays, type StayAtLock, StaycodeError } from '@staycode/core';
import { sealTo } from '../../../core/src/protocol/sealed-text.ts';

const KEY = new Uint8Array(32).fill(3);
const NONCE = new Uint8Array(24).fill(4);
/** Made up: no lock has a key to it. */
const STAY: StayAtLock = {
  code: { unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0, startsAtMs: 1_000, endsAtMs: 2_000 },
  digits: '123456789012',
};

describe('the stays message', () => {
  const sealed = (content: unknown): string =>
    sealTo(KEY, 'stays', Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)), NONCE);
  function refusalOf(text: string, key = KEY, lockId = 'front-door'): string {
    try {
      openStays(key, lockId, text);
    } catch (error) {
      if (error instanceof StaycodeError && error.code === 'bad-message') return error.message;
      throw error;
    }
    return assert.fail('expected a refusal');
  }

  it('brings the controller the codes that it was sealed for, and shows none of it outside', () => {
    const text = sealStays(KEY, { lockId: 'front-door', stays: [STAY] }, NONCE);
    assert.deepEqual(openStays(KEY, 'front-door', text), { lockId: 'front-door', stays: [STAY] });
    for (const part of [STAY.digits, Buffer.from(STAY.digits).toString('hex'), 'flat-a']) {
      assert.ok(!text.includes(part), part);
    }
    assert.deepEqual(
      openStays(KEY, 'front-door', sealStays(KEY, { lockId: 'front-door', stays: [] }, NONCE)).stays,
      [],
    );
  });

  it('is refused by another controller, for another lock, and with a byte changed', () => {
    const text = sealStays(KEY, { lockId: 'front-door', stays: [STAY] }, NONCE);
    assert.match(refusalOf(text, new Uint8Array(32)), /sealed to this controller/u);
    assert.match(refusalOf(text, KEY, 'back-door'), /the lock of the topic/u);
    const last = text.endsWith('0') ? '1' : '0';
    assert.match(refusalOf(text.slice(0, -1) + last), /sealed to this controller/u);
    for (const none of ['', 'x', '00', '{}'])
      assert.match(refusalOf(none), /sealed to this controller/u, none);
  });

  it('is refused where its content is none, by the name of the field and never with what it holds', () => {
    const whole = { v: 1, lockId: 'front-door', stays: [STAY] };
    for (const [content, expected] of [
      ['{', /stays: expected JSON/u],
      [{ ...whole, v: 2 }, /stays: v:/u],
      [{ ...whole, stays: [{ ...STAY, digits: '123456' }] }, /stays\.0\.digits/u],
      [{ ...whole, stays: [{ ...STAY, code: { ...STAY.code, revision: 8 } }] }, /stays\.0\.code\.revision/u],
      [{ ...whole, more: 1 }, /stays: more/u],
    ] as const) {
      const message = refusalOf(sealed(content));
      assert.match(message, expected);
      assert.ok(!message.includes('123456'), message);
    }
  });
});
