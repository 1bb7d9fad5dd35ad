import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type CanOpen, deriveUnitKey, explainEntry, type LockConfig, whatCanOpen } from '@staycode/core';
import type { LockNow } from '../../../core/src/lock/authorizations.ts';
import { decideEntry, lockNow } from '../../../core/src/lock/decide.ts';
import { type CodeId, type ReadyLock, readyLock, sameCode } from '../../../core/src/lock/keyring.ts';
import { type EntryRecord, type LockMemory, newMemory, remember } from '../../../core/src/lock/memory.ts';
import { isOneTimeWindow, meetsRules } from '../../../core/src/lock/rules.ts';
import { oneTimePassword, TOTP_STEP_MS } from '../../../core/src/lock/staff.ts';
import { EXAMPLE_SITE_KEY, exampleConfig, ExampleLock, exampleRules } from '../../support/lock-example.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const bornMs = Date.parse('2026-12-01T12:00:00Z');

function unitOf(unitId: string, serves: 'all' | 'enrolled', keyVersion = 1): LockConfig['units'][number] {
  const unitKey = deriveUnitKey(EXAMPLE_SITE_KEY, unitId, keyVersion);
  return { unitId, keyVersion, alphabet: 'decimal', unitKey, serves };
}

function configOf(clockLost: 'wait' | 'grace'): LockConfig {
  const secret = new Uint8Array(20).fill(9);
  return exampleConfig({
    units: [unitOf('flat-a', 'all', 2), unitOf('flat-a', 'enrolled', 1), unitOf('flat-b', 'all')],
    rules: exampleRules({ clockLost }),
    staff: [
      { name: 'cleaner', type: 'totp', secret, digits: 8, hash: 'sha1' },
      { name: 'break-glass', type: 'hotp', secret, digits: 8, hash: 'sha1' },
    ],
  });
}

/** A stay of flat-a that began on the lock's first afternoon. */
const stay: CodeId = {
  ...{ unitId: 'flat-a', keyVersion: 2, kind: 'stay', revision: 0 },
  startsAtMs: Date.parse('2026-12-01T13:00:00Z'),
  endsAtMs: Date.parse('2026-12-05T10:00:00Z'),
};

/** A lock in time and power, as the test moves them. */
class World {
  readonly config: LockConfig;
  readonly lock: ReadyLock;
  memory: LockMemory = newMemory({ atMs: bornMs, clock: 'running', poweredMs: 0 });
  poweredMs = 0;
  clockMs: number = bornMs;

  constructor(config: LockConfig) {
    this.config = config;
    this.lock = readyLock(config);
  }

  now(): LockNow {
    return lockNow(this.memory, { clockMs: this.clockMs, poweredMs: this.poweredMs });
  }

  pass(ms: number): void {
    this.clockMs += ms;
    this.poweredMs += ms;
    this.memory = remember(this.memory, { type: 'time', ...this.now() }, this.config.rules);
  }

  boot(clock: 'running' | 'lost'): void {
    const kept = clock === 'running' && this.memory.clock === 'running' ? 'running' : 'lost';
    this.memory = remember(this.memory, { type: 'boot', ...this.now(), clock: kept }, this.config.rules);
  }

  judge(digits: string): EntryRecord {
    const record = decideEntry(this.lock, this.memory, this.now(), digits);
    assert(record);
    return record;
  }

  take(record: EntryRecord): void {
    this.memory = remember(this.memory, record, this.config.rules);
    if (record.outcome === 'done' && record.clockMs !== undefined) this.clockMs = record.clockMs;
  }

  digitsOf(code: CodeId): string {
    const key = this.lock.keys.find(
      ({ unitId, keyVersion }) => unitId === code.unitId && keyVersion === code.keyVersion,
    );
    assert(key);
    return key.write(code);
  }
}

