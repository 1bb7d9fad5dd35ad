/**
 * What is to be told of a slot: to the guest which PIN is in the lock, to the host what is wrong. It follows from the record and
 * from what was told before, so a crash leaves nothing untold.
 * @module
 */
import type { SlotRecord } from './slot-record.ts';

/** What was told of a slot so far. */
export interface ToldSlot {
  /** The choice of the PIN that was told to be in the lock, `null` for none; a PIN that is set again is not told again. */
  readonly pinChoice: number | null;
  readonly failure: string | null;
}

export const UNTOLD_SLOT: ToldSlot = { pinChoice: null, failure: null };

export type SlotNews =
  | { readonly news: 'set' }
  | { readonly news: 'failed'; readonly message: string }
  /** What was told to be wrong is so no more. */
  | { readonly news: 'mended' };

/** The news in their order, and what is told once they are. */
export function listSlotNews(
  record: SlotRecord,
  before: ToldSlot,
): { readonly news: readonly SlotNews[]; readonly told: ToldSlot } {
  const { toldAtMs, pinChoice, failure } = record;
  const news: SlotNews[] = [];
  const isSet = toldAtMs !== null && before.pinChoice !== pinChoice;
  const message = failure?.message ?? null;
  if (isSet) news.push({ news: 'set' });
  if (message === null && before.failure !== null) news.push({ news: 'mended' });
  if (message !== null && before.failure !== message) news.push({ news: 'failed', message });
  return { news, told: { pinChoice: isSet ? pinChoice : before.pinChoice, failure: message } };
}
