/**
 * The desk between the flow and the register: what came is reconciled with what was issued, and the guests' messages are queued, in one
 * transaction. Nothing is sent here.
 * @module
 */
import {
  type AccessCode,
  type Action,
  type HostOverride,
  type HouseSettings,
  isCopy,
  matchSources,
  type OutboxPolicy,
  reconcile,
  type StayNews,
} from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';

export interface StayDesk {
  readonly store: AccessCodeStore;
  readonly house: HouseSettings;
  readonly policy: OutboxPolicy;
  readonly nowMs: number;
  readonly newId: () => string;
}

export interface Happening {
  readonly news?: readonly StayNews[];
  readonly words?: readonly HostOverride[];
}

/** Takes in what came, or has another look at the unit; answers with what was done. */
export function settle(desk: StayDesk, { news = [], words = [] }: Happening = {}): readonly Action[] {
  const { store, house, policy, nowMs, newId } = desk;
  const { unitId } = house.unit;
  const silent = new Set<string>();
  const { actions } = store.together(() => {
    const change = store.changeUnit(unitId, (records) => {
      const matched = matchSources(records.stays, news);
      for (const { stay } of records.stays) if (isCopy(stay)) silent.add(stay.id);
      const done = reconcile({ ...records, ...house, news: matched, words, nowMs, newId });
      for (const { stay } of done.keep) if (!isCopy(stay)) silent.delete(stay.id);
      return done;
    });
    store.outbox.queue(unitId, { policy, nowMs, newId });
    return change;
  });
  // Of a stay that the PMS tells of as well nobody needs to hear twice.
  return actions.filter(
    (action) => !silent.has(action.reservationId) && !('detail' in action && action.reason === 'same-stay'),
  );
}

/** What the host is told of: a stay and what became of it, with the codes that it lost by the way. */
export interface Note {
  readonly action: Exclude<Action, { action: 'issue' | 'amend' }>;
  readonly lost: readonly AccessCode[];
}

/** One note for each stay that has no code now: why, or that it is off. Stays that are over say so only where one asks. */
export function notesOf(actions: readonly Action[], askedId: string | null): Note[] {
  return actions.flatMap((action): Note[] => {
    const { reservationId } = action;
    const lost = actions.flatMap((one) =>
      one.action === 'revoke' && one.reservationId === reservationId && one.code ? [one.code] : [],
    );
    switch (action.action) {
      case 'hold':
      case 'ask':
        return [{ action, lost }];
      case 'expire':
        return reservationId === askedId ? [{ action, lost }] : [];
      case 'revoke':
        return action.reason === 'cancelled' || action.reason === 'room-left' ? [{ action, lost }] : [];
      case 'issue':
      case 'amend':
        return [];
    }
  });
}
