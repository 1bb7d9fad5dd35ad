/**
 * What should be against what was issued: a unit's stays, the host's overrides and the house's settings in, an ordered list of
 * actions out, what frees nights before what takes them. Done again after it is written, it finds nothing to do.
 * Source: spec, "What the issuer does".
 * @module
 */
import type { LockRules } from '../lock/rules.ts';
import type { AccessCode, Unit } from './access-code.ts';
import { type Action, holdOrAsk } from './actions.ts';
import { CodeIndex } from './code-index.ts';
import { checkOverride, type HostOverride, type OverriddenStay, Overrides } from './host-overrides.ts';
import {
  isOutdated,
  issueAccessCode,
  type IssueRequest,
  stillFits,
  withdrawAccessCodes,
  type Withheld,
} from './issue.ts';
import { type Held, type StayNews, type StayRecord, takeNews } from './wanted-stay.ts';
import type { Buffers } from './window.ts';

/** What the register holds of a unit. */
export interface UnitRecords {
  readonly codes: readonly AccessCode[];
  readonly stays: readonly StayRecord[];
  /** On the unit's stays and on PMS bookings as a whole, oldest first. */
  readonly overrides: readonly HostOverride[];
}

export interface HouseSettings {
  readonly unit: Unit;
  /** `null` where the host's settings make no rules. */
  readonly rules: LockRules | null;
  /** Whether there is a key to make digits with. */
  readonly hasKey: boolean;
  /** IANA zone of the property. */
  readonly zone: string;
  readonly buffers?: Buffers;
}

export interface ReconcileRequest extends UnitRecords, HouseSettings {
  /** What came; none for another look, as when settings changed or time went by. */
  readonly news?: readonly StayNews[];
  readonly words?: readonly HostOverride[];
  readonly nowMs: number;
  readonly newId: () => string;
}

/** What to do, and what to write for it, all or nothing. */
export interface Reconciliation {
  readonly actions: readonly Action[];
  readonly put: readonly AccessCode[];
  readonly forget: readonly AccessCode[];
  readonly keep: readonly StayRecord[];
  /** Ids of stays whose records go. */
  readonly drop: readonly string[];
  readonly words: readonly HostOverride[];
}

/**
 * Never throws on what was booked.
 * @throws StaycodeError `bad-zone`, `bad-time`, `out-of-range`, `bad-message` for the host's own settings and words
 */
export function reconcile(request: ReconcileRequest): Reconciliation {
  const { stays, news = [], words = [], nowMs, zone, unit } = request;
  words.forEach(checkOverride);
  const overrides = new Overrides([...request.overrides, ...words], zone);
  const known = new Map(stays.map((record) => [record.stay.id, record]));
  const draft = new Draft(request, takeNews(known, news, nowMs));
  for (const one of news) if (one.news === 'gone') draft.end(one.id, one.why, known.has(one.id));
  const wanted = draft.stays().map((record) => ({ record, ...overrides.apply(record.stay, unit.unitId) }));
  giveCodes(draft, wanted.filter((stay) => draft.free(stay)).sort(byBooking));
  return { ...draft.conclude(known), words };
}

type Wanted = OverriddenStay & { readonly record: StayRecord };
type FitRequest = Omit<IssueRequest, 'issued' | 'newId' | 'nowMs'>;
type Revoked = Extract<Action, { action: 'revoke' }>;

/** What one stay gives up while it gets its code may be what another one, asked before, has missed. */
function giveCodes(draft: Draft, stays: readonly Wanted[]): void {
  const withheld = stays.flatMap((stay) => {
    const held = draft.take(stay);
    return held ? [{ stay, held }] : [];
  });
  const isLast = withheld.length === stays.length;
  const conflicts = withheld.filter(({ held }) => !isLast && held.reason === 'conflict');
  for (const one of withheld) if (!conflicts.includes(one)) draft.hold(one.stay.record, one.held);
  if (conflicts.length > 0)
    giveCodes(
      draft,
      conflicts.map(({ stay }) => stay),
    );
}

function byBooking({ record: a }: Wanted, { record: b }: Wanted): number {
  return a.sinceMs - b.sinceMs || (a.stay.id < b.stay.id ? -1 : 1);
}

/** The decisions as they fall: each sees what the earlier ones did. */
class Draft {
  readonly #request: ReconcileRequest;
  readonly #records: Map<string, StayRecord>;
  readonly #codes: CodeIndex;
  readonly #put = new Map<string, AccessCode>();
  readonly #forget: AccessCode[] = [];
  /** Stays that lost a code. */
  readonly #changed = new Set<string>();
  readonly #actions: Action[] = [];

  constructor(request: ReconcileRequest, records: Map<string, StayRecord>) {
    this.#request = request;
    this.#records = records;
    this.#codes = new CodeIndex(request.codes);
  }

