/**
 * The messages that bring codes to guests: queued, claimed before they are sent, sent or failed. A claim is a lease: if the
 * sender dies, the message is offered again, marked as one that the guest may have already. So a change reaches the guest
 * once, or as a marked duplicate, but never not at all.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import type { TimeWindow } from '../stay-code/collision.ts';
import { type AccessCode, isLive } from './access-code.ts';

const DAY_MS = 86_400_000;

/**
 * `sending` is claimed by a sender until `dueAtMs`; `replaced` may have reached the guest and is not sent again, for a newer
 * one takes its place.
 */
export type MessageState = 'queued' | 'sending' | 'sent' | 'failed' | 'replaced';

/** One message about one code. It holds no digits: unit key and code give them back when it is sent. */
export interface OutboxMessage {
  readonly id: string;
  readonly unitId: string;
  readonly reservationId: string;
  /** The `AccessCode` that it tells of. */
  readonly accessCodeId: string;
  /** The times that it tells of. */
  readonly stay: TimeWindow;
  readonly state: MessageState;
  /** When it is to be offered next; while it is being sent, when the lease ends. */
  readonly dueAtMs: number;
  /** How often it was claimed. The number of a claim tells a late sender from the current one. */
  readonly claims: number;
  /** How often a sender said that it failed. */
  readonly failures: number;
  /** Whether the guest may have heard the same last: a sender died with it or could not tell, or what came between never arrived. */
  readonly mayBeDuplicate: boolean;
  /** Whether the guest may have been told of another code, or of other times, for this stay. */
  readonly replacesEarlier: boolean;
  readonly createdAtMs: number;
  readonly sentAtMs: number | null;
}

/** When messages go out, and how stubbornly. */
export interface OutboxPolicy {
  /** `null` for at once, else days of 24 hours before check-in. News for a guest who was told before goes out at once. */
  readonly daysBeforeArrival: number | null;
  /** How long to wait after the first failure, the second, and so on; after the last the message is `failed`. */
  readonly retryAfterMs: readonly number[];
  /** How long a sender may take before its message is offered again. */
  readonly leaseMs: number;
}

/** At once; retried over two days; five minutes to send. */
export const DEFAULT_OUTBOX_POLICY: OutboxPolicy = {
  daysBeforeArrival: null,
  retryAfterMs: [1, 5, 30, 120, 360, 720, 1440].map((minutes) => minutes * 60_000),
  leaseMs: 5 * 60_000,
};

/** What is to be written, all or nothing. */
export interface OutboxChange {
  readonly put: readonly OutboxMessage[];
  /** Messages that nobody was told of and that nobody needs any more. */
  readonly forget: readonly OutboxMessage[];
}

export interface QueueRequest {
  /** The register's codes and messages of one unit, oldest first. */
  readonly codes: readonly AccessCode[];
  readonly messages: readonly OutboxMessage[];
  readonly policy: OutboxPolicy;
  readonly nowMs: number;
  readonly newId: () => string;
}

/**
 * What brings the messages of a unit in line with its codes: one for each live code whose stay is not over. It is worked out
 * from the register each time, so a crash between issuing a code and queueing its message loses nothing.
 */
export function queueMessages(request: QueueRequest): OutboxChange {
  const { codes, messages, nowMs } = request;
  const live = codes.filter((code) => isLive(code) && code.endsAtMs > nowMs);
  const reservations = new Set([...live, ...messages].map(({ reservationId }) => reservationId));
  const changes = [...reservations].map((id) =>
    queueFor(
      request,
      messages.filter(({ reservationId }) => reservationId === id),
      live.find(({ reservationId }) => reservationId === id),
    ),
  );
  return { put: changes.flatMap(({ put }) => put), forget: changes.flatMap(({ forget }) => forget) };
}

/**
 * What notes that a stay's code was told by other means, as in the answer to who made it: what waits to say it is not sent any more.
 */
export function noteTold(
  { codes, messages, nowMs, newId }: Omit<QueueRequest, 'policy'>,
  reservationId: string,
): OutboxChange {
  const code = codes.find((one) => one.reservationId === reservationId && isLive(one));
  const own = messages.filter((message) => message.reservationId === reservationId);
  const told = own.filter(mayHaveReached);
  const waiting = own.filter((message) => !mayHaveReached(message));
  const last = told.at(-1);
  if (code === undefined) return { put: [], forget: [] };
  if (last?.state === 'sent' && tells(last, code)) return { put: [], forget: waiting };
  const replaced = told.filter(isOffered).map((message) => replace(message, nowMs));
  const message = writeMessage(
    { codes, messages, nowMs, newId, policy: DEFAULT_OUTBOX_POLICY },
    code,
    undefined,
    told,
  );
  return { put: [...replaced, markSent({ ...message, claims: 1 }, nowMs)], forget: waiting };
}

