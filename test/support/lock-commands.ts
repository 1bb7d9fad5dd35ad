/**
 * What may happen at a lock's door, at random. What is typed lies near the lock's time or was typed before, or nearly nothing
 * would ever open.
 */
import type { CodeKind } from '@staycode/core';
import fc from 'fast-check';

export type Command =
  | { readonly type: 'wait'; readonly seconds: number }
  /** Time goes to a second before, at or after an edge of a code typed before. */
  | {
      readonly type: 'edge';
      readonly back: number;
      readonly edge: 'start' | 'end' | 'open' | 'close';
      readonly seconds: number;
    }
  /** A code of whole nights: the day that it starts on counts from the lock's. */
  | (CodeCommand<'booking'> & {
      readonly day: number;
      readonly hour: number;
      readonly nights: number;
      readonly until: number;
    })
  /** A code of a few slots, from the one that the lock is in. */
  | (CodeCommand<'errand'> & { readonly slot: number; readonly slots: number })
  | KnownCode
  | { readonly type: 'digits'; readonly digits: string }
  | { readonly type: 'totp'; readonly steps: number }
  | { readonly type: 'hotp'; readonly ahead: number }
  | {
      readonly type: 'clock';
      readonly unit: number;
      readonly from: 'now' | 'stored' | 'last';
      readonly minutes: number;
    }
  | { readonly type: 'cut'; readonly minutes: number; readonly clock: 'kept' | 'lost' }
  | { readonly type: 'jump'; readonly seconds: number };

export type CommandOf<T extends Command['type']> = Extract<Command, { readonly type: T }>;

/** Something about a code typed before: itself, its PIN, its revocation. */
export interface KnownCode {
  readonly type: 'again' | 'pin' | 'revoke';
  readonly back: number;
}

interface CodeCommand<T> {
  readonly type: T;
  readonly unit: number;
  readonly kind: CodeKind;
  readonly revision: number;
}

const pick = <const T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const unit = pick(0, 1);

export const commandArbitrary: fc.Arbitrary<Command> = fc.oneof(
  often<CommandOf<'wait'>>(9, {
    type: pick('wait'),
    seconds: pick(1, 9, 10, 59, 60, 61, 600, 900, 1800, 3600, 7200, 14_400, 36_000),
  }),
  often<CommandOf<'edge'>>(3, {
    type: pick('edge'),
    back: fc.nat(6),
    edge: pick('start', 'end', 'open', 'close'),
    seconds: pick(-1, 0, 1),
  }),
  often<CommandOf<'booking'>>(9, {
    type: pick('booking'),
    unit,
    kind: pick('stay', 'stay', 'stay', 'amendment', 'amendment', 'revocation'),
    revision: pick(0, 0, 0, 1, 1, 2, 7),
    day: pick(-2, -2, -1, -1, -1, 0, 0, 31),
    hour: pick(13, 13, 15, 17),
    nights: pick(1, 2, 2, 3, 3, 4, 31),
    until: pick(10, 10, 11, 17),
  }),
  often<CommandOf<'errand'>>(2, {
    type: pick('errand'),
    unit,
    kind: pick('one-time', 'one-time', 'revocation', 'stay'),
    revision: fc.nat(2),
    slot: pick(-3, -1, 0, 0, 1),
    slots: pick(1, 2, 4, 48, 49),
  }),
  often<KnownCode>(9, {
    type: pick('again', 'again', 'again', 'pin', 'pin', 'pin', 'pin', 'revoke'),
    back: fc.nat(6),
  }),
  often<CommandOf<'digits'>>(1, {
    type: pick('digits'),
    digits: fc.oneof(
      ...[/^[0-9]{12}$/u, /^[0-9]{6}$/u, /^[0-9]{1,14}$/u].map((form) => fc.stringMatching(form)),
    ),
  }),
  often<CommandOf<'totp'>>(1, { type: pick('totp'), steps: fc.integer({ min: -3, max: 3 }) }),
  often<CommandOf<'hotp'>>(1, { type: pick('hotp'), ahead: pick(-10, -9, -1, 0, 1, 1, 2, 10, 11) }),
  often<CommandOf<'clock'>>(1, {
    type: pick('clock'),
    unit,
    from: pick('now', 'stored', 'last'),
    minutes: pick(-31, -30, -29, -1, 0, 1, 1, 10, 11, 720, 721, 44_640, 44_641, 576_000, 576_001),
  }),
  often<CommandOf<'cut'>>(1, {
    type: pick('cut'),
    minutes: pick(1, 7, 60, 600, 3000),
    clock: pick('kept', 'kept', 'lost'),
  }),
  often<CommandOf<'jump'>>(1, {
    type: pick('jump'),
    seconds: pick(-86_400, -3600, -600, 0, 0, 0, 0, 600, 1800, 86_400),
  }),
);

function often<T extends Command>(
  weight: number,
  parts: { [K in keyof T]: fc.Arbitrary<T[K]> },
): fc.WeightedArbitrary<Command> {
  return { weight, arbitrary: fc.record(parts) as unknown as fc.Arbitrary<Command> };
}
