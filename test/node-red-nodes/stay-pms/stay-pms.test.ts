import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { deriveCodeKey, deriveUnitKey, isLive, readCode, type UnitRecords } from '@staycode/core';
import { openAccessCodeStore } from '@staycode/core/edges';
import type { PmsName } from '../../../core/src/reservations/pms/mappings/all.ts';
import { SCHEMES } from '../../core/access-codes/pms-office.ts';
import { PMS_NAMES, readBody, type Variation } from '../../core/reservations/pms/bodies.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { type FlowMessage, type SampleHome, startSampleHome } from '../sample-home.ts';
import {
  API_KEY,
  bodyOf,
  bookingIdOf,
  credentialsOf,
  HAS_NO_PLACE,
  hook,
  pmsFlows,
  say,
  SITE_KEY,
  unitIdOf,
} from './pms-flow.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

/** Webhooks that only name the reservation: what there is to know is fetched. */
const THIN: Readonly<Partial<Record<PmsName, (minute: number) => unknown>>> = {
  guesty: (minute) => ({
    event: 'reservation.updated.v2',
    reservation: { _id: readBody('guesty').id, lastUpdatedAt: minute },
  }),
  cloudbeds: (minute) => ({
    event: 'reservation/status_changed',
    reservationID: readBody('cloudbeds').id,
    timestamp: minute,
  }),
};

interface HostMessage {
  readonly payload: string;
  readonly problem: { readonly reason: string; readonly reservationId?: string };
  readonly unit?: string;
}