/** Whether an entry that opened was in the list. */
function isListed(list: CanOpen, record: EntryRecord, world: World): boolean {
  const { reason, code } = record;
  if (reason === 'staff') return list.staff.some(({ name }) => name === record.staff?.name);
  assert(code);
  const authorization = list.authorizations.find((one) => sameCode(one.code, code));
  if (reason === 'pin') return (authorization?.pins ?? 0) > 0;
  return authorization?.digits === true || isUnseen(list, code, world);
}

function isUnseen({ unseen }: CanOpen, code: CodeId, { config }: World): boolean {
  const fits = code.kind === 'one-time' ? isOneTimeWindow(code) : meetsRules(config.rules, code);
  if (!unseen.open || !fits) return false;
  const isOfUnit = unseen.units.some(
    ({ unitId, keyVersion }) => unitId === code.unitId && keyVersion === code.keyVersion,
  );
  return isOfUnit && code.startsAtMs <= unseen.startsByMs && code.endsAtMs > unseen.endsAfterMs;
}

type Step =
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'boot'; readonly clock: 'running' | 'lost' }
  | { readonly do: 'code'; readonly code: CodeId }
  /** A code that was accepted before, or its PIN. */
  | { readonly do: 'again' | 'pin'; readonly pick: number }
  | { readonly do: 'staff'; readonly name: string; readonly ahead: number }
  | { readonly do: 'wrong'; readonly digits: string };

const kinds = ['stay', 'stay', 'amendment', 'amendment', 'one-time', 'revocation'] as const;
/** Few windows, so that codes collide, are typed again and die. */
const anyCode: fc.Arbitrary<CodeId> = fc
  .record({
    unit: fc.constantFrom(['flat-a', 2] as const, ['flat-a', 1] as const, ['flat-b', 1] as const),
    kind: fc.constantFrom(...kinds),
    revision: fc.integer({ min: 0, max: 3 }),
    day: fc.integer({ min: 0, max: 5 }),
    nights: fc.integer({ min: 1, max: 3 }),
    hour: fc.constantFrom(14, 14, 15, 19),
  })
  .map(({ unit: [unitId, keyVersion], kind, revision, day, nights, hour }) => {
    const startsAtMs = Date.UTC(2026, 11, 1 + day, hour - 1);
    const endsAtMs =
      kind === 'one-time' ? startsAtMs + nights * 2 * HOUR_MS : Date.UTC(2026, 11, 1 + day + nights, 10);
    return { unitId, keyVersion, kind, revision, startsAtMs, endsAtMs };
  });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: DAY_MS / 2 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 15_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('boot' as const),
      clock: fc.constantFrom('running', 'running', 'lost'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('code' as const), code: anyCode }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('again' as const, 'pin' as const, 'pin' as const),
      pick: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('staff' as const),
      name: fc.constantFrom('cleaner', 'break-glass'),
      ahead: fc.integer({ min: -3, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wrong' as const),
      digits: fc.constantFrom('000000', '000000000000'),
    }),
  },
);

function entryOf(step: Step, world: World): string | null {
  switch (step.do) {
    case 'pass':
      world.pass(step.ms);
      return null;
    case 'boot':
      world.boot(step.clock);
      return null;
    case 'wrong':
      return step.digits;
    case 'staff': {
      const secret = world.config.staff.find(({ name }) => name === step.name);
      assert(secret);
      const base =
        secret.type === 'totp'
          ? Math.floor(world.now().atMs / TOTP_STEP_MS)
          : (world.memory.staffLast[step.name] ?? -1);
      return oneTimePassword(secret, Math.max(0, base + step.ahead));
    }
    case 'code':
      return world.digitsOf(nearNow(step.code, world));
    case 'again':
    case 'pin': {
      const { accepted } = world.memory;
      const known = accepted[step.pick % accepted.length];
      if (known === undefined) return null;
      const digits = world.digitsOf((step.do === 'pin' ? known.pinsOf[0] : undefined) ?? known);
      return step.do === 'pin' ? digits.slice(0, world.config.rules.pinDigits) : digits;
    }
  }
}

