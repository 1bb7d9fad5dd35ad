import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type AccessCode, collides, hasLeft, isLive } from '../../../core/src/access-codes/access-code.ts';
import {
  type HostOverride,
  Overrides,
  type OverrideWord,
} from '../../../core/src/access-codes/host-overrides.ts';
import {
  reconcile,
  type ReconcileRequest,
  type Reconciliation,
} from '../../../core/src/access-codes/reconcile.ts';
import {
  type StayNews,
  wantReservation,
  type WantedStay,
} from '../../../core/src/access-codes/wanted-stay.ts';
import { StaycodeError } from '../../../core/src/errors.ts';
import { compileRules, DEFAULT_HOUSE_RULES } from '../../../core/src/lock/rules.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAY_0_MS = Date.UTC(2026, 10, 1);
const rules = compileRules({
  ...DEFAULT_HOUSE_RULES,
  zone: 'UTC',
  checkInFrom: '12:00',
  checkOutTo: '14:00',
});
const narrowRules = compileRules({
  ...DEFAULT_HOUSE_RULES,
  zone: 'UTC',
  maxNights: 3,
  checkInFrom: '14:00',
  checkInTo: '14:00',
});
const unit = { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' } as const;

const at = (day: number, hour: number): number => DAY_0_MS + day * DAY_MS + hour * HOUR_MS;
const nights = (from: number, to: number): { startsAtMs: number; endsAtMs: number } => ({
  startsAtMs: at(from, 15),
  endsAtMs: at(to, 11),
});
const stay = (
  id: string,
  from: number,
  to: number,
  more: Partial<WantedStay> & { status?: string } = {},
): StayNews => {
  const { status = 'confirmed', ...rest } = more;
  const news = wantReservation({ id, status, guestName: null, ...nights(from, to) }, { displaces: [] });
  return news.news === 'stay' ? { ...news, stay: { ...news.stay, ...rest } } : news;
};
const off = (id: string): StayNews => ({ news: 'gone', id, why: 'cancelled' });
const unpaid = { pass: false, reason: 'unpaid', message: 'Nothing is paid yet.' } as const;

/** A register in memory; codes leave it when they are told to. */
class Register {
  codes: AccessCode[] = [];
  stays: ReconcileRequest['stays'] = [];
  overrides: HostOverride[] = [];
  nowMs: number = DAY_0_MS;
  settings: Partial<ReconcileRequest> = {};
  #count = 0;

  /** What was done, as short words; then nothing is left to do. */
  take(...news: StayNews[]): string[] {
    this.nowMs += 1000;
    const words = this.#act({ news });
    assert.deepEqual(this.#act({}), [], 'something was left to do');
    return words;
  }

  say(id: string, word: OverrideWord, unitId: string | null = 'flat-a'): string[] {
    const override = { unitId, reservationId: id, word, by: 'Ada', why: 'asked for it', atMs: this.nowMs };
    const words = this.#act({ words: [override] });
    assert.deepEqual(this.#act({}), [], 'something was left to do');
    return words;
  }

  send(): void {
    this.codes = this.codes.map((code) => ({ ...code, leftAtMs: code.leftAtMs ?? this.nowMs }));
  }

  liveOf(id: string): AccessCode | undefined {
    return this.codes.find((code) => code.reservationId === id && isLive(code));
  }

  #act(what: Pick<ReconcileRequest, 'news' | 'words'>): string[] {
    const result = reconcile({
      ...{ unit, rules, hasKey: true, zone: 'UTC', nowMs: this.nowMs, newId: () => `code-${++this.#count}` },
      ...{ codes: this.codes, stays: this.stays, overrides: this.overrides },
      ...this.settings,
      ...what,
    });
    this.#write(result);
    return result.actions.map(({ action, reservationId, reason }) => `${action} ${reservationId} ${reason}`);
  }

  #write({ put, forget, keep, drop, words }: Reconciliation): void {
    const changed = new Set([...put, ...forget].map(({ id }) => id));
    this.codes = [...this.codes.filter(({ id }) => !changed.has(id)), ...put];
    const stays = new Map(this.stays.map((record) => [record.stay.id, record]));
    for (const id of drop) stays.delete(id);
    for (const record of keep) stays.set(record.stay.id, record);
    this.stays = [...stays.values()];
    this.overrides = [...this.overrides, ...words];
  }
}

describe('reconcile', () => {
  let register: Register;
  beforeEach(() => {
    register = new Register();
  });

  it('issues a code to each stay once', () => {
    assert.deepEqual(register.take(stay('a', 1, 4), stay('b', 4, 6)), ['issue a new', 'issue b new']);
    assert.deepEqual(register.take(stay('a', 1, 4)), []);
  });
  it('amends a stay that moves, after it has taken back the old code', () => {
    register.take(stay('a', 1, 4));
    register.send();
    assert.deepEqual(register.take(stay('a', 1, 5)), ['revoke a changed', 'amend a changed']);
    assert.equal(register.codes.length, 2);
  });
  it('forgets a code that never left, and uses up no revision', () => {
    register.take(stay('a', 1, 4));
    assert.deepEqual(register.take(stay('a', 1, 5)), ['revoke a changed', 'issue a changed']);
    assert.deepEqual(
      register.codes.map(({ revision }) => revision),
      [0],
    );
  });
  it('gives a stay that moves back its old code if nothing later left', () => {
    register.take(stay('a', 1, 4));
    register.send();
    register.take(stay('a', 1, 5));
    assert.deepEqual(register.take(stay('a', 1, 4)), ['revoke a changed', 'issue a back']);
  });
  it('keeps the digits where only times within their window are new, and has the guest told', () => {
    const early = { startsAtMs: at(1, 15) + 40 * 60_000 };
    register.take(stay('a', 1, 4));
    assert.deepEqual(register.take(stay('a', 1, 4, early)), ['amend a same-digits']);
    assert.equal(register.liveOf('a')?.stay.startsAtMs, early.startsAtMs);
  });
  it('takes a code back from a cancelled stay, and tells of one that waited', () => {
    register.take(stay('a', 1, 4), stay('b', 2, 5));
    assert.deepEqual(register.take(off('b')), ['revoke b cancelled']);
    assert.deepEqual(register.take(off('a')), ['revoke a cancelled']);
    assert.deepEqual(register.take(off('a')), []);
    assert.deepEqual(register.stays, []);
  });
  it('frees nights before it takes them, whatever comes first', () => {
    register.take(stay('a', 1, 4), stay('b', 10, 12));
    register.send();
    assert.deepEqual(register.take(stay('a', 10, 12), stay('b', 1, 4)), [
      ...['revoke a changed', 'revoke b changed', 'issue a changed', 'issue b changed'],
    ]);
    assert.deepEqual(register.take(stay('c', 1, 4), off('b')), ['revoke b cancelled', 'issue c new']);
  });
  it('asks about nights that are booked twice: the later-booked waits until they are free', () => {
    assert.deepEqual(register.take(stay('b', 1, 4)), ['issue b new']);
    assert.deepEqual(register.take(stay('a', 2, 5)), ['ask a conflict']);
    assert.equal(register.stays.find((one) => one.stay.id === 'a')?.held?.detail, 'b');
    assert.deepEqual(register.take(off('b')), ['revoke b cancelled', 'issue a new']);
  });
  it('gives free nights to the one that waited longer', () => {
    register.take(stay('a', 1, 4), stay('b', 10, 12));
    register.take(stay('z', 1, 4));
    register.take(stay('b', 1, 4));
    assert.deepEqual(register.take(off('a')), ['revoke a cancelled', 'issue z new', 'ask b conflict']);
  });
  it('names of several rivals always the same, whichever was written first', () => {
    register.take(stay('a', 1, 2), stay('c', 1, 5), stay('d', 4, 5));
    assert.deepEqual(register.take(stay('a', 1, 3)), [
      'revoke a changed',
      'issue a changed',
      'ask c conflict',
    ]);
  });
  it('lets a stay have the nights of one that vanished, one revision up, and takes nothing from that', () => {
    register.take(stay('a', 1, 4));
    register.send();
    assert.deepEqual(register.take(stay('b', 2, 5, { displaces: ['a'] })), ['issue b new']);
    assert.equal(register.liveOf('b')?.revision, 1);
    assert.ok(register.liveOf('a'));
  });
  it('gives no code to what is not paid, takes it back at a refund, and says why', () => {
    assert.deepEqual(register.take(stay('a', 1, 4, { gate: unpaid })), ['hold a unpaid']);
    assert.deepEqual(register.take(stay('a', 1, 4)), ['issue a new']);
    assert.deepEqual(register.take(stay('a', 1, 4, { gate: unpaid })), ['revoke a unpaid', 'hold a unpaid']);
    assert.deepEqual(register.take(stay('a', 1, 4, { status: 'tentative' })), ['hold a tentative']);
  });
  it('asks where only the host can tell whether it is paid', () => {
    const gate = { pass: false, reason: 'payment-unknown', message: 'Look there.' } as const;
    assert.deepEqual(register.take(stay('a', 1, 4, { gate })), ['ask a payment-unknown']);
  });
  it("takes the host's word for a payment, on a stay or on the booking, until it is taken back", () => {
    register.take(stay('a', 1, 4, { gate: unpaid, bookingId: 'guesty/1' }));
    assert.deepEqual(register.say('a', { kind: 'pay', on: true }), ['issue a new']);
    assert.deepEqual(register.say('a', { kind: 'pay', on: false }), ['revoke a unpaid', 'hold a unpaid']);
    assert.deepEqual(register.say('guesty/1', { kind: 'pay', on: true }, null), []);
    assert.deepEqual(register.take(stay('b', 1, 4, { gate: unpaid, bookingId: 'guesty/1' })), [
      'issue b new',
    ]);
    assert.equal(register.overrides.length, 3);
  });
  it('never takes a word for what is asked or off', () => {
    const gate = { pass: false, reason: 'enquiry', message: 'An enquiry.' } as const;
    register.take(stay('a', 1, 4, { gate }));
    assert.deepEqual(register.say('a', { kind: 'pay', on: true }), []);
  });
  it('holds a code back at the word of the host, whose nights are free meanwhile', () => {
    register.take(stay('a', 1, 4), stay('b', 1, 4));
    assert.deepEqual(register.say('a', { kind: 'hold', on: true }), [
      ...['revoke a held-by-host', 'hold a held-by-host', 'issue b new'],
    ]);
    assert.deepEqual(register.say('a', { kind: 'hold', on: false }), ['ask a conflict']);
  });
  it('opens early and late where the host says so, also after the stay has moved', () => {
    register.take(stay('a', 1, 4));
    register.send();
    assert.deepEqual(register.say('a', { kind: 'check-in', time: '12:00' }), [
      'revoke a changed',
      'amend a changed',
    ]);
    register.say('a', { kind: 'check-out', time: '14:00' });
    assert.deepEqual(register.liveOf('a')?.stay, { startsAtMs: at(1, 12), endsAtMs: at(4, 14) });
    register.take(stay('a', 2, 5));
    assert.deepEqual(register.liveOf('a')?.stay, { startsAtMs: at(2, 12), endsAtMs: at(5, 14) });
    register.say('a', { kind: 'check-in', time: null });
    assert.deepEqual(register.liveOf('a')?.stay, { startsAtMs: at(2, 15), endsAtMs: at(5, 14) });
  });
  it('ignores words that would end a stay before it starts', () => {
    const word = { unitId: 'flat-a', reservationId: 'a', by: 'Ada', why: 'asked for it', atMs: 0 } as const;
    const overrides = new Overrides([{ ...word, word: { kind: 'check-in', time: '14:00' } }], 'UTC');
    const day = { startsAtMs: at(1, 9), endsAtMs: at(1, 11) };
    const news = stay('a', 1, 2, day);
    assert.ok(news.news === 'stay');
    assert.deepEqual(overrides.apply(news.stay, 'flat-a').window, day);
  });
  it('widens new codes by the buffers, tells the times without, and changes no code with them', () => {
    register.take(stay('a', 1, 4));
    register.settings = { buffers: { beforeMinutes: 60, afterMinutes: 30 } };
    assert.deepEqual(register.take(stay('b', 10, 12)), ['issue b new']);
    const { startsAtMs, endsAtMs, stay: told } = register.liveOf('b')!;
    assert.deepEqual([startsAtMs, endsAtMs], [at(10, 14), at(12, 12)]);
    assert.deepEqual(told, nights(10, 12));
    register.settings = { buffers: { beforeMinutes: 121, afterMinutes: 0 } };
    assert.throws(
      () => register.take(stay('c', 20, 22)),
      (error) => error instanceof StaycodeError && error.code === 'out-of-range',
    );
  });
  it('holds what it cannot serve for want of key or rules, and leaves the codes that there are', () => {
    register.take(stay('a', 1, 4));
    register.settings = { hasKey: false };
    assert.deepEqual(register.take(stay('b', 10, 12)), ['hold b no-site-key']);
    register.settings = { rules: null };
    assert.deepEqual(register.take(), ['hold b no-rules']);
    assert.deepEqual(register.take(off('a')), ['revoke a cancelled']);
    register.settings = {};
    assert.deepEqual(register.take(), ['issue b new']);
  });
  it('names the rule to widen, and issues once it is wide enough', () => {
    const early = stay('a', 1, 4, { startsAtMs: at(1, 8) });
    assert.deepEqual(register.take(early), ['hold a rule']);
    assert.equal(register.stays[0]?.held?.detail, 'start');
    register.settings = {
      rules: compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC', checkInFrom: '08:00' }),
    };
    assert.deepEqual(register.take(), ['issue a new']);
  });
  it('asks the host when the revisions are spent', () => {
    for (let night = 3; night < 11; night++) {
      register.take(stay('a', 1, night));
      register.send();
    }
    assert.deepEqual(register.take(stay('a', 1, 11)), ['revoke a changed', 'ask a revisions-spent']);
    register.settings = { unit: { ...unit, keyVersion: 2 } };
    assert.deepEqual(register.take(), ['issue a new']);
  });
  it('drops a stay that is over, and keeps its code on record', () => {
    register.take(stay('a', 1, 4), stay('b', 2, 5));
    register.nowMs = at(4, 11);
    assert.deepEqual(register.take(), ['expire a over', 'issue b new']);
    register.nowMs = at(5, 11);
    assert.deepEqual(register.take(), ['expire b over']);
    assert.deepEqual([register.stays.length, register.codes.length], [0, 2]);
  });
  it('leaves a guest in until the end of a window that is longer than the stay', () => {
    register.take(stay('a', 1, 4, { endsAtMs: at(4, 10) + 20 * 60_000 }));
    register.nowMs = at(4, 10) + 30 * 60_000;
    assert.deepEqual(register.take(), []);
    register.nowMs = at(4, 11);
    assert.deepEqual(register.take(), ['expire a over']);
  });
  it('takes back the code of a stay that is cut short to before now', () => {
    register.take(stay('a', 1, 8));
    register.send();
    register.nowMs = at(5, 12);
    assert.deepEqual(register.take(stay('a', 1, 5)), ['revoke a changed', 'expire a over']);
  });
  it('refuses a word without who and why, and a time that is none', () => {
    register.take(stay('a', 1, 4));
    assert.throws(
      () => register.say('a', { kind: 'check-in', time: '25:00' }),
      (error) => error instanceof StaycodeError && error.code === 'bad-time',
    );
    const word = { unitId: 'flat-a', reservationId: 'a', word: { kind: 'hold', on: true }, atMs: 1 } as const;
    for (const empty of [
      { by: ' ', why: 'x' },
      { by: 'x', why: '' },
    ]) {
      assert.throws(
        () =>
          reconcile({
            ...{ unit, rules, hasKey: true, zone: 'UTC', nowMs: 0, newId: () => '', codes: [], stays: [] },
            ...{ overrides: [], words: [{ ...word, ...empty }] },
          }),
        (error) => error instanceof StaycodeError && error.code === 'bad-message',
      );
    }
  });

  it('keeps its promises whatever is booked, changed, cancelled, paid, held and sent', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.tuple(id, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 5 }), fc.boolean()),
      },
      fc.record({ cancelled: id }),
      fc.record({ held: id, on: fc.boolean() }),
      fc.constant('send' as const),
      fc.record({ narrow: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const all = new Register();
        for (const one of steps) {
          if (one === 'send') all.send();
          else if ('narrow' in one) {
            all.settings = one.narrow ? { rules: narrowRules } : {};
            all.take();
          } else if ('cancelled' in one) all.take(off(one.cancelled));
          else if ('held' in one) all.say(one.held, { kind: 'hold', on: one.on });
          else {
            const [name, from, long, isPaid] = one;
            all.take(stay(name, from, from + long, isPaid ? {} : { gate: unpaid }));
          }
          checkRegister(all);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** One live code a stay, none that collide, no digits twice; who has none knows why, and of two colliding codes the live one is above. */
function checkRegister({ codes, stays, settings }: Register): void {
  const live = codes.filter(isLive);
  assert.equal(new Set(live.map((code) => code.reservationId)).size, live.length);
  for (const code of live) {
    const rivals = codes.filter((other) => other.id !== code.id && collides(other, unit, code));
    assert.deepEqual(rivals.filter(isLive), []);
    for (const rival of rivals.filter(hasLeft)) {
      assert.ok(rival.revision < code.revision || rival.issuedAtMs < code.issuedAtMs);
    }
  }
  for (const {
    stay: { id },
    held,
  } of stays) {
    const hasCode = live.some((code) => code.reservationId === id);
    // Where the rules have become too narrow for a code, the host hears of it, and the guest keeps it.
    assert.ok(held === null ? hasCode : !hasCode || settings.rules);
    if (held?.reason === 'conflict') assert.ok(live.some((code) => code.reservationId === held.detail));
  }
  const digits = codes.map(({ startsAtMs, endsAtMs, kind, revision }) =>
    [startsAtMs, endsAtMs, kind, revision].join(),
  );
  assert.equal(new Set(digits).size, digits.length);
}