describe('stay-pms in a real Node-RED', function () {
  this.timeout(60_000);
  let home: SampleHome;
  let standIn: StandIn;
  let node: RunningNodeRed;
  let userDir: string;
  let minute = 0;

  before(async () => {
    home = await startSampleHome();
    standIn = await startStandIn();
    userDir = scratchFolder();
    node = await startNodeRed({ userDir, flows: pmsFlows(home, standIn.url), credentials: credentialsOf() });
  });
  after(async () => {
    await node.stop();
    await Promise.all([home.close(), standIn.close()]);
    removeScratch();
  });

  const guestsOf = (pms: PmsName): FlowMessage[] =>
    home.received
      .filter(({ from }) => from === 'guest')
      .map(({ msg }) => msg)
      .filter(({ topic }) => topic.startsWith(`${pms} `));
  const notesOf = (pms: PmsName): HostMessage[] =>
    home.received
      .filter(({ from }) => from === 'host')
      .map(({ msg }) => msg as unknown as HostMessage)
      .filter(({ problem }) => problem.reservationId?.startsWith(`${pms}/`));
  const records = (pms: PmsName, room = 41): UnitRecords => {
    const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
    const unit = store.readUnit(unitIdOf(pms, room));
    store.close();
    return unit;
  };
  const live = (pms: PmsName, room = 41): number => records(pms, room).codes.filter(isLive).length;

  /** News of a PMS, on the way that its news come: a webhook, one and a request, or a poll. */
  const hear = async (pms: PmsName, variation: Variation): Promise<void> => {
    minute += 6;
    const body = bodyOf(pms, { ...variation, changedMinute: minute });
    standIn.answers.set(pms, body);
    if (SCHEMES[pms]) assert.equal(await hook(node, pms, THIN[pms]?.(minute) ?? body), 200);
    else await say(node, `pms-${pms}`, {});
  };
  const untilNote = async (pms: PmsName, count: number): Promise<HostMessage> => {
    await home.waitFor(() => notesOf(pms).length >= count);
    return notesOf(pms)[count - 1]!;
  };
  const untilGuest = async (pms: PmsName, count: number): Promise<FlowMessage> => {
    await home.waitFor(() => guestsOf(pms).length >= count);
    return guestsOf(pms)[count - 1]!;
  };
  const override = (pms: PmsName, pay: boolean): Promise<void> =>
    say(node, `code-${pms}`, {
      event: 'override',
      payload: { bookingId: bookingIdOf(pms), pay, by: 'Ada', why: 'cash at the door' },
    });

  for (const pms of PMS_NAMES) {
    const scheme = SCHEMES[pms];
    // Hospitable tells no money: there the host's word pays.
    const tellsMoney = pms !== 'hospitable';

    describe(`with ${pms}`, () => {
      it('gives no code while it is unpaid or nobody knows, and says why', async () => {
        await hear(pms, { money: 'unpaid' });
        const unpaid = await untilNote(pms, 1);
        assert.equal(unpaid.problem.reason, tellsMoney ? 'unpaid' : 'payment-unknown');
        if (tellsMoney) {
          await hear(pms, { money: 'unknown' });
          assert.equal((await untilNote(pms, 2)).problem.reason, 'payment-unknown');
        }
        assert.deepEqual([guestsOf(pms).length, live(pms)], [0, 0]);
      });

      it('gives one code once it is paid, in the language of the guest, and writes it back', async () => {
        if (tellsMoney) await hear(pms, { money: 'paid' });
        else await override(pms, true);
        const { code, payload } = await untilGuest(pms, 1);
        await hear(pms, { money: 'paid' });
        const unitKey = deriveUnitKey(Uint8Array.from(Buffer.from(SITE_KEY, 'hex')), unitIdOf(pms), 1);
        assert.equal(readCode(deriveCodeKey(unitKey), code.digits, 'decimal')?.kind, 'stay');
        // QloApps numbers its languages; 1 is English there.
        assert.match(
          String(payload),
          pms === 'qloapps' ? /^Hello Mira Example/u : /^Guten Tag Mira Example/u,
        );
        if (HAS_NO_PLACE.has(pms)) return;
        const written = await standIn.waitFor(
          ({ method, path }) => method !== 'GET' && path.startsWith(`/${pms}/`),
        );
        assert.ok(written.body.includes(code.grouped));
        assert.ok(!written.path.includes(code.digits));
        assert.ok(Object.values(written.headers).some((value) => String(value).endsWith(API_KEY)));
        assert.match(written.headers['content-type'] ?? '', /^application\/json/u);
      });

      if (scheme) {
        it('is not changed by what is forged, repeated or late, and answers as senders expect', async () => {
          const before = records(pms);
          const refund = bodyOf(pms, { isCancelled: true, changedMinute: minute + 1 });
          assert.equal(await hook(node, pms, refund, { scheme: forgeryOf(scheme) }), 401);
          const unsigned = await fetch(`${node.url}/pms/${pms}`, {
            method: 'POST',
            body: JSON.stringify(refund),
          });
          assert.equal(unsigned.status, 401);
          const last = THIN[pms]?.(minute) ?? bodyOf(pms, { money: 'paid', changedMinute: minute });
          assert.equal(await hook(node, pms, last), 200);
          if (scheme.kind === 'standard-webhooks')
            assert.equal(await hook(node, pms, refund, { atMs: Date.now() - 600_000 }), 400);
          assert.deepEqual(records(pms), before);
        });
      }

      it('ends the code of the room that the guest leaves, and gives one in the other', async () => {
        const notes = notesOf(pms).length;
        await hear(pms, { money: 'paid', room: 42 });
        await untilGuest(pms, 2);
        assert.equal((await untilNote(pms, notes + 1)).problem.reason, 'room-left');
        assert.deepEqual([live(pms, 41), live(pms, 42)], [0, 1]);
      });

      it('takes the code back at a refund, and gives it again where the host says so, on record', async () => {
        const notes = notesOf(pms).length;
        await hear(pms, { room: 42, ...(tellsMoney ? { money: 'refunded' } : { isCancelled: true }) });
        assert.equal((await untilNote(pms, notes + 1)).problem.reason, tellsMoney ? 'unpaid' : 'cancelled');
        assert.equal(live(pms, 42), 0);
        if (!tellsMoney) return;
        await override(pms, true);
        while (live(pms, 42) === 0) await setTimeout(20);
        const { overrides } = records(pms, 42);
        assert.deepEqual(
          overrides.map(({ reservationId, word, by, why }) => ({ reservationId, word, by, why })).at(-1),
          {
            ...{ reservationId: bookingIdOf(pms), word: { kind: 'pay', on: true } },
            ...{ by: 'Ada', why: 'cash at the door' },
          },
        );
        // It is the code that the guest has.
        assert.equal(guestsOf(pms).length, 2);
      });
    });
  }
});

function forgeryOf(scheme: NonNullable<(typeof SCHEMES)['hostaway']>): typeof scheme {
  switch (scheme.kind) {
    case 'basic':
      return { ...scheme, password: 'another password' };
    case 'header-token':
    case 'url-token':
      return { ...scheme, token: 'another-token-of-a-host' };
    case 'hmac-sha256':
      return { ...scheme, secret: 'another secret of a host' };
    case 'standard-webhooks':
      return { ...scheme, secrets: [`whsec_${Buffer.alloc(24, 8).toString('base64')}`] };
  }
}
