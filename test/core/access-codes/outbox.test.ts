import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AccessCode } from '../../../core/src/access-codes/access-code.ts';
import {
  claim,
  DEFAULT_OUTBOX_POLICY,
  keepsCode,
  markFailed,
  markSent,
  nextDue,
  type OutboxMessage,
  type OutboxPolicy,
  queueMessages,
  retryMessage,
} from '../../../core/src/access-codes/outbox.ts';
import { StaycodeError } from '../../../core/src/errors.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-11-01T12:00:00Z');
const stay = { startsAtMs: START_MS + 20 * DAY_MS, endsAtMs: START_MS + 23 * DAY_MS };
const codeA: AccessCode = {
  ...{ id: 'code-a', unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', reservationId: 'r', kind: 'stay' },
  ...{ revision: 0, ...stay, stay, issuedAtMs: START_MS, leftAtMs: null, withdrawnAtMs: null },
};
const codeB: AccessCode = { ...codeA, id: 'code-b', revision: 1 };
const { leaseMs } = DEFAULT_OUTBOX_POLICY;

/** A unit's register and outbox in memory, with a clock moved by hand. */
class Desk {
  nowMs: number = START_MS;
  codes: AccessCode[] = [];
  messages: OutboxMessage[] = [];
  policy: OutboxPolicy = DEFAULT_OUTBOX_POLICY;
  #ids = 0;

  queue(...codes: AccessCode[]): this {
    this.codes = codes;
    const { put, forget } = queueMessages({
      ...{ codes, messages: this.messages, policy: this.policy, nowMs: this.nowMs },
      newId: () => `message-${++this.#ids}`,
    });
    for (const { id } of forget) this.messages = this.messages.filter((message) => message.id !== id);
    put.forEach((message) => {
      this.put(message);
    });
    return this;
  }
  put(message: OutboxMessage): OutboxMessage {
    const index = this.messages.findIndex(({ id }) => id === message.id);
    this.messages.splice(index < 0 ? this.messages.length : index, 1, message);
    return message;
  }
  due(): OutboxMessage | null {
    return nextDue(this.messages, this.nowMs);
  }
  claim(): OutboxMessage {
    const due = this.due();
    assert.ok(due);
    return this.put(claim(due, this.nowMs, leaseMs));
  }
  sent({ id }: OutboxMessage): void {
    this.change(id, (message) => markSent(message, this.nowMs));
  }
  failed({ id, claims }: OutboxMessage, mayHaveArrived = false, wasAssumedSent = false): void {
    const failure = { claim: claims, mayHaveArrived, nowMs: this.nowMs, wasAssumedSent };
    this.change(id, (message) => markFailed(message, failure, this.policy, this.messages));
  }
  change(id: string, to: (message: OutboxMessage) => OutboxMessage): void {
    const message = this.messages.find((other) => other.id === id);
    if (message) this.put(to(message));
  }
  brief(): string[] {
    return this.messages.map(({ accessCodeId, state }) => `${accessCodeId} ${state}`);
  }
}

describe('queueMessages', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = new Desk();
  });

  it('queues one message a code, however often it is asked', () => {
    assert.deepEqual(desk.queue(codeA).queue(codeA).brief(), ['code-a queued']);
    assert.equal(desk.due()?.replacesEarlier, false);
  });
  it('releases at once, or some days before arrival, also when the host changes his mind', () => {
    desk.policy = { ...DEFAULT_OUTBOX_POLICY, daysBeforeArrival: 7 };
    assert.equal(desk.queue(codeA).due(), null);
    desk.nowMs = stay.startsAtMs - 7 * DAY_MS;
    assert.ok(desk.due());
    desk.nowMs = START_MS;
    desk.policy = DEFAULT_OUTBOX_POLICY;
    assert.ok(desk.queue(codeA).due());
  });
  it('puts a changed code into the message that waits', () => {
    desk.queue(codeA).queue({ ...codeA, withdrawnAtMs: 1 }, codeB);
    assert.deepEqual(desk.brief(), ['code-b queued']);
    assert.equal(desk.due()?.replacesEarlier, false);
  });
  it('tells a guest who was told before of changed times, at once, and that it replaces the earlier message', () => {
    desk.policy = { ...DEFAULT_OUTBOX_POLICY, daysBeforeArrival: 30 };
    desk.queue(codeA).sent(desk.claim());
    desk.policy = { ...desk.policy, daysBeforeArrival: 1 };
    desk.queue({ ...codeA, stay: { ...stay, endsAtMs: stay.endsAtMs - DAY_MS / 48 } });
    assert.deepEqual(desk.brief(), ['code-a sent', 'code-a queued']);
    assert.equal(desk.due()?.replacesEarlier, true);
  });
  it('knows whether a message has the code that the guest was told last, or another', () => {
    const keeps = (code: AccessCode): boolean => {
      const due = desk.queue(code).due();
      assert.ok(due?.replacesEarlier);
      return keepsCode(due, desk.messages);
    };
    const later = { ...codeA, stay: { ...stay, endsAtMs: stay.endsAtMs - DAY_MS / 48 } };
    desk.queue(codeA).sent(desk.claim());
    assert.ok(keeps(later));
    assert.ok(!keeps(codeB));
    // Told of the other one, and of its times in a message that may never have come.
    desk.sent(desk.claim());
    desk.queue({ ...codeB, stay: later.stay }).failed(desk.claim(), true);
    assert.ok(!keeps(codeB));
  });
  it('tells the old code again when a booking is changed back after the new one was told', () => {
    desk.queue(codeA).sent(desk.claim());
    desk.queue(codeB).sent(desk.claim());
    desk.queue(codeA);
    assert.deepEqual(desk.brief(), ['code-a sent', 'code-b sent', 'code-a queued']);
  });
  it('forgets the new code when a booking is changed back before it was told', () => {
    desk.queue(codeA).sent(desk.claim());
    desk.queue(codeB).queue(codeA);
    assert.deepEqual(desk.brief(), ['code-a sent']);
  });
  it('marks it where the new one, of which the sender died, may never have been told', () => {
    desk.queue(codeA).sent(desk.claim());
    desk.queue(codeB).claim();
    desk.queue(codeA).nowMs += leaseMs;
    assert.equal(desk.claim().mayBeDuplicate, true);
  });
  it('forgets what waits when the stay is cancelled, and offers what may be on its way no more', () => {
    assert.deepEqual(desk.queue(codeA).queue().brief(), []);
    desk.queue(codeA).claim();
    assert.deepEqual(desk.queue().brief(), ['code-a replaced']);
    desk.nowMs += leaseMs;
    assert.equal(desk.due(), null);
  });
  it('forgets what waits when the stay is over', () => {
    desk.queue(codeA).nowMs = stay.endsAtMs;
    assert.equal(desk.due(), null);
    assert.deepEqual(desk.queue(codeA).brief(), []);
  });
  it('holds a newer message back while an older one of the stay is on its way', () => {
    desk.queue(codeA);
    const claimed = desk.claim();
    desk.queue(codeB);
    assert.equal(desk.due(), null);
    desk.sent(claimed);
    assert.equal(desk.due()?.accessCodeId, 'code-b');
    assert.equal(desk.due()?.replacesEarlier, true);
  });
  it('sends the newer one after the lease of the older one whose sender died', () => {
    desk.queue(codeA).claim();
    desk.queue(codeB).nowMs += leaseMs;
    assert.equal(desk.due()?.accessCodeId, 'code-b');
    assert.deepEqual(desk.brief(), ['code-a replaced', 'code-b queued']);
  });
  it('does not wait for an older one whose sender gave up, or that was only to be tried again', () => {
    desk.queue(codeA);
    const claimed = desk.claim();
    desk.queue(codeB);
    desk.failed(claimed, true);
    assert.equal(desk.due()?.accessCodeId, 'code-b');
    const other = new Desk().queue(codeA);
    other.failed(other.claim(), true);
    assert.equal(other.queue(codeB).due()?.accessCodeId, 'code-b');
  });
  it('offers a replaced message again, marked, when the booking is changed back', () => {
    desk.queue(codeA).claim();
    desk.queue(codeB).queue(codeA).nowMs += leaseMs;
    assert.deepEqual(desk.brief(), ['code-a queued']);
    assert.equal(desk.due()?.mayBeDuplicate, true);
  });
});

