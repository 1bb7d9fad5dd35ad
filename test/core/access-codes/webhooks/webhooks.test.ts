import assert from 'node:assert/strict';
import { schemas } from '@seamapi/types/connect';
import { SeamWebhook } from 'seam';
import { accessCodeIdOf, deviceIdOf } from '../../../../core/src/access-codes/platform-ids.ts';
import { listSeamEvents } from '../../../../core/src/access-codes/seam-events.ts';
import type { SeamAccessCode } from '../../../../core/src/access-codes/seam-record.ts';
import { listUnitRecords, type UnitHistory } from '../../../../core/src/access-codes/unit-records.ts';
import { digitsOfRecord } from '../../../../core/src/access-codes/typed-record.ts';
import { nextAttemptAtMs, WEBHOOK_GIVE_UP_MS } from '../../../../core/src/access-codes/webhooks/retries.ts';
import { toSeamEvent } from '../../../../core/src/access-codes/webhooks/seam-event.ts';
import { signWebhook } from '../../../../core/src/access-codes/webhooks/sign-webhook.ts';
import { issueCode } from '../../../../core/src/stay-code/stay-code.ts';
import { deriveCodeKey, deriveUnitKey } from '../../../../core/src/stay-code/keys.ts';
import { CODE, ISSUED_MS, LEFT, message, WITHDRAWN } from '../record-example.ts';

const SITE_KEY = new Uint8Array(32).fill(9);
const EVENT_ID = '0b64fd3f-7d3c-4a6b-9a49-1c5a5a0c7f6e';
const HOUR_MS = 3_600_000;

function history(changes: Partial<UnitHistory> = {}): UnitHistory {
  return {
    ...{ codes: [LEFT], stays: [], messages: [message('sent')], backups: [] },
    ...{ firstUsedAtMs: () => null, lockOf: () => null, deadAtMs: () => null, ...changes },
  };
}
const recordOf = (changes: Partial<UnitHistory> = {}, nowMs = ISSUED_MS): SeamAccessCode =>
  listUnitRecords(history(changes), nowMs)[0]!.record;

describe("a unit's records", () => {
  it('keep the id of a stay whose digits change, and say until when the old ones open', () => {
    const again = { ...LEFT, id: 'code-2', revision: 1, issuedAtMs: ISSUED_MS + 1000 };
    const [one, ...rest] = listUnitRecords(history({ codes: [WITHDRAWN, again] }), ISSUED_MS);
    assert.deepEqual(rest, []);
    assert.equal(one?.record.access_code_id, accessCodeIdOf('flat-a', 'r'));
    assert.equal(recordOf().access_code_id, one.record.access_code_id);
    assert.deepEqual([one.record.staycode.code_id, one.record.device_id], ['code-2', deviceIdOf('flat-a')]);
    assert.equal(one.record.warnings[0]?.warning_code, 'delay_in_removing_from_device');
  });
  it('are there for as long as a code that was called off may open, and not for one that nobody knew', () => {
    assert.equal(recordOf({ codes: [WITHDRAWN] }).status, 'removing');
    assert.deepEqual(listUnitRecords(history({ codes: [WITHDRAWN] }), CODE.endsAtMs), []);
    const unknown = { ...CODE, withdrawnAtMs: ISSUED_MS };
    assert.deepEqual(listUnitRecords(history({ codes: [unknown] }), ISSUED_MS), []);
    assert.equal(recordOf({}, CODE.endsAtMs).status, 'unset');
  });
});

