/** Converts between the row of a run and its ledger. */
import { parseJson } from '../shared/json/parse.ts';
import { type Counts, type Entry, Ledger, type Reason } from './ledger.ts';
import type { RunChange } from './run-store.ts';
import type { RunRow } from './run-tables.ts';

/** The columns of a ledger. */
export function changeOf(ledger: Ledger): RunChange & Counts {
  const { counts, reasons, details } = ledger.state;
  return {
    ...counts,
    reasons: JSON.stringify(reasons),
    // the id of a rejected record can be any value
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
