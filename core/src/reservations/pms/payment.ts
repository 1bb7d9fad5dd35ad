/**
 * Whether a reservation is paid. Money that is not stated is unknown, never nothing: a guess would open a door.
 * @module
 */
import { findField, readList, readNumber, readText, type Source } from './fields.ts';
import { type LedgerMapping, meaningOf, type PaymentMapping } from './mapping.ts';
import type { Payment, PaymentState } from './pms-reservation.ts';

type Amounts = Pick<Payment, 'total' | 'paid' | 'balance'>;

/** Amounts are sums of decimal fractions: less than half a cent is nothing. */
const NOTHING = 0.005;

/** Reads the money of a reservation. @throws StaycodeError `bad-message` for an amount that is no number */
export function readPayment(source: Source, mapping: PaymentMapping): Payment {
  const amounts = readAmounts(source, mapping);
  const currency = readText(source, mapping.currency);
  const byAmounts = judgeAmounts(amounts);
  const word = readWord(source, mapping);
  // A flag that was never taken back after a refund: the PMS contradicts itself, so the host has to look.
  if (word === 'paid' && byAmounts === 'unpaid')
    return { state: 'unknown', ...amounts, currency, judgedBy: 'amounts' };
  if (word !== 'unknown') return { state: word, ...amounts, currency, judgedBy: 'word' };
  return {
    state: byAmounts,
    ...amounts,
    currency,
    judgedBy: byAmounts === 'unknown' ? 'nothing' : 'amounts',
  };
}

function readWord(source: Source, { state }: PaymentMapping): PaymentState {
  const word = readText(source, state?.path);
  return (word !== null && state ? meaningOf(state, word) : undefined) ?? 'unknown';
}

function readAmounts(source: Source, mapping: PaymentMapping): Amounts {
  const amounts = {
    total: readNumber(source, mapping.total),
    paid: readNumber(source, mapping.paid),
    balance: readNumber(source, mapping.balance),
  };
  const summed = mapping.ledger && sumLedger(source, mapping.ledger);
  // A ledger without charges does not say what was asked; the price of the reservation does.
  return summed ? { ...amounts, paid: summed.paid, total: summed.charged || amounts.total } : amounts;
}

function sumLedger(source: Source, ledger: LedgerMapping): { paid: number; charged: number } | undefined {
  const items = readList(source, ledger.list);
  if (!items) return undefined;
  const sums = { paid: 0, charged: 0 };
  for (const item of items) {
    const line: Source = { ...source, within: [item] };
    const kind = findField(line, ledger.kind);
    const amount = readNumber(line, ledger.amount) ?? 0;
    if (kind === ledger.payment) sums.paid += amount;
    if (kind === ledger.charge) sums.charged += amount * (readNumber(line, ledger.quantity) ?? 1);
  }
  return sums;
}

function judgeAmounts({ total, paid, balance }: Amounts): PaymentState {
  if (balance !== null && balance < NOTHING) {
    // Nothing due of nothing asked: amounts that were never filled in.
    return total === 0 && !(paid !== null && paid > NOTHING) ? 'unknown' : 'paid';
  }
  if (balance !== null) {
    return (paid ?? (total === null ? 0 : total - balance)) > NOTHING ? 'part' : 'unpaid';
  }
  if (paid === null || total === null || total < NOTHING) return 'unknown';
  if (paid > total - NOTHING) return 'paid';
  return paid > NOTHING ? 'part' : 'unpaid';
}