/**
 * The message to send now, the longest due first; `null` where there is none. It has to know those queued that are due, those
 * being sent, and those replaced whose lease runs; others do not matter.
 */
export function nextDue(messages: readonly OutboxMessage[], nowMs: number): OutboxMessage | null {
  // An older message that is still on its way could arrive last, and the guest would believe it.
  const isBusy = (message: OutboxMessage): boolean =>
    messages.some(
      (other) => other.id !== message.id && isOfStay(other, message) && isUnderLease(other, nowMs),
    );
  const due = messages.filter(
    (message) => isOffered(message) && message.dueAtMs <= nowMs && message.stay.endsAtMs > nowMs,
  );
  return due.sort((a, b) => a.dueAtMs - b.dueAtMs).find((message) => !isBusy(message)) ?? null;
}

/**
 * Takes a message for sending; it has to be on disk before the sender starts.
 * @throws StaycodeError `bad-message` for one that is not due
 */
export function claim(message: OutboxMessage, nowMs: number, leaseMs: number): OutboxMessage {
  if (!isOffered(message) || message.dueAtMs > nowMs) {
    throw new StaycodeError(
      'bad-message',
      `outbox: expected a message that is due, got a ${message.state} one`,
    );
  }
  return {
    ...message,
    state: 'sending',
    dueAtMs: nowMs + leaseMs,
    claims: message.claims + 1,
    mayBeDuplicate: message.mayBeDuplicate || message.state === 'sending',
  };
}

/** A sender says that the guest was told; the first time counts. Holds for late senders too: it was sent all the same. */
export function markSent(message: OutboxMessage, nowMs: number): OutboxMessage {
  return { ...message, state: 'sent', sentAtMs: message.sentAtMs ?? nowMs };
}

export interface SendFailure {
  /** `claims` of the message as it was handed to the sender. */
  readonly claim: number;
  /** Whether the guest may have it all the same, as after a timeout. */
  readonly mayHaveArrived: boolean;
  readonly nowMs: number;
  /** Whether one that counts as sent does so only because nobody had said otherwise; false unless set. */
  readonly wasAssumedSent?: boolean;
}

/**
 * A sender says that it could not send: queued again, or `failed` once the policy's retries are spent.
 * @param messages of the message's unit, oldest first: what was told since, or is about to be, is not followed by older words
 */
export function markFailed(
  message: OutboxMessage,
  failure: SendFailure,
  { retryAfterMs }: OutboxPolicy,
  messages: readonly OutboxMessage[],
): OutboxMessage {
  const mayBeDuplicate = message.mayBeDuplicate || failure.mayHaveArrived;
  // A late sender says nothing about the claim that followed its own.
  if (message.claims !== failure.claim) return { ...message, mayBeDuplicate };
  if (message.state === 'replaced') return { ...message, mayBeDuplicate, dueAtMs: failure.nowMs };
  const isLast = messages.findLast((other) => isOfStay(other, message))?.id === message.id;
  const wasAssumed = message.state === 'sent' && failure.wasAssumedSent === true && isLast;
  if (message.state !== 'sending' && !wasAssumed) return { ...message, mayBeDuplicate };
  const waitMs = retryAfterMs[message.failures];
  return {
    ...message,
    mayBeDuplicate,
    state: waitMs === undefined ? 'failed' : 'queued',
    dueAtMs: failure.nowMs + (waitMs ?? 0),
    failures: message.failures + 1,
    sentAtMs: wasAssumed ? null : message.sentAtMs,
  };
}

/**
 * Whether a message tells of the code that the guest is known to have been told last, so that only the times are others.
 * @param messages of the message's unit, oldest first
 */
export function keepsCode(message: OutboxMessage, messages: readonly OutboxMessage[]): boolean {
  const last = messages.findLast(
    (other) => isOfStay(other, message) && other.id !== message.id && mayHaveReached(other),
  );
  return last !== undefined && last.sentAtMs !== null && last.accessCodeId === message.accessCodeId;
}