/** One-time codes are short: drawn from a week of them, hardly one would be met in its hours. */
function nearNow(code: CodeId, world: World): CodeId {
  if (code.kind !== 'one-time') return code;
  const startsAtMs = Math.floor(world.now().atMs / (6 * HOUR_MS)) * 6 * HOUR_MS;
  return { ...code, startsAtMs, endsAtMs: startsAtMs + 6 * HOUR_MS };
}

/** What both say before the lock judges, against what the lock then does. */
function checkEntry(world: World, digits: string): EntryRecord {
  const { config, memory } = world;
  const now = world.now();
  const list = whatCanOpen(config, memory, now);
  const explanation = explainEntry(config, memory, now, digits);
  const record = world.judge(digits);
  assert(explanation);
  const { opens, code, is, closedMs, opensNow } = explanation;
  assert.equal(opensNow, record.outcome === 'opened');
  if (record.outcome === 'opened')
    assert(isListed(list, record, world), `${record.reason} was not in the list`);
  // The window that an owner is told is the one by which the lock decides.
  const inTime = opens !== null && opens.startsAtMs <= now.atMs && now.atMs < opens.endsAtMs;
  if ((is === 'code' || is === 'pin') && closedMs === 0)
    assert.equal(opensNow, inTime, `${code?.kind ?? ''} ${record.reason}`);
  if (closedMs > 0 && is !== 'code') assert(!opensNow);
  return record;
}

/** Nothing is in the list that would not open. */
function checkList(world: World): void {
  const list = whatCanOpen(world.config, world.memory, world.now());
  for (const { code, digits, pins, untilMs } of list.authorizations) {
    assert.equal(world.judge(world.digitsOf(code)).outcome === 'opened', digits);
    assert(untilMs > world.now().atMs);
    const sources = world.memory.accepted.find((known) => sameCode(known, code))?.pinsOf ?? [];
    const opening = sources.filter((source) => {
      const record = world.judge(world.digitsOf(source).slice(0, 6));
      return record.reason === 'pin' && record.code !== undefined && sameCode(record.code, code);
    });
    assert.equal(opening.length, pins);
  }
}

