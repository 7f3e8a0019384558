/** A run as a row of its table, and as what the rest of the program works with. */
import { parseJson } from '../shared/json/parse.ts';
import { type Counts, type Entry, Ledger, type Reason } from './ledger.ts';
import type { RunChange } from './run-store.ts';
import type { RunRow } from './run-tables.ts';

/** What the row says of a ledger. */
export function changeOf(ledger: Ledger): RunChange & Counts {
  const { counts, reasons, details } = ledger.state;
  return {
    ...counts,
    reasons: JSON.stringify(reasons),
    // what a record gave for a primary key may be anything, even nothing
    details: details === undefined ? null : JSON.stringify(details),
  };
}

export function ledgerOf({ read, inserted, updated, unchanged, rejected, reasons, details }: RunRow): Ledger {
  return Ledger.from({
    counts: { read, inserted, updated, unchanged, rejected },
    reasons: parseJson(reasons) as Reason[],
    details: details === null ? undefined : (parseJson(details) as Entry[]),
  });
}
