import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isLive } from '../../../core/src/access-codes/access-code.ts';
import type { HostOverride } from '../../../core/src/access-codes/host-overrides.ts';
import type { PmsName } from '../../../core/src/reservations/pms/mappings/all.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { BODIES, context, PMS_NAMES, readBody, type Variation } from '../reservations/pms/bodies.ts';
import { Office, SCHEMES, sign, unitIdOf } from './pms-office.ts';

const NOW_MS = Date.UTC(2026, 10, 1, 12);

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

for (const pms of PMS_NAMES) {
  const scheme = SCHEMES[pms];
  // Hospitable tells no money: there the channel that collects is what pays.
  const tellsMoney = pms !== 'hospitable';

  describe(`a reservation of ${pms}, from the wire to the register`, () => {
    let office: Office;
    let minute = 0;
    beforeEach(() => {
      office = new Office(join(scratchFolder(), 'register.sqlite'), NOW_MS);
      minute = 0;
    });
    afterEach(() => {
      office.store.close();
      removeScratch();
    });

    const thin = THIN[pms];
    const wireBody = (variation: Variation): unknown => thin?.(minute) ?? BODIES[pms](variation);
    /** News come six minutes apart, signed where the PMS signs, fetched where its webhook only names the reservation. */
    const hear = (variation: Variation): void => {
      minute += 6;
      office.nowMs = NOW_MS + minute * 60_000;
      const channels = variation.money === 'paid' && !tellsMoney ? ['airbnb'] : [];
      office.context = { ...context, prepaidChannels: channels };
      const changed = { ...variation, changedMinute: minute };
      if (scheme) {
        assert.equal(office.webhook(pms, scheme, sign(scheme, wireBody(changed), office.nowMs)), 'taken');
      }
      if (thin) assert.deepEqual(office.refetches(), [{ pms, id: readBody(pms).id }]);
      if (thin || !scheme) {
        office.nowMs += 1000;
        office.take(pms, 'poll', BODIES[pms](changed));
      }
      office.send();
    };
    const unitIn = (room = 41): string => unitIdOf(pms, readBody(pms, { room }).rooms[0]!.unitRef);
    const live = (room = 41): number => office.store.readUnit(unitIn(room)).codes.filter(isLive).length;
    const reason = (): string | undefined => office.store.readUnit(unitIn()).stays[0]?.held?.reason;

    it('gives no code and the reason while it is not paid, then one code, and takes that back at a refund', () => {
      hear({ money: 'unpaid' });
      assert.deepEqual([live(), reason()], [0, tellsMoney ? 'unpaid' : 'payment-unknown']);
      hear({ money: 'paid' });
      hear({ money: 'paid' });
      assert.deepEqual([live(), reason()], [1, undefined]);
      const { codes } = office.store.readUnit(unitIn());
      const { startsAtMs, endsAtMs } = readBody(pms).rooms[0]!;
      assert.deepEqual(
        codes.map(({ stay, kind, revision }) => ({ stay, kind, revision })),
        [{ stay: { startsAtMs, endsAtMs }, kind: 'stay', revision: 0 }],
      );
      hear(tellsMoney ? { money: 'refunded' } : { isCancelled: true });
      assert.equal(live(), 0);
      assert.equal(office.store.readUnit(unitIn()).codes[0]?.withdrawnAtMs, office.nowMs);
      if (tellsMoney) assert.equal(reason(), 'unpaid');
    });

    it('holds what may be paid or not, until the host says so, which stays on record', () => {
      hear({ money: 'unknown' });
      assert.deepEqual([live(), reason()], [0, 'payment-unknown']);
      const override: HostOverride = {
        ...{ unitId: null, reservationId: `${pms}/${readBody(pms).id}`, word: { kind: 'pay', on: true } },
        ...{ by: 'Ada', why: 'cash', atMs: NOW_MS },
      };
      office.say(override, unitIn());
      office.restart();
      assert.deepEqual([live(), reason()], [1, undefined]);
      assert.deepEqual(office.store.readUnit(unitIn()).overrides, [override]);
      hear({ money: 'unknown' });
      assert.equal(live(), 1);
      hear({ isCancelled: true });
      assert.equal(live(), 0);
    });

    it('ends the code of the room that the guest leaves, and gives one in the other', () => {
      hear({ money: 'paid', room: 41 });
      hear({ money: 'paid', room: 42 });
      assert.deepEqual([live(41), live(42)], [0, 1]);
      hear({ money: 'paid', room: 41 });
      assert.deepEqual([live(41), live(42)], [1, 0]);
    });

    it('is not changed by what comes late or twice', () => {
      hear({ money: 'unpaid' });
      const late = BODIES[pms]({ money: 'unpaid', changedMinute: minute });
      const seenAtMs = office.nowMs;
      hear({ money: 'paid' });
      const before = office.store.readUnit(unitIn());
      const via = scheme && !thin ? 'webhook' : 'poll';
      office.take(pms, via, late, seenAtMs);
      office.take(pms, via, BODIES[pms]({ money: 'paid', changedMinute: minute }));
      assert.deepEqual(office.store.readUnit(unitIn()), before);
    });

    if (scheme) {
      it('is not changed by what is forged, repeated or signed long ago', () => {
        hear({ money: 'unpaid' });
        const before = office.store.readUnit(unitIn());
        const paid = BODIES[pms]({ money: 'paid', changedMinute: minute + 1 });
        const forged = sign(forgeryOf(scheme), paid, office.nowMs);
        assert.equal(office.webhook(pms, scheme, forged), 'forged');
        const first = sign(scheme, wireBody({ money: 'unpaid', changedMinute: minute }), office.nowMs);
        assert.equal(office.webhook(pms, scheme, first), 'repeated');
        if (scheme.kind === 'standard-webhooks') {
          assert.equal(office.webhook(pms, scheme, sign(scheme, paid, office.nowMs - 600_000)), 'late');
        }
        assert.deepEqual(office.store.readUnit(unitIn()), before);
      });
    }
  });
}

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
