import assert from 'node:assert/strict';
import { deriveUnitKey, explainEntry, type Explanation, issueClockCode, deriveCodeKey } from '@staycode/core';
import { lockNow } from '../../../core/src/lock/decide.ts';
import type { CodeId } from '../../../core/src/lock/keyring.ts';
import { oneTimePassword } from '../../../core/src/lock/staff.ts';
import { EXAMPLE_SITE_KEY, exampleConfig, ExampleLock, exampleRules } from '../../support/lock-example.ts';

const MINUTE_MS = 60_000;
const bornAt = '2026-12-03T12:00:00Z';
const arrival = '2026-12-03T15:00:00Z';
const stay: CodeId = {
  ...{ unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0 },
  startsAtMs: Date.parse('2026-12-03T14:00:00Z'),
  endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
};
const cleaner = {
  name: 'cleaner',
  type: 'hotp',
  secret: new Uint8Array(20).fill(1),
  digits: 8,
  hash: 'sha1',
} as const;

class Door extends ExampleLock {
  readonly config: ReturnType<typeof exampleConfig>;

  constructor(config = exampleConfig({ staff: [cleaner] })) {
    super(config, bornAt);
    this.config = config;
  }

  write(code: Partial<CodeId> = {}): string {
    const key = this.lock.keys[0];
    assert(key);
    return key.write({ ...stay, ...code });
  }

  explain(at: string, digits: string, names?: (code: CodeId) => string | null): Explanation {
    const clockMs = Date.parse(at);
    const now = lockNow(this.memory, { clockMs, poweredMs: clockMs - Date.parse(bornAt) });
    const explanation = explainEntry(this.config, this.memory, now, digits, names);
    assert(explanation);
    return explanation;
  }
}