describe('an event', () => {
  it('is one of Seam’s, whatever it tells', () => {
    const moved = {
      ...LEFT,
      id: 'code-2',
      endsAtMs: LEFT.endsAtMs + 24 * HOUR_MS,
      issuedAtMs: ISSUED_MS + 1,
    };
    const failed = { toldAtMs: null, failure: { message: 'No free slot.', atMs: ISSUED_MS } };
    const drawn = { ...LEFT, kind: 'one-time', day: '2026-11-27', drawnFor: 'Ada' } as const;
    const backup = { ...drawn, id: EVENT_ID };
    const sides: [SeamAccessCode | null, SeamAccessCode | null][] = [
      [null, recordOf({ codes: [CODE], messages: [] })],
      [recordOf({ codes: [CODE], messages: [] }), recordOf()],
      [recordOf(), recordOf({ codes: [WITHDRAWN, moved] })],
      [recordOf(), recordOf({ lockOf: () => failed })],
      [recordOf(), recordOf({}, CODE.endsAtMs)],
      [recordOf(), null],
      [null, recordOf({ codes: [], messages: [], backups: [backup] })],
    ];
    const types = sides.flatMap(([before, after]) =>
      listSeamEvents(before, after).map((type) => {
        const change = { eventId: EVENT_ID, type, before, after, atMs: ISSUED_MS };
        const event = toSeamEvent(change, (record) => ({
          code: digitsOfRecord(record, SITE_KEY),
          doorPins: [],
        }));
        schemas.seam_event.parse(JSON.parse(JSON.stringify(event)));
        return type.replace('access_code.', '');
      }),
    );
    assert.deepEqual([...new Set(types)].sort(), [
      ...['backup_access_code_pulled', 'changed', 'code_changed', 'created', 'deleted'],
      ...['failed_to_set_on_device', 'removed_from_device', 'set_on_device', 'time_frame_changed'],
    ]);
  });
  it('has the digits once they are out, and not before', () => {
    const digits = issueCode(deriveCodeKey(deriveUnitKey(SITE_KEY, 'flat-a', 1)), CODE);
    assert.equal(digitsOfRecord(recordOf(), SITE_KEY), digits);
    assert.equal(digitsOfRecord(recordOf({ codes: [CODE], messages: [] }), SITE_KEY), null);
  });
  it('of a first use is as old as the use', () => {
    const usedAtMs = CODE.startsAtMs + 60_000;
    const after = recordOf({ firstUsedAtMs: () => usedAtMs });
    const change = { eventId: EVENT_ID, before: recordOf(), after, atMs: usedAtMs + 9 * HOUR_MS };
    const event = toSeamEvent({ ...change, type: 'access_code.changed' }, () => ({
      code: null,
      doorPins: [],
    }));
    assert.deepEqual([event.occurred_at, event.created_at], ['2026-11-27T14:01:00Z', '2026-11-27T23:01:00Z']);
    assert.deepEqual(event.changed_properties, [
      { property: 'staycode.lifecycle', from: 'set', to: 'verified' },
      { property: 'staycode.verified_at', from: null, to: '2026-11-27T14:01:00Z' },
    ]);
  });
});

describe('signWebhook', () => {
  const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
  const signed = { id: EVENT_ID, sentAtMs: Date.now(), body: '{"name":"Łukasz 🔑"}' };

  it("signs what Seam's own library verifies, and nothing else", () => {
    const headers = { ...signWebhook(secret, signed) };
    assert.deepEqual(new SeamWebhook(secret).verify(signed.body, headers), JSON.parse(signed.body));
    assert.throws(() => new SeamWebhook(secret).verify('{}', headers));
  });
  it('refuses a secret that is none', () => {
    assert.throws(() => signWebhook('whsec_short', signed), { code: 'bad-config' });
  });
});

describe('nextAttemptAtMs', () => {
  const waits = (tries: number, retryAfterMs: number | null = null): number | null => {
    const atMs = nextAttemptAtMs({ tries, madeAtMs: 0, retryAfterMs, nowMs: 1000 });
    return atMs === null ? null : atMs - 1000;
  };
  it('waits as Svix does, then ten hours each time', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 7, 20].map((tries) => waits(tries)! / 60_000);
    assert.deepEqual(minutes, [5 / 60, 5, 30, 120, 300, 600, 600, 600]);
  });
  it('waits for as long as the receiver asks, up to a day', () => {
    assert.deepEqual([waits(1, 90_000), waits(2, 1000), waits(1, 1e9)], [90_000, 300_000, 24 * HOUR_MS]);
  });
  it('gives a message up that is five days old', () => {
    const failure = { tries: 15, madeAtMs: 0, retryAfterMs: null };
    assert.equal(nextAttemptAtMs({ ...failure, nowMs: WEBHOOK_GIVE_UP_MS }), null);
    assert.notEqual(nextAttemptAtMs({ ...failure, nowMs: WEBHOOK_GIVE_UP_MS - 1 }), null);
  });
});