describe('outbox', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = new Desk().queue(codeA);
  });

  it('offers a claimed message to nobody else', () => {
    assert.equal(desk.claim().mayBeDuplicate, false);
    assert.equal(desk.due(), null);
  });
  it('offers it again, as one that may be a duplicate, once its lease is over', () => {
    desk.claim();
    desk.nowMs += leaseMs;
    assert.equal(desk.claim().mayBeDuplicate, true);
  });
  it('refuses to claim what is not due', () => {
    const claimed = desk.claim();
    assert.throws(
      () => claim(claimed, desk.nowMs, leaseMs),
      (error) => error instanceof StaycodeError && error.code === 'bad-message',
    );
  });
  it('retries after longer and longer waits, then fails until the host says so', () => {
    for (const waitMs of desk.policy.retryAfterMs) {
      desk.failed(desk.claim());
      desk.nowMs += waitMs - 1;
      assert.equal(desk.due(), null);
      desk.nowMs += 1;
    }
    desk.failed(desk.claim());
    assert.deepEqual(desk.queue(codeA).brief(), ['code-a failed']);
    desk.change('message-1', (message) => retryMessage(message, desk.nowMs));
    assert.equal(desk.claim().mayBeDuplicate, false);
  });
  it('sends a message that was sent once more at the word of the host, marked', () => {
    const { id } = desk.claim();
    desk.change(id, (message) => markSent(message, desk.nowMs));
    desk.change(id, (message) => retryMessage(message, desk.nowMs));
    assert.equal(desk.claim().mayBeDuplicate, true);
    desk.change(id, (message) => markSent(message, desk.nowMs + 1));
    assert.equal(desk.due(), null);
  });
  it('marks a retry only where the guest may have the message', () => {
    desk.failed(desk.claim());
    desk.nowMs += DAY_MS;
    assert.equal(desk.due()?.mayBeDuplicate, false);
    desk.failed(desk.claim(), true);
    desk.nowMs += DAY_MS;
    assert.equal(desk.due()?.mayBeDuplicate, true);
  });
  it('does not let a late sender undo what came after its lease, but believes that it sent', () => {
    const late = desk.claim();
    desk.nowMs += leaseMs;
    const current = desk.claim();
    desk.failed(late);
    assert.deepEqual(desk.brief(), ['code-a sending']);
    desk.sent(late);
    desk.failed(current);
    assert.deepEqual(desk.brief(), ['code-a sent']);
  });
  it('tries one again that only counted as sent, and never after newer words', () => {
    const assumed = desk.claim();
    desk.sent(assumed);
    desk.failed(assumed);
    assert.deepEqual(desk.brief(), ['code-a sent']);
    desk.failed(assumed, false, true);
    assert.deepEqual(desk.brief(), ['code-a queued']);
    assert.equal(desk.messages[0]?.sentAtMs, null);
    desk.nowMs += DAY_MS;
    const again = desk.claim();
    assert.equal(again.mayBeDuplicate, false);
    desk.sent(again);
    desk.queue(codeB).failed(again, false, true);
    assert.deepEqual(desk.brief(), ['code-a sent', 'code-b queued']);
  });
  it('waits for no stay of another unit that has the same id', () => {
    const busy = desk.claim();
    const other = { ...busy, id: 'other', unitId: 'flat-b', state: 'queued', dueAtMs: START_MS } as const;
    desk.put(other);
    assert.equal(desk.due()?.id, 'other');
    assert.equal(keepsCode(other, [{ ...busy, state: 'sent', sentAtMs: START_MS }, other]), false);
  });
  it('whatever changes, dies or fails: the guest is told last of the code in force, and duplicates are marked', () => {
    const step = fc.constantFrom(
      'a',
      'b',
      'later',
      'cancel',
      'send',
      'die',
      'arrive-and-die',
      'fail',
      'assume-and-fail',
      'wait',
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const unit = new Desk();
        unit.policy = { ...DEFAULT_OUTBOX_POLICY, retryAfterMs: Array<number>(99).fill(60_000) };
        const arrived: string[] = [];
        const arrive = (message: OutboxMessage): void => {
          const text = `${message.accessCodeId} ${message.stay.endsAtMs}`;
          assert.ok(arrived.at(-1) !== text || message.mayBeDuplicate, 'an unmarked duplicate');
          assert.ok(arrived.length === 0 || arrived.at(-1) === text || message.replacesEarlier);
          arrived.push(text);
        };
        const later = { ...codeA, stay: { ...stay, endsAtMs: stay.endsAtMs - 1 } };
        const play: Record<string, (message: OutboxMessage) => void> = {
          send: (message) => {
            arrive(message);
            unit.sent(message);
          },
          'arrive-and-die': arrive,
          die: () => undefined,
          fail: (message) => {
            unit.failed(message);
          },
          'assume-and-fail': (message) => {
            unit.sent(message);
            unit.failed(message, false, true);
          },
        };
        const books: Record<string, AccessCode[]> = { a: [codeA], b: [codeB], later: [later], cancel: [] };
        for (const name of steps) {
          const codes = books[name];
          if (codes) unit.queue(...codes);
          else if (name === 'wait') unit.nowMs += leaseMs;
          else if (unit.due()) play[name]?.(unit.claim());
        }
        for (let i = 0; i < 3; i++, unit.nowMs += leaseMs) if (unit.due()) play.send?.(unit.claim());
        const [code] = unit.codes;
        if (code) assert.equal(arrived.at(-1), `${code.id} ${code.stay.endsAtMs}`);
      }),
      { numRuns: 2000 },
    );
  });
});
