/** A host's office over a real register: webhooks, polls and feeds go in, as over restarts; every code may be sent. */
import { createHmac } from 'node:crypto';
import { DEFAULT_OUTBOX_POLICY } from '../../../core/src/access-codes/outbox.ts';
import { reconcile, type Reconciliation } from '../../../core/src/access-codes/reconcile.ts';
import type { HostOverride } from '../../../core/src/access-codes/host-overrides.ts';
import { type StayNews, wantPmsStay, wantReservation } from '../../../core/src/access-codes/wanted-stay.ts';
import { type AccessCodeStore, openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import { compileRules, DEFAULT_HOUSE_RULES } from '../../../core/src/lock/rules.ts';
import { type Belief, type BeliefInput, NO_BELIEF } from '../../../core/src/reservations/belief/belief.ts';
import { believe } from '../../../core/src/reservations/belief/believe.ts';
import {
  foldPms,
  listRefetches,
  listStays,
  type PmsEvent,
  type PmsState,
} from '../../../core/src/reservations/pms/fold.ts';
import { PMS_MAPPINGS, type PmsName } from '../../../core/src/reservations/pms/mappings/all.ts';
import type { PmsContext } from '../../../core/src/reservations/pms/pms-reservation.ts';
import { readPms } from '../../../core/src/reservations/pms/read-pms.ts';
import { type Deliveries, rememberDelivery } from '../../../core/src/reservations/pms/webhooks/deliveries.ts';
import {
  verifyWebhook,
  type WebhookRequest,
  type WebhookScheme,
} from '../../../core/src/reservations/pms/webhooks/verify-webhook.ts';
import { context } from '../reservations/pms/bodies.ts';

const rules = compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'Europe/Berlin', checkInTo: '23:00' });
const HOUSE = { zone: 'Europe/Berlin', checkIn: '15:00', checkOut: '11:00' };

/** A unit for each room of each PMS; a feed is of the unit that it names. */
export const unitIdOf = (pms: string, unitRef: string): string => `${pms} ${unitRef}`;

export class Office {
  store: AccessCodeStore;
  nowMs: number;
  context: PmsContext = context;
  readonly #path: string;
  #state: PmsState = {};
  #belief: Belief = NO_BELIEF;
  #seen: Deliveries = [];
  #count = 0;

  constructor(path: string, nowMs: number) {
    this.#path = path;
    this.nowMs = nowMs;
    this.store = openAccessCodeStore(path);
  }

