import assert from 'node:assert/strict';
import {
  type BackupCode,
  type BackupRequest,
  drawBackupCode,
  drawBackupSheet,
  drawOrMakeCode,
  listUndrawn,
  planBackupCodes,
  revokeBackupCode,
} from '../../../core/src/access-codes/backup-codes.ts';
import { listRevocations } from '../../../core/src/access-codes/revocations.ts';
import { StaycodeError } from '../../../core/src/errors.ts';
import { deriveCodeKey, deriveUnitKey } from '../../../core/src/stay-code/keys.ts';
import type { WindowContent } from '../../../core/src/stay-code/payload.ts';
import { issueCode } from '../../../core/src/stay-code/stay-code.ts';
import { EXAMPLE_SITE_KEY, ExampleLock, exampleConfig, exampleRules } from '../../support/lock-example.ts';

const unit = { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' } as const;
const nowMs = Date.parse('2026-11-27T10:00:00Z');
const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const digitsOf = (code: WindowContent): string => issueCode(codeKey, { ...code, alphabet: 'decimal' });

let made = 0;
function plan(changes: Partial<BackupRequest> = {}): ReturnType<typeof planBackupCodes> {
  return planBackupCodes({
    ...{ unit, zone: 'Europe/Berlin', rules: exampleRules(), issued: [], days: 3, nowMs },
    ...{ newId: () => `backup-${++made}`, ...changes },
  });
}
const only = (codes: readonly BackupCode[]): BackupCode => {
  const [code] = codes;
  assert.ok(code && codes.length === 1);
  return code;
};
const hours = ({ startsAtMs, endsAtMs }: BackupCode): number => (endsAtMs - startsAtMs) / 3_600_000;
const ask = (day: string, drawnFor = 'host', atMs = nowMs): Parameters<typeof drawBackupCode>[1] => ({
  ...{ unit, day, drawnFor, nowMs: atMs },
});

describe('planBackupCodes', () => {
  it('makes one a day from today on, open from midnight to midnight', () => {
    const { made: codes, without } = plan();
    assert.deepEqual(
      codes.map(({ day, revision }) => `${day} ${revision}`),
      ['2026-11-27 0', '2026-11-28 0', '2026-11-29 0'],
    );
    assert.equal(codes[1]?.startsAtMs, Date.parse('2026-11-28T00:00:00+01:00'));
    assert.equal(codes[1].endsAtMs, Date.parse('2026-11-29T00:00:00+01:00'));
    assert.deepEqual(without, []);
  });
  it('makes none again', () => {
    assert.deepEqual(plan({ issued: plan().made }).made, []);
    const drawn = plan().made.map((code) => ({ ...code, leftAtMs: nowMs }));
    assert.deepEqual(plan({ issued: drawn }).made, []);
  });
  it('gives a day whose code was revoked another, with the lowest serial that was never used', () => {
    const revoked = only(plan({ days: 1 }).made);
    const other = { ...revoked, day: '', id: 'by-hand', revision: 2 };
    const first = only(plan({ days: 1, issued: [revokeBackupCode(revoked, nowMs), other] }).made);
    assert.equal(first.revision, 1);
  });
  it('starts anew under a new key version', () => {
    const next = only(plan({ days: 1, issued: plan().made, unit: { ...unit, keyVersion: 2 } }).made);
    assert.equal(`${next.keyVersion} ${next.revision}`, '2 0');
  });
  it('names a day whose serials are spent', () => {
    const spent = Array.from({ length: 8 }, (_, revision) => ({
      ...revokeBackupCode(only(plan({ days: 1 }).made), nowMs),
      revision,
    }));
    assert.deepEqual(plan({ days: 1, issued: spent }), { made: [], without: ['2026-11-27'] });
  });
  it('leaves the first hour out of a day of 25 hours, and fills one of 23', () => {
    const long = only(plan({ days: 1, nowMs: Date.parse('2026-10-25T08:00:00Z') }).made);
    assert.equal(hours(long), 24);
    assert.equal(long.endsAtMs, Date.parse('2026-10-26T00:00:00+01:00'));
    const short = only(plan({ days: 1, nowMs: Date.parse('2026-03-29T08:00:00Z') }).made);
    assert.equal(hours(short), 23);
    assert.equal(short.startsAtMs, Date.parse('2026-03-29T00:00:00+01:00'));
  });
  it('keeps within the day where midnight is no half hour of UTC, and where the clocks skip midnight', () => {
    const nepal = only(plan({ days: 1, zone: 'Asia/Kathmandu' }).made);
    assert.equal(hours(nepal), 23.5);
    assert.ok(nepal.startsAtMs >= Date.parse('2026-11-27T00:00:00+05:45'));
    const chile = only(
      plan({ days: 1, zone: 'America/Santiago', nowMs: Date.parse('2026-09-06T12:00:00Z') }).made,
    );
    assert.equal(chile.startsAtMs, Date.parse('2026-09-06T04:00:00Z'));
  });
  it('never gives a window that a stay may have', () => {
    const all = '1'.repeat(48);
    const rules = exampleRules({ startMask: all, endMask: all, minSlots: 40 });
    assert.equal(hours(only(plan({ days: 1, rules }).made)), 19.5);
    const any = plan({ days: 1, rules: { ...rules, minSlots: 1 } });
    assert.deepEqual(any, { made: [], without: ['2026-11-27'] });
  });
  it('refuses a zone that is none and a number of days that is none', () => {
    const refuses = (changes: Partial<BackupRequest>, code: string): void => {
      assert.throws(
        () => plan(changes),
        (error) => error instanceof StaycodeError && error.code === code,
      );
    };
    refuses({ zone: 'Mars/Base' }, 'bad-zone');
    refuses({ days: 0 }, 'out-of-range');
    refuses({ days: 367 }, 'out-of-range');
  });
});

describe('drawBackupCode', () => {
  it('hands a code out once, and to the one who asked again', () => {
    const codes = plan({ days: 1 }).made;
    const first = drawBackupCode(codes, ask('2026-11-27', 'stay-1'));
    assert.ok(first.ok && first.isNew && first.code.leftAtMs === nowMs);
    const again = drawBackupCode([first.code], ask('2026-11-27', 'stay-1', nowMs + 1));
    assert.deepEqual(again, { ok: true, code: first.code, isNew: false });
    const other = drawBackupCode([first.code], ask('2026-11-27', 'stay-2'));
    assert.deepEqual(other, { ok: false, reason: 'none-left' });
    assert.deepEqual(listUndrawn([first.code], nowMs), []);
  });
  it('hands out none that was revoked, none of another day and none whose day is over', () => {
    const code = only(plan({ days: 1 }).made);
    const revoked = revokeBackupCode(code, nowMs);
    assert.deepEqual(drawBackupCode([revoked], ask(code.day)), { ok: false, reason: 'none-left' });
    assert.deepEqual(drawBackupCode([code], ask('2026-11-28')), { ok: false, reason: 'none-left' });
    assert.deepEqual(drawBackupCode([code], ask(code.day, 'host', code.endsAtMs)), {
      ok: false,
      reason: 'ended',
    });
  });
  it('hands out none of an earlier key version or alphabet', () => {
    const code = only(plan({ days: 1 }).made);
    const next = { ...ask(code.day), unit: { ...unit, keyVersion: 2 } };
    assert.deepEqual(drawBackupCode([code], next), { ok: false, reason: 'none-left' });
    const typed = { ...ask(code.day), unit: { ...unit, alphabet: 'no-zero' as const } };
    assert.deepEqual(drawBackupCode([code], typed), { ok: false, reason: 'none-left' });
  });
  it('lists the undrawn by day', () => {
    const codes = plan().made;
    assert.deepEqual(listUndrawn([...codes].reverse(), nowMs), codes);
    assert.deepEqual(
      listUndrawn(
        codes.map((code) => revokeBackupCode(code, nowMs)),
        nowMs,
      ),
      [],
    );
  });
});

describe('drawOrMakeCode', () => {
  const draw = (issued: readonly BackupCode[], drawnFor: string, day = '2026-11-28'): BackupCode => {
    const settings = {
      unit,
      zone: 'Europe/Berlin',
      rules: exampleRules(),
      nowMs,
      newId: () => `more-${++made}`,
    };
    const drawn = drawOrMakeCode({ ...settings, issued }, ask(day, drawnFor));
    assert.ok(drawn.ok);
    return drawn.code;
  };

  it('takes what was made ahead, then makes more, each for one only', () => {
    const ahead = plan().made;
    const first = draw(ahead, 'plumber');
    assert.equal(first.id, ahead[1]?.id);
    const issued = [...ahead.filter(({ id }) => id !== first.id), first];
    const second = draw(issued, 'painter');
    assert.deepEqual([second.revision, second.drawnFor, second.leftAtMs], [1, 'painter', nowMs]);
    assert.equal(draw([...issued, second], 'plumber').id, first.id);
    assert.notEqual(digitsOf(first), digitsOf(second));
  });
  it('refuses a day that is none', () => {
    assert.throws(() => draw([], 'plumber', '2026-11-31'), { code: 'bad-time' });
  });
});

describe('drawBackupSheet', () => {
  const sheet = (issued: readonly BackupCode[], changes: Partial<BackupRequest> = {}) =>
    drawBackupSheet(
      {
        ...{ unit, zone: 'Europe/Berlin', rules: exampleRules(), days: 3, nowMs, issued },
        ...{ newId: () => `paper-${++made}`, ...changes },
      },
      'list',
    );
  /** As the register has them once the list is written. */
  const after = (issued: readonly BackupCode[], drawn: readonly BackupCode[]): BackupCode[] => [
    ...issued.filter(({ id }) => !drawn.some((code) => code.id === id)),
    ...drawn,
  ];

  it('takes what was made ahead, a day each, and counts all of it as drawn', () => {
    const ahead = plan().made;
    const { codes, without } = sheet(ahead);
    assert.deepEqual(
      codes.map(({ id }) => id),
      ahead.map(({ id }) => id),
    );
    assert.ok(codes.every(({ leftAtMs, drawnFor }) => leftAtMs === nowMs && drawnFor === 'list'));
    assert.deepEqual(without, []);
    assert.deepEqual(listUndrawn(after(ahead, codes), nowMs), []);
  });
  it('has the same digits when it is written again, and nobody else is given them', () => {
    const issued = after([], sheet([]).codes);
    assert.deepEqual(sheet(issued).codes.map(digitsOf), issued.map(digitsOf));
    assert.deepEqual(drawBackupCode(issued, ask('2026-11-28', 'guest')), { ok: false, reason: 'none-left' });
  });
  it('makes another for a day whose code a guest has', () => {
    const ahead = plan().made;
    const guests = drawBackupCode(ahead, ask('2026-11-28', 'guest'));
    assert.ok(guests.ok);
    const { codes } = sheet(after(ahead, [guests.code]));
    assert.deepEqual(
      codes.map(({ day, revision }) => `${day} ${revision}`),
      ['2026-11-27 0', '2026-11-28 1', '2026-11-29 0'],
    );
  });
  it('leaves out a code that was revoked since, and names a day that can have none', () => {
    const [revoked] = sheet([], { days: 1 }).codes;
    assert.ok(revoked);
    const gone = revokeBackupCode(revoked, nowMs);
    assert.equal(sheet([gone], { days: 1 }).codes[0]?.revision, 1);
    const spent = Array.from({ length: 8 }, (_, revision) => ({ ...gone, revision }));
    assert.deepEqual(sheet(spent, { days: 1 }), { codes: [], without: ['2026-11-27'] });
  });
  it('refuses a number of days that is none', () => {
    for (const days of [0, 367, 1.5, NaN]) assert.throws(() => sheet([], { days }), { code: 'out-of-range' });
  });
});

describe('a backup code at the lock', () => {
  const newLock = (): ExampleLock => new ExampleLock(exampleConfig(), '2026-11-27T09:00:00Z');
  const [, code] = plan().made;
  assert.ok(code);
  const digits = digitsOf(code);

  it('opens once on its day', () => {
    const lock = newLock();
    assert.equal(lock.enter('2026-11-28T22:00:00+01:00', digits), 'opened one-time');
    assert.equal(lock.enter('2026-11-28T22:01:00+01:00', digits), 'refused consumed');
  });
  it('opens neither the day before nor the day after', () => {
    assert.equal(newLock().enter('2026-11-27T23:45:00+01:00', digits), 'refused early');
    assert.equal(newLock().enter('2026-11-29T00:15:00+01:00', digits), 'refused expired');
  });
  it('does not open once its revocation was typed, and the one after it does', () => {
    const revoked = revokeBackupCode(code, nowMs);
    const next = plan({ issued: [revoked], days: 2 }).made.find(({ day }) => day === code.day);
    assert.ok(next);
    const [revocation] = listRevocations({ codes: [revoked, next], nowMs });
    assert.ok(revocation);
    const lock = newLock();
    assert.equal(lock.enter(nowMs, digitsOf(revocation)), 'done revocation');
    assert.equal(lock.enter('2026-11-28T12:00:00+01:00', digits), 'refused revoked');
    assert.equal(lock.enter('2026-11-28T12:00:00+01:00', digitsOf(next)), 'opened one-time');
  });
});
