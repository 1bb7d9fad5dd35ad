import assert from 'node:assert/strict';
import { StaycodeError } from '../../../core/src/errors.ts';
import { decodeFeed } from '../../../core/src/reservations/decode-feed.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('decoding of a feed', () => {
  it('joins lines folded with a space or a tab, after CRLF, LF and a bare CR', () => {
    assert.equal(
      decodeFeed(bytes('A:one\r\n  two\r\n\tthree\nB:1\n 2\rC:3\r 4')),
      'A:one twothree\nB:12\nC:34',
    );
  });

  it('joins a line that was folded within a UTF-8 character', () => {
    const [before, ...after] = [...bytes('ü')];
    const folded = Uint8Array.of(...bytes('M'), before!, ...bytes('\r\n '), ...after, ...bytes('ller'));
    assert.equal(decodeFeed(folded), 'Müller');
  });

  it('reads UTF-16 of either byte order by its mark', () => {
    const little = Uint8Array.from(Buffer.from('\uFEFFS:Zoë\r\nB:2', 'utf16le'));
    const big = Uint8Array.from(Buffer.from(little).swap16());
    assert.equal(decodeFeed(little), 'S:Zoë\nB:2');
    assert.equal(decodeFeed(big), 'S:Zoë\nB:2');
  });

  it('drops byte order marks, also in the middle, NULs and blank lines', () => {
    assert.equal(decodeFeed('\uFEFF\r\n  A:1\u0000\r\n\r\n\r\n\uFEFFB:2\r\n'), 'A:1\nB:2');
  });

  it('refuses a body above the limit with not-a-calendar', () => {
    assert.throws(
      () => decodeFeed('12345', 4),
      (error) =>
        error instanceof StaycodeError &&
        error.code === 'not-a-calendar' &&
        error.message.includes('at most 4'),
    );
    assert.equal(decodeFeed('1234', 4), '1234');
  });
});