  stays(): StayRecord[] {
    return [...this.#records.values()];
  }

  /** A stay is off: its nights are free. */
  end(reservationId: string, reason: 'cancelled' | 'room-left', isKnown: boolean): void {
    const codes = this.#codes.liveOf(reservationId);
    this.#revoke(codes, reason);
    if (isKnown && codes.length === 0)
      this.#actions.push({ action: 'revoke', reservationId, reason, code: null });
  }

  /** Takes back what a stay may not have or has moved away from. Says whether it needs a code. */
  free(wanted: Wanted): boolean {
    const { record } = wanted;
    const codes = this.#codes.liveOf(record.stay.id);
    const shut = whyShut(wanted);
    if (this.#isOver(wanted, codes, shut)) return false;
    if (shut) {
      this.#revoke(codes, shut.reason);
      this.hold(record, shut);
      return false;
    }
    const request = this.#requestFor(wanted);
    if (request) return !this.#keeps(record, codes, request);
    const reason = this.#request.hasKey ? 'no-rules' : 'no-site-key';
    if (codes.length === 0) this.hold(record, { reason, detail: null });
    return false;
  }

  /** Gives a stay its code, or answers with the reason for none. */
  take(wanted: Wanted): Held | null {
    const { record, window } = wanted;
    const { nowMs, newId } = this.#request;
    const request = this.#requestFor(wanted);
    if (request === null) return null;
    const { id, displaces } = record.stay;
    const displaced = new Set(displaces);
    const issued = this.#codes
      .around(id, window)
      // Only for this decision: whether they are cancelled is for the feed to say.
      .map((code) => (displaced.has(code.reservationId) ? { ...code, withdrawnAtMs: nowMs } : code));
    const wishId = newId();
    const issue = issueAccessCode({ ...request, issued, nowMs, newId: wishId });
    const ended = new Set([...issue.withdrawn, ...issue.forget].map((code) => code.id));
    this.#revoke(
      this.#codes.liveOf(id).filter((code) => ended.has(code.id)),
      'changed',
    );
    if (issue.ok) this.#give(record, issue.code, issue.code.id !== wishId);
    return issue.ok || issue.reason === 'ended' ? null : { reason: issue.reason, detail: detailOf(issue) };
  }

  /** The host hears of a reason once. */
  hold(record: StayRecord, held: Held): void {
    const { id } = record.stay;
    if (record.held?.reason === held.reason && record.held.detail === held.detail) return;
    this.#records.set(id, { ...record, held });
    this.#actions.push(holdOrAsk(id, held));
  }

  conclude(known: ReadonlyMap<string, StayRecord>): Omit<Reconciliation, 'words'> {
    const records = [...this.#records];
    return {
      actions: this.#actions,
      put: [...this.#put.values()],
      forget: this.#forget,
      keep: records.filter(([id, record]) => known.get(id) !== record).map(([, record]) => record),
      drop: [...known.keys()].filter((id) => !this.#records.has(id)),
    };
  }

  /** Nothing to do any more: the stay is over, and so is its code, if it was not cut short. */
  #isOver({ record, window }: Wanted, codes: readonly AccessCode[], shut: Held | null): boolean {
    const { nowMs, unit } = this.#request;
    const { id } = record.stay;
    if (window.endsAtMs > nowMs) return false;
    const running = codes.filter(({ endsAtMs }) => endsAtMs > nowMs);
    const cut = running.filter(
      (code) => shut !== null || isOutdated(code, { unit, reservation: { id, ...window } }),
    );
    if (cut.length < running.length) return false;
    this.#revoke(cut, shut?.reason ?? 'changed');
    this.#records.delete(id);
    this.#actions.push({ action: 'expire', reservationId: id, reason: 'over' });
    return true;
  }

  #keeps(record: StayRecord, codes: readonly AccessCode[], request: FitRequest): boolean {
    const { startsAtMs, endsAtMs, id } = request.reservation;
    const kept = codes.find((code) => stillFits(code, request));
    this.#revoke(
      codes.filter((code) => code !== kept && (kept !== undefined || isOutdated(code, request))),
      'changed',
    );
    if (!kept) return false;
    if (record.held) this.#records.set(id, { ...record, held: null });
    if (startsAtMs === kept.stay.startsAtMs && endsAtMs === kept.stay.endsAtMs) return true;
    const code = { ...kept, stay: { startsAtMs, endsAtMs } };
    this.#write(code);
    this.#actions.push({ action: 'amend', reservationId: id, reason: 'same-digits', code });
    return true;
  }

  #give(record: StayRecord, code: AccessCode, isBack: boolean): void {
    const { id: reservationId } = record.stay;
    this.#write(code);
    this.#records.set(reservationId, { ...record, held: null });
    if (code.kind === 'amendment' && !isBack) {
      this.#actions.push({ action: 'amend', reservationId, reason: 'changed', code });
    } else {
      const reason = isBack ? 'back' : this.#changed.has(reservationId) ? 'changed' : 'new';
      this.#actions.push({ action: 'issue', reservationId, reason, code });
    }
  }

  #revoke(codes: readonly AccessCode[], reason: Revoked['reason']): void {
    for (const code of codes) {
      const { reservationId } = code;
      const { withdrawn, forget } = withdrawAccessCodes([code], reservationId, this.#request.nowMs);
      for (const one of withdrawn) this.#write(one);
      for (const one of forget) this.#codes.forget(one);
      this.#forget.push(...forget);
      this.#changed.add(reservationId);
      this.#actions.push({ action: 'revoke', reservationId, reason, code: withdrawn[0] ?? code });
    }
  }

  #write(code: AccessCode): void {
    this.#codes.put(code);
    this.#put.set(code.id, code);
  }

  #requestFor({ record: { stay }, window, freshFromMs }: Wanted): FitRequest | null {
    const { unit, rules, hasKey, buffers } = this.#request;
    if (rules === null || !hasKey) return null;
    return {
      ...{ unit, rules, reservation: { id: stay.id, ...window }, freshFromMs },
      ...(buffers && { buffers }),
    };
  }
}

function whyShut({ gate, isOnHold }: OverriddenStay): Held | null {
  if (isOnHold) return { reason: 'held-by-host', detail: null };
  return gate.pass ? null : { reason: gate.reason, detail: gate.message };
}

function detailOf(why: Withheld): string | null {
  if (why.reason === 'rule') return why.rule;
  return why.reason === 'conflict' ? why.reservationId : null;
}