describe('what can open', () => {
  it('lists whatever opens one step before it opens, and nothing that does not', function () {
    this.timeout(60_000);
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.constantFrom('wait', 'grace'),
        fc.array(anyStep, { minLength: 60, maxLength: 120 }),
        (clockLost, steps) => {
          const world = new World(configOf(clockLost));
          for (const step of steps) {
            const digits = entryOf(step, world);
            if (digits === null) continue;
            const record = checkEntry(world, digits);
            const what = `${record.outcome} ${record.reason}`;
            seen.set(what, (seen.get(what) ?? 0) + 1);
            world.take(record);
            checkList(world);
          }
        },
      ),
      { numRuns: 60, seed: 3, endOnFailure: true },
    );
    // A property that never met these would prove little.
    for (const what of ['stay', 'amendment', 'one-time', 'pin', 'staff'])
      assert((seen.get(`opened ${what}`) ?? 0) > 5, what);
    for (const what of [
      'closed',
      'revoked',
      'superseded',
      'consumed',
      'clock-lost',
      'early',
      'expired',
      'replayed',
    ])
      assert((seen.get(`refused ${what}`) ?? 0) > 0, what);
  });

  it('is, for a new lock, staff and the rules of the units that it serves fully', () => {
    const world = new World(configOf('wait'));
    const list = whatCanOpen(world.config, world.memory, world.now());
    assert.deepEqual(list.authorizations, []);
    assert.deepEqual(list.staff, [
      { name: 'cleaner', type: 'totp' },
      { name: 'break-glass', type: 'hotp' },
    ]);
    assert.deepEqual(list.unseen, {
      open: true,
      units: [
        { unitId: 'flat-a', keyVersion: 2 },
        { unitId: 'flat-b', keyVersion: 1 },
      ],
      startsByMs: bornMs + 10 * 60_000,
      endsAfterMs: bornMs - 10 * 60_000,
    });
    assert.deepEqual([list.controllers, list.closedMs], [[], { short: 0, long: 0 }]);
  });

  it('says of a guest who is in until when, and whether by twelve digits or a PIN', () => {
    const world = new World(configOf('wait'));
    world.pass(3 * HOUR_MS);
    world.take(world.judge(world.digitsOf(stay)));
    const { authorizations, livePins } = whatCanOpen(world.config, world.memory, world.now());
    assert.deepEqual(
      authorizations.map(({ code: { unitId, kind }, ...rest }) => ({ unitId, kind, ...rest })),
      [{ unitId: 'flat-a', kind: 'stay', digits: true, pins: 1, untilMs: stay.endsAtMs + 10 * 60_000 }],
    );
    assert.equal(livePins, 1);
  });

  it('names no TOTP and, where the host gives no grace, nobody new while the clock is lost', () => {
    const world = new World(configOf('wait'));
    world.boot('lost');
    const waiting = whatCanOpen(world.config, world.memory, world.now());
    assert.deepEqual(waiting.staff, [{ name: 'break-glass', type: 'hotp' }]);
    assert.deepEqual(waiting.unseen, { open: false, why: 'clock-lost' });
    const kind = new World(configOf('grace'));
    kind.boot('lost');
    const { unseen } = whatCanOpen(kind.config, kind.memory, kind.now());
    assert.equal(unseen.open && unseen.startsByMs, bornMs + 48 * HOUR_MS);
  });

  it('says for how long guessing has closed the lock, and that who is in still has one try in ten seconds', () => {
    const world = new World(configOf('wait'));
    world.pass(3 * HOUR_MS);
    world.take(world.judge(world.digitsOf(stay)));
    for (let i = 0; i < 5; i++) {
      world.take(world.judge('000000'));
      world.take(world.judge('000000000000'));
    }
    const list = whatCanOpen(world.config, world.memory, world.now());
    assert.deepEqual(list.closedMs, { short: 60_000, long: 60_000 });
    assert.deepEqual([list.unseen, list.staff], [{ open: false, why: 'closed' }, []]);
    assert.deepEqual(
      list.authorizations.map(({ digits, pins }) => [digits, pins]),
      [[true, 0]],
    );
    world.take(world.judge('000000000000'));
    assert.deepEqual(whatCanOpen(world.config, world.memory, world.now()).authorizations, []);
  });

  it('says that a full store lets nobody new in', () => {
    const world = new World(configOf('wait'));
    const accepted = Array.from({ length: 4096 }, (_, i) => ({ ...stay, revision: i, pinsOf: [] }));
    const full = { ...world.memory, accepted };
    assert.deepEqual(whatCanOpen(world.config, full, world.now()).unseen, { open: false, why: 'store-full' });
  });

  it('names the controllers whose commands were taken', () => {
    const world = new World(configOf('wait'));
    const memory = { ...world.memory, counters: { homebridge: 3 } };
    assert.deepEqual(whatCanOpen(world.config, memory, world.now()).controllers, ['homebridge']);
  });

  it('changes nothing: the lock judges afterwards as if nobody had asked', () => {
    const lock = new ExampleLock(exampleConfig(), '2026-12-03T15:00:00Z');
    const before = JSON.stringify(lock.memory);
    const now = lockNow(lock.memory, { clockMs: bornMs, poweredMs: 0 });
    whatCanOpen(exampleConfig(), lock.memory, now);
    for (let i = 0; i < 10; i++) explainEntry(exampleConfig(), lock.memory, now, '123456789012');
    assert.equal(JSON.stringify(lock.memory), before);
  });
});
