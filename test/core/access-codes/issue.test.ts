import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type AccessCode,
  collides,
  isLive,
  hasLeft,
  stillOpen,
} from '../../../core/src/access-codes/access-code.ts';
import { type Issue, issueAccessCode, withdrawAccessCodes } from '../../../core/src/access-codes/issue.ts';
import { compileRules, DEFAULT_HOUSE_RULES, meetsRules } from '../../../core/src/lock/rules.ts';

const DAY_MS = 24 * 60 * 60_000;
const DAY_0_MS = Date.UTC(2026, 10, 1);
const rules = compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' });
const unit = { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' } as const;
const nights = (from: number, to: number): { startsAtMs: number; endsAtMs: number } => ({
  startsAtMs: DAY_0_MS + from * DAY_MS + 15 * 60 * 60_000,
  endsAtMs: DAY_0_MS + to * DAY_MS + 11 * 60 * 60_000,
});

/** A register in memory, whose codes leave it as soon as they are issued unless told otherwise. */
class Register {
  codes: AccessCode[] = [];
  nowMs: number = DAY_0_MS;

  book(id: string, from: number, to: number, options: { leaves?: boolean; keyVersion?: number } = {}): Issue {
    this.nowMs += 1000;
    const issue = issueAccessCode({
      unit: { ...unit, keyVersion: options.keyVersion ?? 1 },
      reservation: { id, ...nights(from, to) },
      ...{ rules, issued: this.codes, nowMs: this.nowMs, newId: `code-${this.nowMs}` },
    });
    this.write(issue.withdrawn, issue.forget);
    if (issue.ok) {
      const leftAtMs = issue.code.leftAtMs ?? (options.leaves === false ? null : this.nowMs);
      this.write([{ ...issue.code, leftAtMs }], []);
    }
    return issue;
  }

  cancel(id: string): void {
    this.nowMs += 1000;
    const { withdrawn, forget } = withdrawAccessCodes(this.codes, id, this.nowMs);
    this.write(withdrawn, forget);
  }

  write(put: readonly AccessCode[], forget: readonly AccessCode[]): void {
    const replaced = new Set([...put, ...forget].map((code) => code.id));
    this.codes = [...this.codes.filter((code) => !replaced.has(code.id)), ...put];
  }
}

/** Kind and revision, or the reason for none. */
function brief(issue: Issue): string {
  return issue.ok ? `${issue.code.kind} ${issue.code.revision}${issue.isNew ? '' : ' again'}` : issue.reason;
}

describe('issueAccessCode', () => {
  let register: Register;
  beforeEach(() => {
    register = new Register();
  });

  it('gives a first stay revision 0, and the same code when asked again', () => {
    assert.equal(brief(register.book('a', 1, 4)), 'stay 0');
    assert.equal(brief(register.book('a', 1, 4)), 'stay 0 again');
    assert.equal(register.codes.length, 1);
  });
  it('amends a changed stay and withdraws the code before', () => {
    register.book('a', 1, 4);
    const changed = register.book('a', 1, 5);
    assert.equal(brief(changed), 'amendment 1');
    assert.equal(changed.withdrawn.length, 1);
    assert.equal(stillOpen(register.codes, register.nowMs).length, 1);
    assert.equal(brief(register.book('a', 1, 6)), 'amendment 2');
  });
  it('uses up no revision for a code that never left', () => {
    register.book('a', 1, 4, { leaves: false });
    assert.equal(brief(register.book('a', 1, 5)), 'stay 0');
    assert.equal(register.codes.length, 1);
  });
  it('starts at 0 for a stay moved to nights that nothing withdrawn touches', () => {
    register.book('a', 1, 4);
    assert.equal(brief(register.book('a', 10, 12)), 'stay 0');
  });
  it('gives the next guest of the same nights a stay code above the withdrawn one', () => {
    register.book('a', 1, 4);
    register.cancel('a');
    assert.equal(brief(register.book('b', 1, 4)), 'stay 1');
    assert.equal(brief(register.book('b', 1, 5)), 'stay 2');
  });
  it('gives a booking changed back its old code if nothing later left', () => {
    const first = register.book('a', 1, 4);
    register.book('a', 1, 5, { leaves: false });
    const back = register.book('a', 1, 4);
    assert.ok(first.ok && back.ok && back.isNew);
    assert.equal(back.code.id, first.code.id);
    assert.equal(back.code.withdrawnAtMs, null);
  });
  it('gives a booking changed back a new code if a later one left', () => {
    register.book('a', 1, 4);
    register.book('a', 1, 5);
    assert.equal(brief(register.book('a', 1, 4)), 'amendment 2');
  });
  it('gives a booking that comes back a new code if a lock may know the old one as revoked', () => {
    register.book('a', 1, 4);
    register.cancel('a');
    register.codes = register.codes.map((code) => ({ ...code, revokedAtMs: register.nowMs }));
    assert.equal(brief(register.book('a', 1, 4)), 'amendment 1');
  });
  it('gives a booking that comes back a new code if another guest had the nights meanwhile', () => {
    register.book('a', 1, 4);
    register.cancel('a');
    register.book('b', 1, 4);
    register.cancel('b');
    assert.equal(brief(register.book('a', 1, 4)), 'stay 2');
  });
  it('withholds the code of the later of two live reservations, and withdraws what it moved away from', () => {
    register.book('a', 1, 4);
    register.book('b', 10, 12);
    const clash = register.book('b', 2, 5);
    assert.ok(!clash.ok && clash.reason === 'conflict' && clash.reservationId === 'a');
    assert.equal(clash.withdrawn.length, 1);
    register.cancel('a');
    assert.equal(brief(register.book('b', 2, 5)), 'stay 1');
  });
  it('lets neighbours turn over on one day', () => {
    register.book('a', 1, 4);
    assert.equal(brief(register.book('b', 4, 6)), 'stay 0');
  });
  it('says when the revisions are spent', () => {
    for (let night = 4; night < 12; night++) register.book('a', 1, night);
    assert.equal(register.codes.find(isLive)?.revision, 7);
    assert.equal(brief(register.book('a', 1, 12)), 'revisions-spent');
  });
  it('counts revisions anew under a higher key version', () => {
    register.book('a', 1, 4);
    register.book('a', 1, 5);
    assert.equal(brief(register.book('a', 1, 5, { keyVersion: 2 })), 'stay 0');
    assert.equal(register.codes.filter(isLive).length, 1);
  });
  it('keeps a code through changes of the rules for as long as the lock takes it', () => {
    register.book('a', 1, 4);
    const reservation = { id: 'a', ...nights(1, 4) };
    const request = { unit, reservation, issued: register.codes, nowMs: DAY_0_MS, newId: 'other' };
    const wider = compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC', checkInFrom: '10:00' });
    assert.equal(brief(issueAccessCode({ ...request, rules: wider })), 'stay 0 again');
    const narrower = compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC', checkInFrom: '17:00' });
    const refused = issueAccessCode({ ...request, rules: narrower });
    assert.ok(!refused.ok && refused.reason === 'rule' && refused.rule === 'start');
  });
  it('keeps a code whose window finer rules would draw more closely', () => {
    const halfPast = { ...nights(1, 4), startsAtMs: nights(1, 4).startsAtMs + 30 * 60_000 };
    const request = { unit, reservation: { id: 'a', ...halfPast }, nowMs: DAY_0_MS, newId: 'x' };
    const first = issueAccessCode({ ...request, rules, issued: [] });
    assert.ok(first.ok && first.code.startsAtMs < halfPast.startsAtMs);
    const finer = compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC', stepMinutes: 30 });
    assert.equal(brief(issueAccessCode({ ...request, rules: finer, issued: [first.code] })), 'stay 0 again');
  });
  it('gives no code for what is over, or lies beyond the years of the alphabet', () => {
    const request = { rules, issued: [], nowMs: DAY_0_MS, newId: 'x' };
    const over = issueAccessCode({ ...request, unit, reservation: { id: 'a', ...nights(-3, -1) } });
    assert.equal(brief(over), 'ended');
    const late = nights(10_000, 10_003);
    const noZero = { ...unit, alphabet: 'no-zero' as const };
    assert.equal(
      brief(issueAccessCode({ ...request, unit: noZero, reservation: { id: 'a', ...late } })),
      'beyond-years',
    );
  });

  it('keeps its promises whatever is booked, changed and cancelled', () => {
    const guest = fc.constantFrom('a', 'b', 'c');
    const booking = fc.record({
      id: guest,
      from: fc.integer({ min: 1, max: 8 }),
      long: fc.integer({ min: 1, max: 5 }),
      leaves: fc.boolean(),
    });
    const step = fc.oneof(booking, fc.record({ id: guest }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const all = new Register();
        for (const one of steps) {
          if ('from' in one) checkIssued(all, all.book(one.id, one.from, one.from + one.long, one));
          else all.cancel(one.id);
          checkRegister(all);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** What is issued meets the rules and outranks everything out there that it collides with. */
function checkIssued(register: Register, issue: Issue): void {
  if (!issue.ok) return;
  assert.ok(meetsRules(rules, issue.code));
  const rivals = register.codes.filter(
    (code) => hasLeft(code) && code.id !== issue.code.id && collides(code, unit, issue.code),
  );
  for (const rival of rivals) assert.ok(rival.revision < issue.code.revision || !issue.isNew);
  if (issue.code.kind === 'amendment' && issue.isNew) {
    assert.ok(rivals.every((rival) => rival.reservationId === issue.code.reservationId));
  }
}

/** One live code a reservation, none that collide, no digits twice. */
function checkRegister({ codes }: Register): void {
  const live = codes.filter(isLive);
  assert.equal(new Set(live.map((code) => code.reservationId)).size, live.length);
  for (const code of live) assert.equal(live.filter((other) => collides(other, unit, code)).length, 1);
  const digits = codes.map(({ startsAtMs, endsAtMs, kind, revision }) =>
    [startsAtMs, endsAtMs, kind, revision].join(),
  );
  assert.equal(new Set(digits).size, digits.length);
}
