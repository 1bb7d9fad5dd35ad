import assert from 'node:assert/strict';
import { type AccessCode, deriveCodeKey, deriveUnitKey, groupDigits, issueCode } from '@staycode/core';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { KillLedger } from './ledger.ts';
import { playKills } from './kills.ts';

const codeKey = deriveCodeKey(deriveUnitKey(new Uint8Array(32).fill(7), 'flat-a', 1));
const WINDOW = { startsAtMs: Date.UTC(2026, 11, 4, 15), endsAtMs: Date.UTC(2026, 11, 6, 11) };
const BOOKED = { ...WINDOW, cancelled: false };
const CODE: AccessCode = {
  ...{ id: 'a code', unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', reservationId: 'one' },
  ...{ kind: 'stay', revision: 0, stay: WINDOW, createdAtMs: 0, issuedAtMs: 0, leftAtMs: 1 },
  ...{ withdrawnAtMs: null, ...WINDOW },
};

function mailOf(code: AccessCode, more = ''): string {
  const { kind, revision, startsAtMs, endsAtMs } = code;
  const digits = issueCode(codeKey, { kind, revision, startsAtMs, endsAtMs, alphabet: 'decimal' });
  return `your door code for Flat A is ${groupDigits(digits)}\n${more}`;
}

function faultsOf(mails: readonly string[], seen: AccessCode[][], booked = [BOOKED]): string[] {
  const ledger = new KillLedger(codeKey);
  for (const codes of seen.slice(0, -1)) ledger.see(codes);
  ledger.settle(mails, seen.at(-1) ?? [], booked);
  const all = Object.entries(ledger.faults) as [string, string[]][];
  return all.flatMap(([name, found]) => (found.length > 0 ? [name] : []));
}

describe('Node-RED, killed during polls, issues and sends of mails', function () {
  this.timeout(300_000);
  after(removeScratch);

  it('is judged by a ledger that sees what is lost, doubled, changed, told unmarked or not told', () => {
    const again = 'If you have had this message before, nothing has changed.';
    const revised = { ...CODE, id: 'another', revision: 1 };
    assert.deepEqual(faultsOf([mailOf(CODE)], [[CODE]]), []);
    assert.deepEqual(faultsOf([mailOf(CODE), mailOf(CODE, again)], [[CODE]]), []);
    assert.deepEqual(faultsOf([mailOf(CODE), mailOf(CODE)], [[CODE]]), ['unmarked']);
    assert.deepEqual(faultsOf([mailOf(CODE)], [[CODE], []]), ['lost', 'doubled']);
    assert.deepEqual(faultsOf([mailOf(revised)], [[CODE], [{ ...CODE, revision: 1 }]]), ['changed']);
    assert.deepEqual(faultsOf([mailOf(CODE)], [[CODE, revised]]), ['doubled']);
    assert.deepEqual(faultsOf([], [[CODE]]), ['untold']);
    const withdrawn = { ...CODE, withdrawnAtMs: 1 };
    assert.deepEqual(faultsOf([mailOf(CODE), mailOf(revised)], [[withdrawn, revised]]), ['unmarked']);
    assert.deepEqual(faultsOf([mailOf(CODE)], [[CODE]], [{ ...BOOKED, cancelled: true }]), ['doubled']);
    assert.deepEqual(faultsOf(['no code in it'], [[CODE]]), ['changed', 'untold']);
  });

  for (const confirms of [false, true]) {
    it(`loses, doubles and changes no code, ${confirms ? 'and tells each guest, with a flow that says what was mailed' : 'with a flow that says nothing'}`, async () => {
      const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
      const { faults, mails, codes } = await playKills({
        ...{ kills: 6, seed, userDir: scratchFolder(), confirms },
      });
      // Without the flow's word a mail that takes more than two seconds counts as sent before it is: see `confirm` of stay-code.
      const wrong = confirms ? faults : { ...faults, untold: [] };
      assert.deepEqual(Object.values(wrong).flat(), [], `seed ${seed}`);
      assert.ok(codes >= 6 && mails >= 6);
    });
  }
});
