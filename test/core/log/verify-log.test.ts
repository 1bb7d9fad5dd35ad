import assert from 'node:assert/strict';
import fc from 'fast-check';
import { deriveLogKey, parseHeader, verifyLog } from '@staycode/core';
import { type LogHead, publicKeyOf, signHead } from '../../../core/src/log/head.ts';
import { formatHeader, vouchForHeader } from '../../../core/src/log/header.ts';
import type { LogCheck, LogPin, LogTrust } from '../../../core/src/log/verify-log.ts';
import { EXAMPLE_LOCK_KEY } from '../../support/example-journal.ts';
import { removeScratch } from '../../support/scratch.ts';
import { bodyOf, type RealLog, rechain, toText, writeLog } from './real-log.ts';

const logKey = deriveLogKey(EXAMPLE_LOCK_KEY);
const known: LogTrust = { logKey };

function pinAt(lines: readonly string[], seq: number): LogTrust & { pin: LogPin } {
  const { key } = parseHeader(lines[0] ?? '');
  return { logKey, pin: { seq, hash: (lines[seq + 1] ?? '').slice(0, 64), key } };
}

function reasonOf(lines: readonly string[], trust: LogTrust = known): string {
  const check = verifyLog(toText(lines), trust);
  return check.ok ? 'ok' : `${check.reason} at ${check.seq}`;
}

function wellOf(lines: readonly string[], trust: LogTrust = known): LogCheck & { ok: true } {
  const check = verifyLog(toText(lines), trust);
  assert(check.ok, JSON.stringify(check));
  return check;
}

/** Replaces the text of line `at` by what `change` makes of it, and chains all anew. */
function forge(lines: readonly string[], at: number, change: (body: string) => string): string[] {
  return rechain(lines.map((line, i) => (i === at ? `${line.slice(0, 65)}${change(bodyOf(line))}` : line)));
}

function renumber(lines: readonly string[]): string[] {
  return rechain(lines.map((line, i) => (i < 2 ? line : line.replace(/"seq":\d+/u, `"seq":${i - 1}`))));
}

/** Signs every head anew with a key of the forger's, over the chain as it now stands. */
function signAnew(lines: readonly string[], secretKey: Uint8Array): string[] {
  let signed = [...lines];
  for (const [i, line] of lines.entries()) {
    if (!line.includes('"type":"head"')) continue;
    signed = forge(signed, i, (body) => {
      const entry = JSON.parse(body) as { record: { body: string } };
      const head = JSON.parse(entry.record.body) as LogHead;
      const hash = (signed[i - 1] ?? '').slice(0, 64);
      const anew = signHead(secretKey, { ...head, hash, key: publicKeyOf(secretKey) });
      return JSON.stringify({ ...entry, record: { ...entry.record, ...anew } });
    });
  }
  return signed;
}

