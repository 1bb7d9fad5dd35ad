/**
 * Sends one receiver's webhooks from the register until it has them. What a kill cuts off is sent again with the same id.
 * @module
 */
import type { CodeChange } from '../access-codes/webhooks/seam-event.ts';
import { signWebhook } from '../access-codes/webhooks/sign-webhook.ts';
import type { WebhookStore } from './webhook-store.ts';

export interface WebhookSenderOptions {
  readonly store: WebhookStore;
  readonly endpointId: string;
  /** http or https; the host's own choice, so his own network is allowed. */
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
  /** JSON; `null` where it cannot be made now, as without a key: it is tried again. */
  readonly bodyOf: (change: CodeChange) => string | null;
  readonly listener: WebhookListener;
}

export interface WebhookListener {
  /** How many wait after an attempt; `trouble` says why the last one failed, `null` that it arrived. */
  tried(pending: number, trouble: string | null): void;
  /** The receiver did not take it for too long: it is forgotten. */
  givenUp(change: CodeChange): void;
  /** The receiver is no more, by its own word (410): nothing is sent until the sender is opened anew. */
  gone(): void;
  /** The register took nothing, or gave nothing: it is asked again. */
  broke(error: unknown): void;
}

export interface WebhookSender {
  /** Ends it; what is on its way is sent again by the next. */
  close(): void;
}

/** As long as Svix gives a receiver. */
const TIMEOUT_MS = 15_000;
/** Changes come from every program that has the register open, so it is asked. */
const ASK_MS = 500;
/** So many codes at once. */
const MOST_AT_ONCE = 4;

/** What came of an attempt. */
type Outcome =
  | { readonly arrived: true }
  | {
      readonly arrived: false;
      readonly status: number;
      readonly why: string;
      readonly retryAfterMs: number | null;
    };

/** The endpoint takes part from now on, if it does not yet. @throws StaycodeError `bad-config` for a secret that is none */
export function openWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { store, endpointId, bodyOf, listener } = options;
  signWebhook(options.secret, { id: '', sentAtMs: 0, body: '' });
  store.subscribe(endpointId);
  const closing = new AbortController();
  const onTheirWay = new Set<string>();
  const isClosed = (): boolean => closing.signal.aborted;
  const close = (): void => {
    clearInterval(asking);
    closing.abort();
  };
  const settle = (change: CodeChange, outcome: Outcome): void => {
    const attempt = { endpointId, eventId: change.eventId, nowMs: Date.now() };
    if (outcome.arrived) store.markDelivered(attempt);
    else {
      const isTriedAgain = store.markFailed(attempt, outcome.retryAfterMs);
      if (outcome.status === 410) {
        close();
        listener.gone();
        return;
      }
      if (!isTriedAgain) listener.givenUp(change);
    }
    listener.tried(store.countPending(endpointId), outcome.arrived ? null : outcome.why);
  };
  const send = async (change: CodeChange, body: string | null): Promise<void> => {
    onTheirWay.add(change.eventId);
    const outcome = await attemptOnce(options, change, body, closing.signal);
    onTheirWay.delete(change.eventId);
    if (isClosed()) return;
    try {
      settle(change, outcome);
    } catch (error) {
      listener.broke(error);
    }
    sendDue();
  };
  const sendDue = (): void => {
    if (isClosed()) return;
    try {
      sendSome();
    } catch (error) {
      listener.broke(error);
    }
  };
  const sendSome = (): void => {
    const due = store.listDue(endpointId, Date.now(), MOST_AT_ONCE + onTheirWay.size);
    for (const { change } of due) {
      if (onTheirWay.size >= MOST_AT_ONCE) return;
      if (!onTheirWay.has(change.eventId)) void send(change, bodyOf(change));
    }
  };
  const asking = setInterval(sendDue, ASK_MS);
  return { close };
}

async function attemptOnce(
  { url, secret }: WebhookSenderOptions,
  { eventId }: CodeChange,
  body: string | null,
  closing: AbortSignal,
): Promise<Outcome> {
  const failed = (why: string, status = 0, retryAfterMs: number | null = null): Outcome => ({
    ...{ arrived: false, status, why, retryAfterMs },
  });
  if (body === null) return failed('no key to make the digits with');
  try {
    const headers = signWebhook(secret, { id: eventId, sentAtMs: Date.now(), body });
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Staycode', ...headers },
      body,
      // Whoever may redirect could send guests' codes anywhere.
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    if (response.ok) return { arrived: true };
    return failed(`HTTP ${response.status}`, response.status, readRetryAfter(response));
  } catch (error) {
    return failed(describe(error));
  }
}

/** Seconds only: a date says when it is by the receiver's clock. */
function readRetryAfter({ headers }: Response): number | null {
  const text = headers.get('retry-after') ?? '';
  return /^\d{1,6}$/u.test(text) ? Number(text) * 1000 : null;
}

/** Without the address: a path may be a secret. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError') return `no answer in ${TIMEOUT_MS / 1000} s`;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}
