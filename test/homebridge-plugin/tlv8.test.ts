import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeTlv8, encodeTlv8, type Tlv8Item } from '../../homebridge-plugin/src/tlv8.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const item = (type: number, value: string): Tlv8Item => ({ type, value: bytesOf(value) });

describe('TLV8', () => {
  it('is a type, a length and a value for each item', () => {
    const items = [item(7, '03'), item(1, '68656c6c6f'), item(2, '')];
    assert.equal(hex(encodeTlv8(items)), '070103' + '010568656c6c6f' + '0200');
    assert.deepEqual(decodeTlv8(bytesOf('070103 010568656c6c6f 0200')), items);
  });

  it('parts two items of one type in a row by 00 00, and no others', () => {
    const items = [item(3, 'aa'), item(3, 'bb'), item(1, 'cc'), item(3, '')];
    assert.equal(hex(encodeTlv8(items)), '0301aa' + '0000' + '0301bb' + '0101cc' + '0300');
    assert.deepEqual(decodeTlv8(encodeTlv8(items)), items);
  });

  it('sends a value over 255 bytes in fragments and puts them together again', () => {
    for (const length of [254, 255, 256, 509, 510, 511]) {
      const long = item(9, 'ab'.repeat(length));
      const bytes = encodeTlv8([long, long, item(1, '05')]);
      const fragments = Math.ceil(length / 255);
      assert.equal(bytes.length, 2 * (length + 2 * fragments) + 2 + 3, String(length));
      assert.deepEqual(decodeTlv8(bytes), [long, long, item(1, '05')], String(length));
    }
  });

  it('joins nothing across a separator or an item of type 0', () => {
    const full = `09ff${'ab'.repeat(255)}`;
    assert.equal(decodeTlv8(bytesOf(`${full}0000${full}`))?.length, 2);
    assert.equal(decodeTlv8(bytesOf(`${full}00ff${'00'.repeat(255)}0901ab`))?.length, 2);
    assert.equal(decodeTlv8(bytesOf(`${full}00ff${'00'.repeat(255)}0001ab`))?.[0]?.value.length, 255);
  });

  it('is refused where it ends within an item', () => {
    for (const bytes of ['01', '0102', '010105 01', '0103aabb']) {
      assert.equal(decodeTlv8(bytesOf(bytes)), null, bytes);
    }
  });

  it('decodes to what was encoded, whatever that is', () => {
    const anyItem = fc.record(
      {
        type: fc.integer({ min: 1, max: 255 }),
        value: fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ minLength: 250, maxLength: 600 })),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 8 }), (items) => {
        assert.deepEqual(decodeTlv8(encodeTlv8(items)), items);
      }),
      { numRuns: 2_000 },
    );
  });
});