/** Offers a failed message again, or a sent one as a marked duplicate, at the host's word; others stay as they are. */
export function retryMessage(message: OutboxMessage, nowMs: number): OutboxMessage {
  const { state } = message;
  if (state !== 'failed' && state !== 'sent') return message;
  const mayBeDuplicate = message.mayBeDuplicate || state === 'sent';
  return { ...message, state: 'queued', dueAtMs: nowMs, failures: 0, mayBeDuplicate };
}

function queueFor(
  request: QueueRequest,
  messages: readonly OutboxMessage[],
  code: AccessCode | undefined,
): OutboxChange {
  const told = messages.filter(mayHaveReached);
  const waiting = messages.filter((message) => !mayHaveReached(message));
  const last = told.at(-1);
  const replaced = told.filter(isOffered).map((message) => replace(message, request.nowMs));
  if (code === undefined) return { put: replaced, forget: waiting };
  if (last && tells(last, code)) {
    const revived = last.state === 'replaced' ? [reoffer(last, request.nowMs)] : [];
    return { put: revived, forget: waiting };
  }
  const [kept, ...rest] = waiting;
  const message = writeMessage(request, code, kept, told);
  return { put: [...replaced, ...(message === kept ? [] : [message])], forget: rest };
}

/** The message for a code: the one that waits, if it says the same, or a new one, in the place of the one that waits. */
function writeMessage(
  { policy, nowMs, newId }: QueueRequest,
  code: AccessCode,
  kept: OutboxMessage | undefined,
  told: readonly OutboxMessage[],
): OutboxMessage {
  const replacesEarlier = told.length > 0;
  const createdAtMs = kept?.createdAtMs ?? nowMs;
  const days = replacesEarlier ? null : policy.daysBeforeArrival;
  const dueAtMs = days === null ? createdAtMs : code.stay.startsAtMs - days * DAY_MS;
  const isSame = kept && tells(kept, code) && kept.replacesEarlier === replacesEarlier;
  // Once a sender has failed, the retries say when; until then the policy does, also when the host changes it.
  if (isSame && (kept.failures > 0 || kept.dueAtMs === dueAtMs)) return kept;
  return {
    id: kept?.id ?? newId(),
    unitId: code.unitId,
    reservationId: code.reservationId,
    accessCodeId: code.id,
    stay: code.stay,
    state: 'queued',
    dueAtMs,
    claims: kept?.claims ?? 0,
    failures: 0,
    mayBeDuplicate: mayBeLastTold(told, code),
    replacesEarlier,
    createdAtMs,
    sentAtMs: null,
  };
}

/** Whether the guest may have heard this last: it was told before, and of what followed nothing is known to have arrived. */
function mayBeLastTold(told: readonly OutboxMessage[], code: AccessCode): boolean {
  const index = told.findLastIndex((message) => tells(message, code));
  return index >= 0 && told.slice(index + 1).every(({ sentAtMs }) => sentAtMs === null);
}

/** One that is being sent keeps its lease: the newer one waits for its end. */
function replace(message: OutboxMessage, nowMs: number): OutboxMessage {
  const dueAtMs = message.state === 'sending' ? message.dueAtMs : nowMs;
  return { ...message, state: 'replaced', dueAtMs, mayBeDuplicate: true };
}

function reoffer(message: OutboxMessage, nowMs: number): OutboxMessage {
  return { ...message, state: 'queued', dueAtMs: Math.max(message.dueAtMs, nowMs), failures: 0 };
}

/** Two units may have stays of one id, as where a calendar was copied. */
function isOfStay(other: OutboxMessage, { unitId, reservationId }: OutboxMessage): boolean {
  return other.unitId === unitId && other.reservationId === reservationId;
}

function isOffered({ state }: OutboxMessage): boolean {
  return state === 'queued' || state === 'sending';
}

function isUnderLease({ state, dueAtMs }: OutboxMessage, nowMs: number): boolean {
  return (state === 'sending' || state === 'replaced') && dueAtMs > nowMs;
}

function mayHaveReached({ state, mayBeDuplicate }: OutboxMessage): boolean {
  return mayBeDuplicate || state === 'sending' || state === 'sent';
}

function tells(message: OutboxMessage, code: AccessCode): boolean {
  const { startsAtMs, endsAtMs } = message.stay;
  return (
    message.accessCodeId === code.id && startsAtMs === code.stay.startsAtMs && endsAtMs === code.stay.endsAtMs
  );
}