describe('verifyLog', function () {
  this.timeout(60_000);
  let lines: readonly string[];
  let rotated: RealLog;
  before(() => {
    // Heads are entries 11, 22 and 33 of 36.
    ({ lines } = writeLog(30, [10, 20, 30], 3));
    rotated = writeLog(1100, []);
  });
  after(removeScratch);

  describe('of a log that is whole', () => {
    it('says what it holds, where it is signed, and names the unsigned tail', () => {
      const { lockId, logId, key } = parseHeader(lines[0] ?? '');
      assert.deepEqual(wellOf(lines), {
        ok: true,
        ...{ lockId, logId, fromSeq: 1, toSeq: 36 },
        unsigned: { fromSeq: 34, toSeq: 36 },
        pin: { seq: 32, hash: lines[33]?.slice(0, 64), key },
      });
      assert.equal(wellOf(lines.slice(0, -3)).unsigned, null);
    });

    it('reads a keeper’s copy, which has no memory of the lock in it, alike', () => {
      assert.deepEqual(wellOf(lines.filter((_, i) => i !== 1)), wellOf(lines));
    });

    it('follows it from any place at which a lock or a keeper may begin', () => {
      const { lockId, logId, key } = parseHeader(lines[0] ?? '');
      for (const seq of [1, 10, 11, 25, 31]) {
        const hash = (lines[seq + 1] ?? '').slice(0, 64);
        const header = formatHeader(vouchForHeader(logKey, { lockId, logId, seq, hash, key }));
        assert.equal(wellOf([header, ...lines.slice(seq + 2)]).fromSeq, seq + 1);
      }
    });

    it('follows a key to the next one, and gives a pin that holds from then on', () => {
      const { pin } = wellOf(rotated.lines);
      assert.notEqual(pin.key, parseHeader(rotated.lines[0] ?? '').key);
      assert.equal(pin.key, publicKeyOf(rotated.secretKey));
      assert.deepEqual(wellOf(rotated.lines, { pin }), wellOf(rotated.lines));
    });

    it('takes a pin alone, and the lock key alone, and nothing for granted', () => {
      const { pin } = wellOf(lines);
      assert.deepEqual(wellOf(lines, { pin }), wellOf(lines, { logKey, pin }));
      assert.equal(reasonOf(lines, {}), 'unvouched at 0');
      assert.equal(reasonOf(lines, { logKey: new Uint8Array(32) }), 'unvouched at 0');
      assert.equal(reasonOf(lines, { logKey, lockId: 'back-door' }), 'foreign at 0');
    });
  });

  describe('of a log that someone cut', () => {
    it('is refused as shorter than what is pinned, wherever it was cut', () => {
      const trust = pinAt(lines, 36);
      assert.equal(reasonOf(lines, trust), 'ok');
      for (let length = 2; length < lines.length; length += 1)
        assert.equal(reasonOf(lines.slice(0, length), trust), `shorter at ${length - 1}`);
    });

    it('is refused as torn where a line has no end', () => {
      const text = toText(lines);
      for (const bytes of [1, 50, 100]) {
        const check = verifyLog(text.slice(0, -bytes), known);
        assert.deepEqual(check, { ok: false, reason: 'torn', line: 38, seq: 36 });
      }
    });

    it('is refused without any signature, and is nothing at all without a line', () => {
      assert.equal(reasonOf(lines.slice(0, 12)), 'unsigned at 10');
      assert.equal(reasonOf([]), 'malformed at 0');
      assert.equal(reasonOf(['', ...lines]), 'malformed at 0');
    });

    it('is refused where it begins after the pin: nobody can show what lay between', () => {
      const { lockId, logId, key } = parseHeader(lines[0] ?? '');
      const header = vouchForHeader(logKey, {
        ...{ lockId, logId, key, seq: 20 },
        hash: (lines[21] ?? '').slice(0, 64),
      });
      assert.equal(reasonOf([formatHeader(header), ...lines.slice(22)], pinAt(lines, 19)), 'gap at 0');
      assert.equal(reasonOf([formatHeader(header), ...lines.slice(22)], pinAt(lines, 20)), 'ok');
      const other = vouchForHeader(logKey, { ...header, hash: '0'.repeat(64) });
      assert.equal(reasonOf([formatHeader(other), ...lines.slice(22)], pinAt(lines, 20)), 'forked at 20');
    });
  });

  describe('of a log whose lines someone moved', () => {
    it('is refused where an entry is gone', () => {
      for (let at = 2; at < lines.length - 1; at += 1)
        assert.equal(reasonOf(lines.filter((_, i) => i !== at)), `gap at ${at - 1}`);
    });

    it('is refused where entries changed places, or stand twice', () => {
      for (let at = 2; at < lines.length - 1; at += 1) {
        const swapped = [...lines.slice(0, at), lines[at + 1] ?? '', lines[at] ?? '', ...lines.slice(at + 2)];
        assert.equal(reasonOf(swapped), `reordered at ${at - 1}`);
        assert.equal(reasonOf([...lines.slice(0, at + 1), ...lines.slice(at)]), `repeated at ${at}`);
      }
    });

    it('is refused with lines of another log of the same lock', () => {
      const other = writeLog(30, [10, 20, 30], 3).lines;
      assert.equal(reasonOf([...lines.slice(0, 20), ...other.slice(20)]), 'foreign at 19');
      assert.equal(reasonOf([other[0] ?? '', ...lines.slice(1)]), 'foreign at 1');
    });
  });

  describe('of a log that someone wrote anew', () => {
    const opened = (body: string): string => body.replace('refused', 'opened');

    it('is refused at the next signature, however well it is chained', () => {
      assert.equal(reasonOf(lines.map((line, i) => (i === 5 ? opened(line) : line))), 'altered at 4');
      assert.equal(reasonOf(forge(lines, 5, opened)), 'forked at 11');
      assert.equal(reasonOf(forge(lines, 14, opened)), 'forked at 22');
    });

    it('is refused in its unsigned tail by a pin alone, and by the signature over it later', () => {
      const forged = forge(lines, 36, opened);
      assert.deepEqual(wellOf(forged).unsigned, { fromSeq: 34, toSeq: 36 });
      assert.equal(reasonOf(forged, pinAt(lines, 36)), 'forked at 36');
      const later = writeLog(30, [10, 20, 30]).lines;
      assert.equal(reasonOf(forge(later, later.length - 2, opened)), 'forked at 33');
    });

    it('is refused without the signatures that were dropped, also when numbered anew', () => {
      assert.equal(reasonOf(lines.filter((_, i) => i !== 23)), 'gap at 22');
      assert.equal(reasonOf(renumber(lines.filter((_, i) => i !== 23))), 'forked at 32');
      const unsigned = renumber(lines.filter((line) => !line.includes('"type":"head"')));
      assert.equal(reasonOf(unsigned), 'unsigned at 33');
      const long = renumber(rotated.lines.filter((line) => !line.includes('"type":"head"')));
      assert.equal(reasonOf(long), 'unsigned at 65');
      const tailOnly = renumber(
        rotated.lines.filter((line, i) => i < 200 || !line.includes('"type":"head"')),
      );
      assert.match(reasonOf(tailOnly), /^unsigned at \d+$/u);
    });

    it('is refused with a signature that is not of the key', () => {
      const spoilt = forge(lines, 12, (body) => body.replace(/"signature":"../u, '"signature":"00'));
      assert.match(reasonOf(spoilt), /^forged at 11$/u);
      const dated = forge(lines, 12, (body) => body.replace('\\"atMs\\":1', '\\"atMs\\":2'));
      assert.equal(reasonOf(dated), 'forged at 11');
      const bare = forge(lines, 12, (body) => body.replace(/"signature":"[^"]*"/u, '"signature":""'));
      assert.equal(reasonOf(bare), 'malformed at 11');
    });

    it('is refused when signed anew by a key of the forger’s, also by one that the header then names', () => {
      const secretKey = new Uint8Array(32).fill(3);
      const forged = signAnew(forge(lines, 5, opened), secretKey);
      assert.equal(reasonOf(forged), 'foreign-key at 11');
      const header = { ...parseHeader(lines[0] ?? ''), key: publicKeyOf(secretKey) };
      const renamed = [formatHeader(header), ...forged.slice(1)];
      assert.equal(reasonOf(renamed), 'unvouched at 0');
      assert.equal(reasonOf(renamed, { pin: wellOf(lines).pin }), 'forked at 32');
    });

    it('is refused under a key other than the pinned one, also where no entry was touched', () => {
      const secretKey = new Uint8Array(32).fill(3);
      const header = { ...parseHeader(lines[0] ?? ''), key: publicKeyOf(secretKey) };
      const forged = [formatHeader(header), ...signAnew(lines, secretKey).slice(1)];
      const { pin } = pinAt(lines, 5);
      assert.equal(reasonOf(forged, { pin: { ...pin, key: header.key } }), 'ok');
      assert.equal(reasonOf(forged, { pin }), 'foreign-key at 5');
    });

    it('is refused when who stole the newer key signs with it what the older one had signed', () => {
      const forged = signAnew(forge(rotated.lines, 5, opened), rotated.secretKey);
      assert.equal(reasonOf(forged), 'foreign-key at 65');
      const header = { ...parseHeader(rotated.lines[0] ?? ''), key: publicKeyOf(rotated.secretKey) };
      assert.equal(reasonOf([formatHeader(header), ...forged.slice(1)]), 'unvouched at 0');
    });

    it('is refused with a signature of the lock’s own for another place, boot, log or history', () => {
      const move = (from: number, to: number): string[] =>
        forge(lines, to, (body) => {
          const { record } = JSON.parse(bodyOf(lines[from] ?? '')) as { record: object };
          return JSON.stringify({ ...(JSON.parse(body) as object), record });
        });
      assert.equal(reasonOf(move(12, 23)), 'forked at 22');
      assert.equal(reasonOf(move(23, 12)), 'forked at 11');
      const boot = forge(lines, 12, (body) =>
        body.replace(/"bootId":"[^"]*"/u, `"bootId":"${'cd'.repeat(16)}"`),
      );
      assert.equal(reasonOf(boot), 'forked at 11');
    });

    it('is refused from its first hash on, and where the lock’s memory was touched', () => {
      const header = parseHeader(lines[0] ?? '');
      const moved = formatHeader(vouchForHeader(logKey, { ...header, hash: 'f'.repeat(64) }));
      assert.equal(reasonOf([moved, ...lines.slice(1)]), 'altered at 0');
      const touched = lines.map((line, i) =>
        i === 1 ? line.replace('"accepted":[]', '"accepted":[{}]') : line,
      );
      assert.equal(reasonOf(touched), 'altered at 0');
    });
  });

  describe('over random changes', () => {
    const never = (changed: string): void => {
      assert.equal(verifyLog(changed, pinAt(lines, 36)).ok, false);
    };

    it('notices any byte that is changed, dropped or put in', () => {
      const bytes = Buffer.from(toText(lines));
      const at = fc.integer({ min: 0, max: bytes.length - 1 });
      fc.assert(
        fc.property(at, fc.integer({ min: 1, max: 255 }), fc.integer({ min: 0, max: 2 }), (n, flip, how) => {
          const other = [bytes.readUInt8(n) ^ flip];
          const put = how === 2 ? [] : other;
          const changed = Buffer.concat([
            bytes.subarray(0, n),
            Buffer.from(put),
            bytes.subarray(how === 1 ? n : n + 1),
          ]);
          never(changed.toString('utf8'));
        }),
        { numRuns: 400 },
      );
    });

    it('notices any lines that are dropped, moved, doubled or put in another order', () => {
      const copy = lines.filter((_, i) => i !== 1);
      const index = fc.integer({ min: 0, max: copy.length - 1 });
      const step = fc.record({
        how: fc.constantFrom('drop', 'double', 'swap', 'move'),
        at: index,
        to: index,
      });
      fc.assert(
        fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
          const changed = [...copy];
          for (const { how, at, to } of steps) {
            const [line] = how === 'double' ? changed.slice(at, at + 1) : changed.splice(at, 1);
            if (how !== 'drop' && line !== undefined) changed.splice(to, 0, line);
            if (how === 'swap') changed.reverse();
          }
          fc.pre(toText(changed) !== toText(copy));
          never(toText(changed));
        }),
        { numRuns: 400 },
      );
    });

    it('answers to anything at all', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => !verifyLog(text, known).ok),
        { numRuns: 200 },
      );
    });
  });
});
