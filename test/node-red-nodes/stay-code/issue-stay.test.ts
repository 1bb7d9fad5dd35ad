import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AccessCodeStore, openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import { compileRules, DEFAULT_HOUSE_RULES } from '../../../core/src/lock/rules.ts';
import {
  handleStay,
  type Outcome,
  retryHeld,
  type StayDesk,
} from '../../../node-red-nodes/nodes/stay-code/issue-stay.mts';
import type { BookedStay } from '../../../node-red-nodes/nodes/stay-code/read-reservation.mts';

const NOW_MS = Date.UTC(2026, 10, 1);
const stay = (id: string, from: number, to: number, status = 'confirmed'): BookedStay => ({
  ...{ id, status, guestName: null, displaces: [] },
  ...{ startsAtMs: Date.UTC(2026, 10, from, 15), endsAtMs: Date.UTC(2026, 10, to, 11) },
});
const brief = (outcome: Outcome): string => {
  if (outcome.kind === 'withheld')
    return `${outcome.reason} ${outcome.stay.id}${outcome.isNew ? '' : ' as before'}`;
  return `${outcome.kind} ${outcome.stay.id}`;
};

describe('handleStay', () => {
  let folder: string;
  let store: AccessCodeStore;
  let desk: StayDesk;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'staycode-desk-'));
    store = openAccessCodeStore(join(folder, 'register.sqlite'));
    let last = 0;
    desk = {
      ...{
        store,
        unit: { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' },
        hasKey: true,
        holder: 'node',
      },
      ...{ rules: compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' }), nowMs: NOW_MS },
      newId: () => `code-${++last}`,
    };
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has a code on record as out there before anyone is told', () => {
    assert.equal(brief(handleStay(desk, stay('a', 5, 8))), 'issued a');
    assert.equal(store.readUnit('flat-a').codes[0]?.leftAtMs, NOW_MS);
  });
  it('holds a stay whose nights are taken and gives it its code once they are free', () => {
    handleStay(desk, stay('a', 5, 8));
    assert.equal(brief(handleStay(desk, stay('b', 6, 9))), 'conflict b');
    assert.equal(brief(handleStay(desk, stay('b', 6, 9))), 'conflict b as before');
    assert.deepEqual(retryHeld(desk), []);
    assert.equal(brief(handleStay(desk, stay('a', 5, 8, 'cancelled'))), 'cancelled a');
    assert.deepEqual(retryHeld(desk).map(brief), ['issued b']);
    assert.deepEqual(store.readUnit('flat-a').held, []);
  });
  it('gives the nights of a stay that has vanished to the one that has them now, one revision up', () => {
    handleStay(desk, stay('a', 5, 8));
    const outcome = handleStay(desk, { ...stay('b', 6, 9), displaces: ['a'] });
    assert.ok(outcome.kind === 'issued');
    assert.deepEqual([outcome.code.kind, outcome.code.revision], ['stay', 1]);
    // Whether the one that vanished is cancelled is not said yet.
    const { codes } = store.readUnit('flat-a');
    assert.equal(codes.find(({ reservationId }) => reservationId === 'a')?.withdrawnAtMs, null);
  });
  it('leaves what another node holds to that node', () => {
    handleStay({ ...desk, hasKey: false }, stay('a', 5, 8));
    assert.deepEqual(retryHeld({ ...desk, holder: 'other' }), []);
    assert.deepEqual(retryHeld(desk).map(brief), ['issued a']);
  });
  it('holds what it cannot serve yet, and forgets it when it is cancelled', () => {
    assert.equal(brief(handleStay({ ...desk, hasKey: false }, stay('a', 5, 8))), 'no-site-key a');
    assert.equal(brief(handleStay({ ...desk, rules: null }, stay('a', 5, 8))), 'no-rules a');
    assert.equal(store.readUnit('flat-a').held.length, 1);
    handleStay(desk, stay('a', 5, 8, 'cancelled'));
    assert.equal(store.readUnit('flat-a').held.length, 0);
  });
  it('gives no code to tentative stays and those that are over, and does not hold them', () => {
    assert.equal(brief(handleStay(desk, stay('a', 5, 8, 'tentative'))), 'not-confirmed a');
    assert.equal(brief(handleStay({ ...desk, nowMs: Date.UTC(2027, 0) }, stay('b', 5, 8))), 'ended b');
    assert.deepEqual(store.readUnit('flat-a'), { codes: [], held: [] });
  });
  it('names the rule to widen', () => {
    const outcome = handleStay(desk, { ...stay('a', 5, 8), startsAtMs: Date.UTC(2026, 10, 5, 8) });
    assert.ok(outcome.kind === 'withheld' && outcome.reason === 'rule' && outcome.detail === 'start');
  });
});