describe('explain an entry', () => {
  it('says of a code never typed whose it is and from when to when it opens', () => {
    const door = new Door();
    const early = door.explain('2026-12-03T13:00:00Z', door.write());
    assert.deepEqual(early, {
      opensNow: false,
      outcome: 'refused',
      reason: 'early',
      is: 'code',
      code: stay,
      name: null,
      standing: 'never-typed',
      endedBy: null,
      opens: { startsAtMs: stay.startsAtMs - 10 * MINUTE_MS, endsAtMs: stay.endsAtMs + 10 * MINUTE_MS },
      clockCodeMs: null,
      closedMs: 0,
      outsideRules: [],
    });
    assert.equal(door.explain(arrival, door.write()).opensNow, true);
    assert.equal(door.explain('2026-12-08T12:00:00Z', door.write()).reason, 'expired');
  });

  it('says to whom a code was issued where its caller knows', () => {
    const door = new Door();
    const names = (code: CodeId): string | null => (code.revision === 0 ? 'reservation 7' : null);
    assert.equal(door.explain(arrival, door.write(), names).name, 'reservation 7');
    assert.equal(door.explain(arrival, door.write({ revision: 1 }), names).name, null);
  });

  it('knows who is in, by twelve digits and by PIN', () => {
    const door = new Door();
    door.enter(arrival, door.write());
    const digits = door.explain(arrival, door.write());
    assert.deepEqual([digits.is, digits.standing, digits.opensNow], ['code', 'enrolled', true]);
    const pin = door.explain(arrival, door.write().slice(0, 6));
    assert.deepEqual([pin.is, pin.standing, pin.opensNow, pin.code], ['pin', 'enrolled', true, stay]);
  });

  it('names the code that superseded one, and knows the PIN that died with it', () => {
    const door = new Door();
    door.enter(arrival, door.write());
    const newer = { ...stay, revision: 1, endsAtMs: stay.endsAtMs + 24 * 60 * MINUTE_MS };
    door.enter(arrival, door.write(newer));
    for (const entry of [door.write(), door.write().slice(0, 6)]) {
      const { opensNow, standing, endedBy, opens, code } = door.explain(arrival, entry);
      assert.deepEqual([opensNow, standing, opens], [false, 'superseded', null]);
      assert.deepEqual([endedBy, code], [newer, stay]);
    }
  });

  it('names the revocation that ended a code never typed', () => {
    const door = new Door();
    const revocation = { ...stay, kind: 'revocation' } as const;
    const before = door.explain(arrival, door.write(revocation));
    assert.deepEqual([before.outcome, before.opensNow, before.opens], ['done', false, null]);
    assert.equal(before.standing, 'never-typed');
    door.enter(arrival, door.write(revocation));
    assert.equal(door.explain(arrival, door.write(revocation)).standing, 'taken');
    const { reason, standing, endedBy } = door.explain(arrival, door.write());
    assert.deepEqual([reason, standing, endedBy], ['revoked', 'revoked', revocation]);
  });

  it('says of a one-time code that it is used up', () => {
    const door = new Door();
    const once = { kind: 'one-time', endsAtMs: stay.startsAtMs + 120 * MINUTE_MS } as const;
    assert.equal(door.explain(arrival, door.write(once)).opensNow, true);
    door.enter(arrival, door.write(once));
    const { reason, standing, opens } = door.explain(arrival, door.write(once));
    assert.deepEqual([reason, standing, opens], ['consumed', 'consumed', null]);
  });

  it('says whose staff code it is, also one that was used before', () => {
    const door = new Door();
    const password = oneTimePassword(cleaner, 0);
    const first = door.explain(arrival, password);
    assert.deepEqual([first.is, first.name, first.opensNow, first.code], ['staff', 'cleaner', true, null]);
    door.enter(arrival, password);
    const second = door.explain(arrival, password);
    assert.deepEqual([second.is, second.name, second.reason], ['staff', 'cleaner', 'replayed']);
  });

  it('says for which minute a clock code was made', () => {
    const door = new Door();
    const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
    const atMs = Date.parse(arrival) + 2 * MINUTE_MS;
    const digits = issueClockCode(codeKey, { atMs, alphabet: 'decimal' });
    const taken = door.explain(arrival, digits);
    assert.deepEqual([taken.is, taken.outcome, taken.clockCodeMs], ['clock', 'done', atMs]);
    door.enter(arrival, digits);
    const again = door.explain(arrival, digits);
    assert.deepEqual([again.is, again.reason, again.clockCodeMs], ['clock', 'clock-refused', atMs]);
  });

  it('looks at an entry that the closed lock refuses unexamined, and says for how long it is closed', () => {
    const door = new Door();
    for (let i = 0; i < 5; i++) door.enter(arrival, '000000000000');
    const { reason, standing, closedMs, opensNow, code } = door.explain(arrival, door.write());
    assert.deepEqual([reason, standing, closedMs, opensNow], ['closed', 'never-typed', MINUTE_MS, false]);
    assert.deepEqual(code, stay);
  });

  it('says that a code waits for a clock code while the clock is lost', () => {
    const door = new Door();
    door.memory = { ...door.memory, clock: 'lost', storedAtMs: Date.parse(arrival) };
    const { reason, opens } = door.explain(bornAt, door.write());
    assert.deepEqual([reason, opens], ['clock-lost', null]);
  });

  it('keeps grace from a PIN: while the clock is lost it opens from the start of the stay on', () => {
    const door = new Door(exampleConfig({ rules: exampleRules({ clockLost: 'grace' }) }));
    door.memory = { ...door.memory, clock: 'lost', accepted: [{ ...stay, pinsOf: [stay] }] };
    const opensFrom = (digits: string): number | undefined => door.explain(bornAt, digits).opens?.startsAtMs;
    assert.equal(opensFrom(door.write()), stay.startsAtMs - 48 * 60 * MINUTE_MS);
    assert.equal(opensFrom(door.write().slice(0, 6)), stay.startsAtMs);
  });

  it('names the rule that keeps out a code whose window is near, and nothing for digits far off', () => {
    const door = new Door();
    const outside = (code: Partial<CodeId>): Explanation['outsideRules'] =>
      door.explain(arrival, door.write(code)).outsideRules;
    const late = { ...stay, startsAtMs: Date.parse('2026-12-03T21:00:00Z') };
    assert.deepEqual(outside(late), [{ code: late, why: 'start' }]);
    const dayLong = { kind: 'one-time' } as const;
    assert.deepEqual(outside(dayLong), [{ code: { ...stay, ...dayLong }, why: 'one-time-length' }]);
    const farMs = 90 * 24 * 60 * MINUTE_MS;
    assert.deepEqual(outside({ startsAtMs: late.startsAtMs + farMs, endsAtMs: late.endsAtMs + farMs }), []);
    assert.equal(door.explain(arrival, '123456').is, 'unknown');
  });

  it('says that a key that was changed over lets in only who is in already', () => {
    const [unit] = exampleConfig().units;
    assert(unit);
    const door = new Door(exampleConfig({ units: [{ ...unit, serves: 'enrolled' }] }));
    const { reason, outsideRules } = door.explain(arrival, door.write());
    assert.deepEqual([reason, outsideRules], ['unknown', [{ code: stay, why: 'old-key' }]]);
  });

  it('gives nothing for an empty entry', () => {
    const { config, memory } = new Door();
    const now = lockNow(memory, { clockMs: 0, poweredMs: 0 });
    assert.equal(explainEntry(config, memory, now, ''), null);
  });
});
