/** What the verifier in C is asked about keys, codes and ciphers, with the answers: from vectors, from standards, by chance. */
import { createCipheriv, createHmac } from 'node:crypto';
import { type Alphabet, deriveCodeKey } from '@staycode/core';
import { createCodec } from '../../core/src/lock/keyring.ts';
import { alphabetSpec } from '../../core/src/stay-code/alphabet.ts';
import {
  type ClockContent,
  EPOCH_MS,
  SLOT_MS,
  type WindowContent,
} from '../../core/src/stay-code/payload.ts';
import { hex, linesOf } from '../support/firmware.ts';
import type { Random } from '../support/random.ts';
import { someDigits, someWindow, UNITS } from './random-entries.ts';

/** A command, and the answer that must come. */
export type Question = readonly [command: string, answer: string];

const utf8 = (text: string): string => Buffer.from(text).toString('hex');

interface KeyVector {
  readonly siteKey: string;
  readonly lockId: string;
  readonly keyVersion: number;
  readonly lockKey: string;
  readonly controllerId: string;
  readonly commandKey: string;
}

/** Of a file of keys: lock and command keys. */
export function keyQuestions(file: string): Question[] {
  return linesOf<KeyVector>(file).flatMap(
    ({ siteKey, lockId, keyVersion, lockKey, controllerId, commandKey }) => [
      [`derive ${siteKey} staycode/1_lock ${utf8(lockId)} ${keyVersion}`, lockKey],
      [`derive ${lockKey} staycode/1_command ${utf8(controllerId)} 0`, commandKey],
    ],
  );
}

type CodeVector = {
  readonly siteKey: string;
  readonly unitId: string;
  readonly keyVersion: number;
  readonly unitKey: string;
  readonly codeKey: string;
  readonly alphabet: Alphabet;
  readonly code: string;
} & (
  | { readonly kind: 'clock'; readonly at: string }
  | {
      readonly kind: WindowContent['kind'];
      readonly revision: number;
      readonly startsAt: string;
      readonly endsAt: string;
    }
);

/** Of a file of codes: their keys, and the digits both ways. */
export function codeQuestions(file: string): Question[] {
  return linesOf<CodeVector>(file).flatMap((vector) => {
    const { siteKey, unitId, keyVersion, unitKey, codeKey, alphabet, code } = vector;
    const content: WindowContent | ClockContent =
      vector.kind === 'clock'
        ? { kind: 'clock', atMs: Date.parse(vector.at) }
        : {
            kind: vector.kind,
            revision: vector.revision,
            startsAtMs: Date.parse(vector.startsAt),
            endsAtMs: Date.parse(vector.endsAt),
          };
    const says = wordsOf(content);
    return [
      [`derive ${siteKey} staycode/1_unit ${utf8(unitId)} ${keyVersion}`, unitKey],
      [`derive ${unitKey} staycode/1_code - 0`, codeKey],
      [`write ${codeKey} ${alphabet} ${says}`, code],
      [`read ${codeKey} ${alphabet} ${code}`, says],
    ];
  });
}

/** Kind, start, slots and revision, with times rounded outward. */
function wordsOf(content: WindowContent | ClockContent | null): string {
  if (content === null) return 'none';
  if (content.kind === 'clock') return `clock ${Math.floor((content.atMs - EPOCH_MS) / 60_000)} 0 0`;
  const [start, end] = [
    Math.floor((content.startsAtMs - EPOCH_MS) / SLOT_MS),
    Math.ceil((content.endsAtMs - EPOCH_MS) / SLOT_MS),
  ];
  return `${content.kind} ${start} ${end - start} ${content.revision}`;
}

/** Half of them written from a window, half read from digits. */
export function randomCodes(random: Random, count: number): Question[] {
  const keys = UNITS.map(({ unitKey, alphabet }) => {
    const codeKey = deriveCodeKey(unitKey);
    return {
      words: `${hex(codeKey)} ${alphabet}`,
      spec: alphabetSpec(alphabet),
      ...createCodec(codeKey, alphabetSpec(alphabet)),
    };
  });
  return Array.from({ length: count }, (_, i): Question => {
    const key = random.pick(keys);
    if (i % 2 === 0) {
      const digits = random.chance(0.9)
        ? Array.from({ length: 12 }, () => random.pick(Array.from(key.spec.symbols))).join('')
        : `${someDigits(random)}0`;
      return [`read ${key.words} ${digits}`, wordsOf(key.read(digits))];
    }
    const window = someWindow(random, key.spec.startSlots);
    return [`write ${key.words} ${wordsOf(window)}`, key.write(window)];
  });
}

/** FIPS 197, C.3; RFC 2202, 3; RFC 4231, 4.2 to 4.4 and 4.7. */
export const PUBLISHED: readonly Question[] = [
  [
    'aes 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00112233445566778899aabbccddeeff',
    '8ea2b7ca516745bfeafc49904b496089',
  ],
  [`hmac sha1 ${'0b'.repeat(20)} ${utf8('Hi There')}`, 'b617318655057264e28bc0b6fb378c8ef146be00'],
  [
    `hmac sha1 ${utf8('Jefe')} ${utf8('what do ya want for nothing?')}`,
    'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  ],
  [
    `hmac sha256 ${'0b'.repeat(20)} ${utf8('Hi There')}`,
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    `hmac sha256 ${'aa'.repeat(131)} ${utf8('Test Using Larger Than Block-Size Key - Hash Key First')}`,
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    `hmac sha512 ${'0b'.repeat(20)} ${utf8('Hi There')}`,
    '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
  ],
];

/** Keys and messages of every length about a block, by OpenSSL. */
export function primitives(random: Random): Question[] {
  const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random.whole(0, 255)));
  const hmacs = Array.from({ length: 300 }, (_, i): Question => {
    const [hash, key, message] = [
      (['sha1', 'sha256', 'sha512'] as const)[i % 3] ?? 'sha1',
      bytes(random.whole(1, 200)),
      bytes(i),
    ];
    return [
      `hmac ${hash} ${hex(key)} ${hex(message) || '-'}`,
      createHmac(hash, key).update(message).digest('hex'),
    ];
  });
  const blocks = Array.from({ length: 200 }, (): Question => {
    const [key, block] = [bytes(32), bytes(16)];
    return [
      `aes ${hex(key)} ${hex(block)}`,
      createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block, undefined, 'hex'),
    ];
  });
  return [...hmacs, ...blocks];
}
