import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccessCode } from '../../../core/src/access-codes/access-code.ts';
import { drawBackupCode, planBackupCodes } from '../../../core/src/access-codes/backup-codes.ts';
import {
  DEFAULT_OUTBOX_POLICY as policy,
  type OutboxMessage,
} from '../../../core/src/access-codes/outbox.ts';
import { type AccessCodeStore, openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import { exampleRules } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { makeFirstRelease } from './earlier-registers.ts';

const nowMs = Date.parse('2026-11-20T12:00:00Z');
const stay = { startsAtMs: nowMs + 86_400_000, endsAtMs: nowMs + 2 * 86_400_000 };
const unit = { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' } as const;
const code: AccessCode = {
  ...{ id: 'code-1', ...unit, reservationId: 'a', kind: 'stay', revision: 0, ...stay, stay },
  ...{ issuedAtMs: nowMs, leftAtMs: null, withdrawnAtMs: null },
};

describe('outbox store', () => {
  let path: string;
  let store: AccessCodeStore;
  let ids = 0;
  beforeEach(() => {
    path = join(scratchFolder(), 'register.sqlite');
    store = openAccessCodeStore(path);
  });
  afterEach(removeScratch);
  const queue = (): void => {
    store.outbox.queue('flat-a', { policy, nowMs, newId: () => `message-${++ids}` });
  };
  const reopen = (): void => {
    store.close();
    store = openAccessCodeStore(path);
  };

  it('sends nothing about a code that was told by other means, and says of the next that it replaces it', () => {
    const newId = (): string => `message-${++ids}`;
    store.changeUnit('flat-a', () => ({ put: [code] }));
    queue();
    store.outbox.noteTold('flat-a', 'a', { nowMs, newId });
    queue();
    const states = (): string[] =>
      store.outbox.readUnit('flat-a').map(({ accessCodeId, state }) => `${accessCodeId} ${state}`);
    assert.deepEqual(states(), ['code-1 sent']);
    store.outbox.noteTold('flat-a', 'a', { nowMs, newId });
    assert.deepEqual(states(), ['code-1 sent']);
    assert.equal(store.outbox.claimNext(nowMs, policy), null);
    store.changeUnit('flat-a', () => ({
      put: [
        { ...code, leftAtMs: nowMs, withdrawnAtMs: nowMs },
        { ...code, id: 'code-2', revision: 1, kind: 'amendment' },
      ],
    }));
    queue();
    assert.deepEqual(states(), ['code-1 sent', 'code-2 queued']);
    assert.equal(store.outbox.claimNext(nowMs, policy)?.message.replacesEarlier, true);
    store.outbox.noteTold('flat-a', 'nobody', { nowMs, newId });
    store.close();
  });

  it('claims a message, and from then on its code counts as out there', () => {
    store.changeUnit('flat-a', () => ({ put: [code] }));
    queue();
    const claimed = store.outbox.claimNext(nowMs, policy);
    assert.ok(claimed);
    reopen();
    assert.equal(store.readUnit('flat-a').codes[0]?.leftAtMs, nowMs);
    assert.deepEqual(claimed.code, store.readUnit('flat-a').codes[0]);
    assert.deepEqual(store.outbox.readUnit('flat-a'), [claimed.message]);
    assert.equal(store.outbox.claimNext(nowMs, policy), null);
    assert.equal(store.outbox.markSent(claimed.message.id, nowMs)?.state, 'sent');
    queue();
    assert.equal(store.outbox.readUnit('flat-a')[0]?.sentAtMs, nowMs);
    store.close();
  });
  it('hands each message to one of two senders', () => {
    store.changeUnit('flat-a', () => ({
      put: [code, { ...code, id: 'code-2', reservationId: 'b', revision: 1 }],
    }));
    queue();
    const other = openAccessCodeStore(path);
    const taken = [store, other, store, other].map((one) => one.outbox.claimNext(nowMs, policy)?.code.id);
    assert.deepEqual(taken, ['code-1', 'code-2', undefined, undefined]);
    other.close();
    store.close();
  });
  it('never hands out the message of a code that was withdrawn meanwhile, and sends the others', () => {
    const other = { ...code, id: 'code-2', reservationId: 'b', revision: 1 };
    store.changeUnit('flat-a', () => ({ put: [code, other] }));
    queue();
    store.changeUnit('flat-a', () => ({ put: [{ ...code, withdrawnAtMs: nowMs }] }));
    assert.equal(store.outbox.claimNext(nowMs, policy)?.code.id, 'code-2');
    assert.equal(store.outbox.claimNext(nowMs, policy), null);
    store.close();
  });
  it('keeps failures, and what is told of a message that is gone changes nothing', () => {
    store.changeUnit('flat-a', () => ({ put: [code] }));
    queue();
    const id = store.outbox.claimNext(nowMs, policy)?.message.id ?? '';
    const failure = { claim: 1, mayHaveArrived: true, nowMs };
    const none = { ...policy, retryAfterMs: [] };
    assert.equal(store.outbox.markFailed(id, failure, none)?.state, 'failed');
    reopen();
    assert.equal(store.outbox.readUnit('flat-a')[0]?.failures, 1);
    assert.equal(store.outbox.retry(id, nowMs)?.state, 'queued');
    assert.equal(store.outbox.claimNext(nowMs, policy)?.message.mayBeDuplicate, true);
    assert.equal(store.outbox.markSent('gone', nowMs), null);
    store.close();
  });
  it('offers at once what a sender had who is gone, marked', () => {
    store.changeUnit('flat-a', () => ({ put: [code] }));
    queue();
    store.outbox.claimNext(nowMs, policy);
    assert.equal(store.outbox.claimNext(nowMs, policy), null);
    store.outbox.endLeases(nowMs);
    assert.equal(store.outbox.claimNext(nowMs, policy)?.message.mayBeDuplicate, true);
    store.close();
  });
  it('leaves what is not its own to another sender', () => {
    store.changeUnit('flat-a', () => ({
      put: [code, { ...code, id: 'code-2', reservationId: 'b', revision: 1 }],
    }));
    queue();
    const isMine = ({ reservationId }: OutboxMessage): boolean => reservationId === 'b';
    assert.equal(store.outbox.claimNext(nowMs, policy, isMine)?.code.id, 'code-2');
    assert.equal(store.outbox.claimNext(nowMs, policy, isMine), null);
    assert.equal(store.outbox.claimNext(nowMs, policy)?.code.id, 'code-1');
    store.close();
  });
  it('takes a register of the first release, whose guests are not told again', () => {
    store.changeUnit('flat-a', () => ({ put: [{ ...code, leftAtMs: nowMs }] }));
    store.close();
    makeFirstRelease(path);
    store = openAccessCodeStore(path);
    queue();
    assert.deepEqual(
      store.outbox.readUnit('flat-a').map(({ state, accessCodeId }) => `${accessCodeId} ${state}`),
      ['code-1 sent'],
    );
    store.close();
  });

  for (const step of ['issued', 'queued', 'claimed', 'told', 'marked']) {
    it(`tells each guest of the last times, and marks every duplicate, when it is killed where a code is ${step}`, function () {
      this.timeout(30_000);
      store.close();
      const guests = join(scratchFolder(), 'guests.jsonl');
      let atMs = nowMs;
      // Each run starts when the leases of the one before are over.
      for (const times of [1, 3, 2]) {
        assert.equal(run(path, guests, (atMs += policy.leaseMs), step, times), 'SIGKILL');
      }
      assert.equal(run(path, guests, atMs + policy.leaseMs), null);
      const told = readFileSync(guests, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Told);
      checkTold(told);
    });
  }

  it('keeps backup codes and writes a draw once', () => {
    const request = { unit, zone: 'Europe/Berlin', rules: exampleRules(), days: 2, nowMs };
    store.backups.changeUnit('flat-a', (issued) => ({
      put: planBackupCodes({ ...request, issued, newId: () => `backup-${++ids}` }).made,
    }));
    const draw = (drawnFor: string): string =>
      store.backups.changeUnit('flat-a', (codes) => {
        const drawn = drawBackupCode(codes, { unit, day: '2026-11-20', drawnFor, nowMs });
        return drawn.ok ? { put: [drawn.code], answer: drawn.code.id } : { answer: drawn.reason };
      }).answer;
    const first = draw('a');
    reopen();
    assert.equal(draw('a'), first);
    assert.equal(draw('b'), 'none-left');
    assert.deepEqual(
      store.backups.readUnit('flat-a').map(({ day, drawnFor }) => `${day} ${drawnFor}`),
      ['2026-11-20 a', '2026-11-21 null'],
    );
    store.close();
  });
});

interface Told {
  readonly reservationId: string;
  readonly endsAtMs: number;
  readonly mayBeDuplicate: boolean;
  readonly replacesEarlier: boolean;
}

function run(path: string, guests: string, nowAtMs: number, step = '', times = 1): NodeJS.Signals | null {
  const file = join(import.meta.dirname, 'outbox-sender.ts');
  const options = ['--conditions=staycode-source', file, path, guests, String(nowAtMs), step, String(times)];
  return spawnSync(process.execPath, options, { stdio: ['ignore', 'inherit', 'inherit'] }).signal;
}

function checkTold(told: readonly Told[]): void {
  const last = new Map<string, number>();
  for (const { reservationId, endsAtMs, mayBeDuplicate, replacesEarlier } of told) {
    const before = last.get(reservationId);
    assert.ok(before !== endsAtMs || mayBeDuplicate, 'a duplicate that is not marked');
    assert.ok(before === undefined || before === endsAtMs || replacesEarlier, 'news that does not say so');
    last.set(reservationId, endsAtMs);
  }
  assert.equal(last.size, 6);
  for (const endsAtMs of last.values()) assert.equal(endsAtMs % 1000, 999);
}
