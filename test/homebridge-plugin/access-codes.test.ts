import assert from 'node:assert/strict';
import {
  answerControlPoint,
  encodeSupportedConfiguration,
  type ListedCode,
  MAX_LISTED_CODES,
} from '../../homebridge-plugin/src/access-codes.ts';
import { decodeTlv8, encodeTlv8 } from '../../homebridge-plugin/src/tlv8.ts';
import { Random } from '../support/random.ts';

/** Made up: no lock has a key to them. */
const CODES: readonly ListedCode[] = [
  { id: 0x01020304, digits: '123456789012' },
  { id: 7, digits: '210987654321' },
];
const hex = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString('hex');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const ascii = (text: string): string => Buffer.from(text).toString('hex');
const answer = (request: string, codes = CODES): string | null =>
  hex(answerControlPoint(bytesOf(request), codes));

describe('access codes in the Home app', () => {
  /** An operation with a request for each id or code, and the statuses that come back. */
  function statusesOf(
    operation: number,
    requests: { id?: string; code?: string }[],
    codes = CODES,
  ): number[] {
    const request = encodeTlv8([
      { type: 1, value: Uint8Array.of(operation) },
      ...requests.map(({ id, code }) => ({
        type: 2,
        value: encodeTlv8([
          ...(id === undefined ? [] : [{ type: 1, value: bytesOf(id) }]),
          ...(code === undefined ? [] : [{ type: 2, value: bytesOf(ascii(code)) }]),
        ]),
      })),
    ]);
    const [echo, ...responses] = decodeTlv8(answerControlPoint(request, codes) ?? bytesOf('')) ?? [];
    assert.deepEqual(echo, { type: 1, value: Uint8Array.of(operation) });
    return responses.map(({ type, value }) => {
      assert.equal(type, 3);
      return decodeTlv8(value)?.find((field) => field.type === 4)?.value[0] ?? NaN;
    });
  }

  it('are twelve decimal digits each', () => {
    assert.equal(hex(encodeSupportedConfiguration()), '010101' + '02010c' + '03010c' + '0401ff');
  });

  it('are listed by id, parted, with the operation in front', () => {
    const first = '030c' + '010404030201' + '030100' + '040100';
    const second = '030c' + '010407000000' + '030100' + '040100';
    assert.equal(answer('010101'), `010101${first}0000${second}`);
    assert.equal(answer('010101', []), '010101');
  });

  it('are read by id, whatever width the number has', () => {
    const record = '031a' + '010407000000' + `020c${ascii('210987654321')}` + '030100' + '040100';
    assert.equal(answer('010102 0206 010407000000'), `010102${record}`);
    assert.equal(answer('010102 0203 010107'), `010102${record}`);
    assert.equal(answer('010102 020a 01080700000000000000'), `010102${record}`);
  });

  it('are read several at a time, the unknown ones as missing', () => {
    assert.deepEqual(statusesOf(2, [{ id: '07' }, { id: '08' }, { id: '04030201' }]), [0, 9, 0]);
    assert.equal(answer('010102 0203 010108'), '010102' + '0309' + '010108' + '030100' + '040109');
  });

  it('cannot be added: a code too short, too long, of other characters or there already is told so', () => {
    assert.deepEqual(
      statusesOf(3, [
        { code: '555566667777' },
        { code: '5555' },
        { code: '5555666677778' },
        { code: '55556666777x' },
        { code: '123456789012' },
        { code: '' },
      ]),
      [8, 5, 6, 7, 4, 5],
    );
  });

  it('cannot be added to a full list', () => {
    const full = Array.from({ length: MAX_LISTED_CODES }, (_, id) => ({ id, digits: '123456789012' }));
    assert.deepEqual(statusesOf(3, [{ code: '555566667777' }], full), [2]);
  });

  it('cannot be updated or removed: a known one is refused, an unknown one is missing', () => {
    assert.deepEqual(statusesOf(4, [{ id: '07', code: '555566667777' }, { id: '08' }]), [8, 9]);
    assert.deepEqual(statusesOf(5, [{ id: '07' }, { id: '08' }]), [8, 9]);
  });

  it('refuse a request without what the operation needs', () => {
    for (const operation of [2, 3, 4, 5]) {
      assert.deepEqual(statusesOf(operation, [{}]), [8], String(operation));
      assert.deepEqual(statusesOf(operation, []), [8], String(operation));
    }
  });

  it('refuse an unknown operation, which comes back as any other', () => {
    assert.deepEqual(statusesOf(6, [{ id: '07' }]), [8]);
    assert.deepEqual(statusesOf(0, []), [8]);
  });

  it('have no answer to what names no operation or is far too long', () => {
    for (const request of [
      '',
      '01',
      '0100',
      '01020101',
      '0203010107',
      '0105',
      `010101${'0000'.repeat(5000)}`,
    ]) {
      assert.equal(answer(request), null, request.slice(0, 20));
    }
  });

  it('show no digits but those of a code that is read by its id, whatever comes', function () {
    this.timeout(60_000);
    const seed = 20_261_126;
    const random = new Random(seed);
    const some = (max: number): number[] =>
      Array.from({ length: random.whole(0, max) }, () =>
        random.pick([0, 1, 2, 3, 4, 5, 7, 8, 255, random.whole(0, 255)]),
      );
    const [secret = '', other = ''] = CODES.map(({ digits }) => ascii(digits));
    let answered = 0;
    for (let run = 0; run < 200_000; run++) {
      // A third is noise, a third begins as a request does, a third is a true one with bytes changed.
      const bytes =
        run % 3 === 0
          ? some(40)
          : run % 3 === 1
            ? [1, 1, random.whole(0, 6), ...some(24)]
            : [1, 1, random.whole(1, 5), 2, 6, 1, 4, 7, 0, 0, 0].map((byte) =>
                random.chance(0.1) ? random.whole(0, 255) : byte,
              );
      const got = hex(answerControlPoint(Uint8Array.from(bytes), CODES));
      if (got === null) continue;
      answered += 1;
      const reads = bytes[1] === 1 && bytes[2] === 2;
      if (!reads) assert.ok(!got.includes(secret) && !got.includes(other), `seed ${seed}, run ${run}`);
    }
    assert.ok(answered > 50_000, `seed ${seed}: ${answered} answered`);
  });
});
