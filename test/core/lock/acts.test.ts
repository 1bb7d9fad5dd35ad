import assert from 'node:assert/strict';
import { type Act, deriveCodeKey, deriveUnitKey, issueCode, whatCanOpen } from '@staycode/core';
import { judgeAct, type MemoryAct } from '../../../core/src/lock/acts.ts';
import { lockNow } from '../../../core/src/lock/decide.ts';
import type { CodeId } from '../../../core/src/lock/keyring.ts';
import { MAX_ACCEPTED, remember } from '../../../core/src/lock/memory.ts';
import { EXAMPLE_SITE_KEY, exampleConfig, ExampleLock } from '../../support/lock-example.ts';

const START = '2026-12-03T14:00:00Z';
const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const code = (startsAt: string, endsAt: string, changes: Partial<CodeId> = {}): CodeId => ({
  unitId: 'flat-a',
  keyVersion: 1,
  kind: 'stay',
  revision: 0,
  startsAtMs: Date.parse(startsAt),
  endsAtMs: Date.parse(endsAt),
  ...changes,
});
const digitsOf = (id: CodeId): string => issueCode(codeKey, { ...id, alphabet: 'decimal' });
const STAY = code(START, '2026-12-07T10:00:00Z');
const PIN = digitsOf(STAY).slice(0, 6);
const until = (at: string, id = STAY): MemoryAct => ({ name: 'extend', code: id, untilMs: Date.parse(at) });

class CommandedLock extends ExampleLock {
  #counter = 0;

