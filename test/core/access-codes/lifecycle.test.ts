import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type CodeFacts, isStillOpen, lifecycleOf } from '../../../core/src/access-codes/lifecycle.ts';
import { CODE, facts, ISSUED_MS, LEFT, message, WITHDRAWN } from './record-example.ts';

const stage = (changes: Partial<CodeFacts> = {}, atMs: number = ISSUED_MS): string =>
  lifecycleOf(facts(changes), atMs);

describe('lifecycleOf', () => {
  it('follows a code from the register to the guest, the door and its end', () => {
    assert.equal(stage(), 'created');
    assert.equal(stage({ messages: [message('queued')] }), 'setting');
    assert.equal(stage({ code: LEFT, messages: [message('sending')] }), 'setting');
    const sent = { code: LEFT, messages: [message('sent')] };
    assert.equal(stage(sent), 'set');
    assert.equal(stage({ ...sent, verifiedAtMs: CODE.startsAtMs }), 'verified');
    assert.equal(stage({ ...sent, verifiedAtMs: CODE.startsAtMs }, CODE.endsAtMs), 'expired');
    assert.equal(stage({}, CODE.endsAtMs), 'expired');
  });
  it('stays set while the guest is told of new times, and setting where the message failed', () => {
    assert.equal(stage({ code: LEFT, messages: [message('sent'), message('queued')] }), 'set');
    assert.equal(stage({ code: LEFT, messages: [message('failed')] }), 'setting');
  });
  it('is set where the host shows the code himself, and for a backup code that nobody has yet', () => {
    assert.equal(stage({ code: LEFT }), 'set');
    assert.equal(stage({ code: { ...CODE, kind: 'one-time' } }), 'set');
  });
  it('waits for a lock that keeps a list', () => {
    const sent = { code: LEFT, messages: [message('sent')] };
    assert.equal(stage({ ...sent, lock: { toldAtMs: null, failure: null } }), 'setting');
    assert.equal(stage({ ...sent, lock: { toldAtMs: ISSUED_MS, failure: null } }), 'set');
  });
  it('is revoked for good once withdrawn, unless its window was over by then', () => {
    assert.equal(stage({ code: WITHDRAWN, verifiedAtMs: 1 }), 'revoked');
    assert.equal(stage({ code: WITHDRAWN }, CODE.endsAtMs), 'revoked');
    assert.equal(stage({ code: { ...LEFT, withdrawnAtMs: CODE.endsAtMs } }, CODE.endsAtMs), 'expired');
  });
  it('never goes back, in whatever order things happen', () => {
    const order = ['created', 'setting', 'set', 'verified', 'expired', 'revoked'];
    const happenings: ((was: CodeFacts) => CodeFacts)[] = [
      (was) => ({ ...was, messages: [...was.messages, message('queued', { createdAtMs: ISSUED_MS + 1 })] }),
      (was) => ({
        ...was,
        code: { ...was.code, leftAtMs: ISSUED_MS },
        messages: was.messages.map(() => message('sent')),
      }),
      (was) => ({ ...was, lock: was.lock && { ...was.lock, toldAtMs: ISSUED_MS } }),
      (was) => ({ ...was, verifiedAtMs: ISSUED_MS }),
      (was) => ({ ...was, code: { ...was.code, withdrawnAtMs: was.code.withdrawnAtMs ?? ISSUED_MS } }),
    ];
    const list = fc.constantFrom(null, { toldAtMs: null, failure: null });
    fc.assert(
      fc.property(list, fc.array(fc.nat(happenings.length)), (lock, steps) => {
        let now = facts({ lock });
        let atMs = ISSUED_MS;
        for (const step of steps) {
          const before = order.indexOf(lifecycleOf(now, atMs));
          const happen = happenings[step];
          if (happen) now = happen(now);
          else atMs += 5 * 86_400_000;
          assert.ok(order.indexOf(lifecycleOf(now, atMs)) >= before);
        }
      }),
    );
  });
});

describe('isStillOpen', () => {
  it('holds for a withdrawn code that left, until it ends or is seen dead', () => {
    const open = facts({ code: WITHDRAWN });
    assert.equal(isStillOpen(open, CODE.endsAtMs - 1), true);
    assert.equal(isStillOpen(open, CODE.endsAtMs), false);
    assert.equal(isStillOpen({ ...open, deadAtMs: ISSUED_MS }, ISSUED_MS), false);
    assert.equal(isStillOpen(facts({ code: { ...WITHDRAWN, leftAtMs: null } }), ISSUED_MS), false);
    assert.equal(isStillOpen(facts({ code: LEFT }), ISSUED_MS), false);
  });
});
