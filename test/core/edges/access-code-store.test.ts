import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AccessCode } from '../../../core/src/access-codes/access-code.ts';
import type { HostOverride } from '../../../core/src/access-codes/host-overrides.ts';
import { DEFAULT_OUTBOX_POLICY } from '../../../core/src/access-codes/outbox.ts';
import type { StayRecord } from '../../../core/src/access-codes/wanted-stay.ts';
import { openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import { StaycodeError } from '../../../core/src/errors.ts';
import { makeSecondRelease } from './earlier-registers.ts';

const code: AccessCode = {
  ...{ id: 'code-1', unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', reservationId: 'a' },
  ...{
    kind: 'stay',
    revision: 0,
    startsAtMs: 1000,
    endsAtMs: 2000,
    stay: { startsAtMs: 1100, endsAtMs: 1900 },
  },
  ...{ issuedAtMs: 10, leftAtMs: null, withdrawnAtMs: null },
};
const record: StayRecord = {
  stay: {
    ...{ id: 'b', source: 'pms', bookingId: 'guesty/b', startsAtMs: 1500, endsAtMs: 2500, guestName: 'Mira' },
    ...{ displaces: ['c'], gate: { pass: false, reason: 'unpaid', message: 'Nothing is paid yet.' } },
  },
  ...{ sinceMs: 5, toldBy: 'node', held: { reason: 'unpaid', detail: 'Nothing is paid yet.' } },
};
const word: HostOverride = {
  ...{ unitId: 'flat-a', reservationId: 'b', by: 'Ada', why: 'early train', atMs: 7 },
  word: { kind: 'check-in', time: '12:00' },
};

describe('access code store', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'staycode-store-'));
    path = join(folder, 'staycode', 'register.sqlite');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const refuses = (message: RegExp): void => {
    assert.throws(
      () => openAccessCodeStore(path),
      (error) =>
        error instanceof StaycodeError && error.code === 'bad-register' && message.test(error.message),
    );
  };

  it('gives back after a restart what was written, unit by unit', () => {
    const first = openAccessCodeStore(path);
    first.changeUnit('flat-a', () => ({ put: [code], keep: [record], words: [word] }));
    first.changeUnit('flat-a', () => ({ put: [{ ...code, leftAtMs: 20, withdrawnAtMs: 30 }] }));
    first.changeUnit('flat-b', () => ({ put: [{ ...code, id: 'code-2', unitId: 'flat-b' }] }));
    first.writeFeed('feed', '[1]');
    first.close();
    const second = openAccessCodeStore(path);
    assert.deepEqual(second.readUnit('flat-a'), {
      codes: [{ ...code, leftAtMs: 20, withdrawnAtMs: 30 }],
      stays: [record],
      overrides: [word],
    });
    assert.equal(second.readUnit('flat-b').codes.length, 1);
    assert.equal(second.readFeed('feed'), '[1]');
    assert.equal(second.readFeed('other'), null);
    second.close();
  });
  it('finds the live codes of a unit whose windows meet a window', () => {
    const store = openAccessCodeStore(path);
    const at = (id: string, startsAtMs: number, endsAtMs: number, more: Partial<AccessCode> = {}): void => {
      store.changeUnit('flat-a', () => ({ put: [{ ...code, id, startsAtMs, endsAtMs, ...more }] }));
    };
    at('before', 500, 1000);
    at('into it', 500, 1001);
    at('within', 1400, 1500);
    at('around', 0, 9000);
    at('after', 2000, 2500);
    at('withdrawn', 1400, 1500, { withdrawnAtMs: 1, revision: 1 });
    at('elsewhere', 1400, 1500, { unitId: 'flat-b' });
    const met = store.codesMeeting('flat-a', { startsAtMs: 1000, endsAtMs: 2000 }).map(({ id }) => id);
    assert.deepEqual(met.sort(), ['around', 'into it', 'within']);
    store.close();
  });

  it('forgets codes, drops stays, and keeps every word of the host', () => {
    const store = openAccessCodeStore(path);
    const other = { ...word, word: { kind: 'check-in', time: null } } as const;
    store.changeUnit('flat-a', () => ({ put: [code], keep: [record], words: [word] }));
    store.changeUnit('flat-a', () => ({ forget: [code], drop: ['b'], words: [other] }));
    assert.deepEqual(store.readUnit('flat-a'), { codes: [], stays: [], overrides: [word, other] });
    store.close();
  });
  it('keeps all that is written together, or none', () => {
    const store = openAccessCodeStore(path);
    const policy = { policy: DEFAULT_OUTBOX_POLICY, nowMs: 0, newId: () => 'message' };
    const both = (fails: boolean): void => {
      store.together(() => {
        store.changeUnit('flat-a', () => ({ put: [code] }));
        store.outbox.queue('flat-a', policy);
        if (fails) throw new Error('afterwards');
      });
    };
    const count = (): number[] => [
      store.readUnit('flat-a').codes.length,
      store.outbox.readUnit('flat-a').length,
    ];
    assert.throws(() => {
      both(true);
    }, /afterwards/u);
    assert.deepEqual(count(), [0, 0]);
    both(false);
    assert.deepEqual(count(), [1, 1]);
    store.close();
  });
  it("finds a word on a PMS's booking in every unit", () => {
    const store = openAccessCodeStore(path);
    const booking: HostOverride = {
      ...word,
      unitId: null,
      reservationId: 'guesty/b',
      word: { kind: 'pay', on: true },
    };
    store.changeUnit('flat-a', () => ({ words: [word, booking] }));
    assert.deepEqual(store.readUnit('flat-b').overrides, [booking]);
    store.close();
  });
  it('takes over the stays of a register of the last release', () => {
    const waiting = { id: 'b', startsAtMs: 3000, endsAtMs: 4000, guestName: 'Mira', displaces: ['x'] };
    openAccessCodeStore(path).close();
    makeSecondRelease(path, [
      code,
      { ...code, id: 'code-2', reservationId: 'off', revision: 1, withdrawnAtMs: 30 },
    ]);
    const older = new DatabaseSync(path);
    older
      .prepare("INSERT INTO held_stay VALUES ('flat-a', 'b', 'conflict', ?)")
      .run(JSON.stringify({ holder: 'node', stay: waiting }));
    older.close();
    const store = openAccessCodeStore(path);
    const { stays } = store.readUnit('flat-a');
    const gate = { pass: true, override: null };
    const from = { source: 'feed', bookingId: null, gate };
    assert.deepEqual(
      stays
        .toSorted((a, b) => (a.stay.id < b.stay.id ? -1 : 1))
        .map(({ stay, toldBy, held }) => ({ stay, toldBy, held })),
      [
        {
          stay: { id: 'a', ...from, ...code.stay, guestName: null, displaces: [] },
          toldBy: null,
          held: null,
        },
        { stay: { ...waiting, ...from }, toldBy: 'node', held: { reason: 'conflict', detail: null } },
      ],
    );
    store.close();
  });
  it('writes nothing of a change that throws', () => {
    const store = openAccessCodeStore(path);
    assert.throws(() => store.changeUnit('flat-a', () => ({ put: [code, { ...code, id: 'code-2' }] })));
    assert.throws(() =>
      store.changeUnit('flat-a', () => {
        throw new Error('undecided');
      }),
    );
    assert.deepEqual(store.readUnit('flat-a').codes, []);
    store.close();
  });
  it('refuses a second code with the same window, kind and revision', () => {
    const store = openAccessCodeStore(path);
    store.changeUnit('flat-a', () => ({ put: [code] }));
    const twin = { ...code, id: 'code-2', reservationId: 'b' };
    assert.throws(
      () => store.changeUnit('flat-a', () => ({ put: [twin] })),
      (error) => error instanceof StaycodeError && error.code === 'bad-register',
    );
    assert.deepEqual(store.readUnit('flat-a').codes, [code]);
    store.close();
  });
  it('refuses a file that is no database', () => {
    openAccessCodeStore(path).close();
    writeFileSync(path, 'x'.repeat(4096));
    refuses(/expected a file of Staycode's/u);
  });
  it("refuses another program's database", () => {
    openAccessCodeStore(path).close();
    rmSync(path);
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE mine (x)');
    other.close();
    refuses(/found another database/u);
  });
  it('refuses a register of another release', () => {
    openAccessCodeStore(path).close();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    refuses(/expected schema 1 to 9 .* found 99/u);
  });
  it('keeps a write-ahead log', () => {
    openAccessCodeStore(path).close();
    const db = new DatabaseSync(path);
    assert.equal(db.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal');
    db.close();
  });

  it('loses nothing that was acknowledged, and keeps no half change, when it is killed while writing', async function () {
    this.timeout(20_000);
    for (let kill = 0; kill < 5; kill++) {
      const acknowledged = await writeUntilKilled(path, 20 + kill * 15);
      const store = openAccessCodeStore(path);
      const { codes, stays } = store.readUnit('flat-a');
      assert.ok(codes.length >= acknowledged && acknowledged > 0);
      // Each change puts a code and a stay: one without the other would be half of it.
      assert.equal(codes.length, stays.length);
      store.close();
    }
  });
});

/** Writes in a child process until it is killed after so many acknowledgements; resolves to how many there were. */
async function writeUntilKilled(path: string, killAfter: number): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--conditions=staycode-source', join(import.meta.dirname, 'store-writer.ts'), path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let log = '';
  child.stdout.on('data', (chunk) => {
    log += String(chunk);
    if (log.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return log.split('\n').length - 1;
}