  /** The refusal, `null` where it was carried out. */
  obey(at: string, act: MemoryAct): string | null {
    const refusal = judgeAct(this.lock, this.memory, act);
    if (refusal !== null) return refusal;
    const clockMs = Date.parse(at);
    const now = lockNow(this.memory, { clockMs, poweredMs: clockMs - Date.parse(START) });
    const command = { controllerId: 'node-red', counter: ++this.#counter };
    this.memory = remember(this.memory, { type: 'command', ...now, command, act }, this.lock.rules);
    return null;
  }
}

describe('acts of a controller', () => {
  let lock: CommandedLock;
  beforeEach(() => {
    lock = new CommandedLock(exampleConfig(), START);
  });

  describe('revoke', () => {
    it('ends this very code, typed before or not, and no other', () => {
      const other = code(START, '2026-12-08T10:00:00Z');
      lock.enter(START, digitsOf(STAY));
      assert.equal(lock.obey(START, { name: 'revoke', code: STAY }), null);
      assert.equal(lock.enter(START, digitsOf(STAY)), 'refused revoked');
      assert.equal(lock.enter(START, PIN), 'refused unknown');
      assert.equal(lock.enter(START, digitsOf(other)), 'opened stay');
    });

    it('of a code that nobody typed ends none of lower revision', () => {
      const moved = { ...STAY, revision: 1 };
      lock.obey(START, { name: 'revoke', code: moved });
      assert.equal(lock.enter(START, digitsOf(moved)), 'refused revoked');
      assert.equal(lock.enter(START, digitsOf(STAY)), 'opened stay');
    });

    it('holds until the code could open no more, and no longer', () => {
      lock.obey(START, { name: 'revoke', code: STAY });
      lock.enter('2026-12-07T10:09:00Z', '1');
      assert.equal(lock.memory.barred.length, 1);
      lock.enter('2027-01-10T10:00:00Z', '1');
      assert.equal(lock.memory.barred.length, 0);
    });

    it('is refused for a window that is none, and where there is no more room', () => {
      const backwards = { ...STAY, endsAtMs: STAY.startsAtMs };
      assert.equal(lock.obey(START, { name: 'revoke', code: backwards }), 'out-of-range');
      const barred = Array.from({ length: MAX_ACCEPTED }, (_, i) => {
        return { ...STAY, startsAtMs: STAY.startsAtMs - i, by: 'revoke' } as const;
      });
      lock.memory = { ...lock.memory, barred };
      assert.equal(lock.obey(START, { name: 'revoke', code: STAY }), null);
      assert.equal(lock.obey(START, { name: 'revoke', code: { ...STAY, revision: 3 } }), 'store-full');
    });
  });

  describe('suspend', () => {
    it('stops a guest’s digits and PIN until resume', () => {
      lock.enter(START, digitsOf(STAY));
      lock.obey(START, { name: 'suspend', code: STAY });
      assert.equal(lock.enter(START, digitsOf(STAY)), 'refused suspended');
      assert.equal(lock.enter(START, PIN), 'refused unknown');
      lock.obey(START, { name: 'resume', code: STAY });
      assert.equal(lock.enter(START, PIN), 'opened pin');
    });

    it('of a revoked code leaves it revoked, and resume does not revive it', () => {
      lock.obey(START, { name: 'revoke', code: STAY });
      lock.obey(START, { name: 'suspend', code: STAY });
      assert.equal(lock.obey(START, { name: 'resume', code: STAY }), 'unknown-code');
      assert.equal(lock.enter(START, digitsOf(STAY)), 'refused revoked');
    });
  });

  describe('extend', () => {
    it('lets the guest keep code and PIN until the new end', () => {
      lock.enter(START, digitsOf(STAY));
      assert.equal(lock.obey(START, until('2026-12-09T10:00:00Z')), null);
      assert.equal(lock.enter('2026-12-08T12:00:00Z', PIN), 'opened pin');
      assert.equal(lock.enter('2026-12-08T12:00:00Z', digitsOf(STAY)), 'opened stay');
      assert.equal(lock.enter('2026-12-09T10:10:00Z', digitsOf(STAY)), 'refused expired');
    });

    it('works after the stay has ended, and is taken back with the old end', () => {
      lock.enter(START, digitsOf(STAY));
      assert.equal(lock.enter('2026-12-07T11:00:00Z', PIN), 'refused unknown');
      lock.obey('2026-12-07T11:00:00Z', until('2026-12-08T10:00:00Z'));
      assert.equal(lock.enter('2026-12-07T11:00:00Z', PIN), 'opened pin');
      lock.obey('2026-12-07T12:00:00Z', until('2026-12-07T10:00:00Z'));
      assert.equal(lock.enter('2026-12-07T12:00:00Z', PIN), 'refused unknown');
    });

    it('is refused for who is not enrolled or dead, and beyond a year or before the own end', () => {
      const act = until('2026-12-09T10:00:00Z');
      assert.equal(lock.obey(START, act), 'unknown-code');
      lock.enter(START, digitsOf(STAY));
      assert.equal(lock.obey(START, until('2026-12-07T09:30:00Z')), 'out-of-range');
      assert.equal(lock.obey(START, until('2027-12-05T14:00:00Z')), 'out-of-range');
      lock.obey(START, { name: 'revoke', code: STAY });
      assert.equal(lock.obey(START, act), 'unknown-code');
    });

    it('ends where a later booking’s code of higher revision takes the new nights over', () => {
      const next = code('2026-12-09T14:00:00Z', '2026-12-12T10:00:00Z', { revision: 1 });
      lock.enter(START, digitsOf(STAY));
      lock.obey(START, until('2026-12-12T10:00:00Z'));
      assert.equal(lock.enter('2026-12-09T15:00:00Z', PIN), 'opened pin');
      assert.equal(lock.enter('2026-12-09T15:00:00Z', digitsOf(next)), 'opened stay');
      assert.equal(lock.enter('2026-12-09T15:00:00Z', digitsOf(STAY)), 'refused superseded');
    });

    it('is remembered as long as it matters, and shown to the owner', () => {
      lock.enter(START, digitsOf(STAY));
      lock.obey(START, until('2027-03-01T10:00:00Z'));
      lock.enter('2027-02-20T10:00:00Z', '1');
      assert.equal(lock.enter('2027-02-28T10:00:00Z', PIN), 'opened pin');
      const now = { atMs: Date.parse('2027-02-28T10:00:00Z'), clock: 'running', poweredMs: 0 } as const;
      const { authorizations } = whatCanOpen(exampleConfig(), lock.memory, now);
      assert.deepEqual(
        authorizations.map(({ untilMs }) => untilMs),
        [Date.parse('2027-03-01T10:10:00Z')],
      );
    });
  });

  it('clears the guessing count', () => {
    for (let i = 0; i < 6; i++) lock.enter(START, '1');
    lock.enter(START, digitsOf(STAY));
    assert.equal(lock.enter(START, PIN), 'refused closed');
    lock.obey(START, { name: 'clear-guesses' });
    assert.equal(lock.enter(START, PIN), 'opened pin');
  });

  it('sets a clock to no time that no code has', () => {
    for (const atMs of [0, Date.UTC(2125, 0, 1)]) {
      assert.equal(lock.obey(START, { name: 'set-clock', atMs }), 'out-of-range');
    }
  });

  it('mends a lost clock', () => {
    const poweredMs = 0;
    const boot = { type: 'boot', atMs: Date.parse(START), clock: 'lost', poweredMs } as const;
    lock.memory = remember(lock.memory, boot, lock.lock.rules);
    assert.equal(lock.enter(START, digitsOf(STAY)), 'refused clock-lost');
    const act: Act = { name: 'set-clock', atMs: Date.parse(START) };
    lock.obey(START, act);
    assert.equal(lock.enter(START, digitsOf(STAY)), 'opened stay');
  });
});