  /** All that is known comes from disk and JSON again. */
  restart(): void {
    this.store.close();
    this.store = openAccessCodeStore(this.#path);
    this.#state = JSON.parse(JSON.stringify(this.#state)) as PmsState;
    this.#belief = JSON.parse(JSON.stringify(this.#belief)) as Belief;
  }

  /** `taken`, or why it was refused. */
  webhook(pms: PmsName, scheme: WebhookScheme, request: WebhookRequest): string {
    const check = verifyWebhook(scheme, request, { nowMs: this.nowMs, seen: this.#seen });
    if (!check.ok) return check.reason;
    this.take(pms, 'webhook', JSON.parse(new TextDecoder().decode(request.body)));
    this.#seen = rememberDelivery(this.#seen, check.deliveryId, this.nowMs);
    return 'taken';
  }

  /** The body of a webhook that was verified, or of the PMS's answer. */
  take(pms: PmsName, via: PmsEvent['via'], body: unknown, seenAtMs: number = this.nowMs): void {
    const reading = readPms(PMS_MAPPINGS[pms], body, this.context);
    this.#state = foldPms(this.#state, [{ via, seenAtMs, reading }]);
    const stays = listStays(this.#state).filter(({ reservation }) => reservation.pms === pms);
    for (const stay of stays) this.#settle(unitIdOf(pms, stay.unitRef), { news: [wantPmsStay(stay)] });
  }

  refetches(): { pms: string; id: string }[] {
    return listRefetches(this.#state);
  }

  feed(unitId: string, input: BeliefInput): void {
    const { belief, events } = believe(this.#belief, input, { house: HOUSE });
    this.#belief = belief;
    const news = events.map((event): StayNews => {
      const { reservation } = event;
      return event.event === 'cancelled'
        ? { news: 'gone', id: reservation.id, why: 'cancelled' }
        : wantReservation(reservation, event);
    });
    this.#settle(unitId, { news });
  }

  /** The host's word on a stay, or on a booking in these units. */
  say(override: HostOverride, ...unitIds: string[]): void {
    unitIds.forEach((unitId, index) => {
      this.#settle(unitId, index === 0 ? { words: [override] } : {});
    });
  }

  /** Every code whose message is due leaves the register. */
  send(): void {
    let claimed = this.store.outbox.claimNext(this.nowMs, DEFAULT_OUTBOX_POLICY);
    for (; claimed; claimed = this.store.outbox.claimNext(this.nowMs, DEFAULT_OUTBOX_POLICY)) {
      this.store.outbox.markSent(claimed.message.id, this.nowMs);
    }
  }

  #settle(
    unitId: string,
    what: { news?: readonly StayNews[]; words?: readonly HostOverride[] },
  ): Reconciliation {
    const nowMs = this.nowMs;
    const newId = (): string => `id-${++this.#count}`;
    const done = this.store.changeUnit(unitId, (records) =>
      reconcile({
        ...records,
        unit: { unitId, keyVersion: 1, alphabet: 'decimal' },
        ...{ rules, hasKey: true, zone: HOUSE.zone, nowMs, newId },
        ...what,
      }),
    );
    this.store.outbox.queue(unitId, { policy: DEFAULT_OUTBOX_POLICY, nowMs, newId });
    return done;
  }
}

/** How each PMS signs; QloApps has no webhooks. */
export const SCHEMES: Readonly<Partial<Record<PmsName, WebhookScheme>>> = {
  hostaway: { kind: 'basic', user: 'staycode', password: 'example password' },
  guesty: { kind: 'standard-webhooks', secrets: [`whsec_${Buffer.alloc(24, 7).toString('base64')}`] },
  beds24: { kind: 'header-token', header: 'X-Staycode', token: 'example token of a host' },
  smoobu: { kind: 'url-token', token: 'example-token-of-a-host' },
  hospitable: { kind: 'hmac-sha256', header: 'Signature', secret: 'example secret of a host' },
  lodgify: { kind: 'hmac-sha256', header: 'ms-signature', secret: 'example secret of a host' },
  cloudbeds: { kind: 'url-token', token: 'example-token-of-a-host' },
};

/** A webhook as the PMS sends it. */
export function sign(scheme: WebhookScheme, body: unknown, nowMs: number): WebhookRequest {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const request = { url: '/hook', headers: {}, body: bytes };
  switch (scheme.kind) {
    case 'basic':
      return { ...request, headers: { authorization: `Basic ${btoa(`${scheme.user}:${scheme.password}`)}` } };
    case 'header-token':
      return { ...request, headers: { [scheme.header]: scheme.token } };
    case 'url-token':
      return { ...request, url: `/hook/${scheme.token}` };
    case 'hmac-sha256': {
      const hex = createHmac('sha256', scheme.secret).update(bytes).digest('hex');
      return { ...request, headers: { [scheme.header]: `sha256=${hex}` } };
    }
    case 'standard-webhooks': {
      const key = Buffer.from(scheme.secrets[0]!.replace('whsec_', ''), 'base64');
      const id = `msg_${createHmac('sha256', 'id').update(bytes).digest('hex')}`;
      const seconds = Math.floor(nowMs / 1000);
      const mac = createHmac('sha256', key).update(`${id}.${seconds}.`).update(bytes).digest('base64');
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': `v1,${mac}`,
      };
      return { ...request, headers };
    }
  }
}
