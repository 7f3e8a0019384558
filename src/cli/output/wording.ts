/** Sentences about the outcomes of records. */
import type { Entry, Outcome, Reason } from '../../loads/ledger.ts';
import { printable } from './printable.ts';

const DONE: Readonly<Record<Outcome, string>> = {
  inserted: 'Inserted',
  updated: 'Updated',
  unchanged: 'Unchanged',
  rejected: 'Rejected',
};

const WOULD: Readonly<Record<Outcome, string>> = {
  inserted: 'Would insert',
  updated: 'Would update',
  unchanged: 'Would leave unchanged',
  rejected: 'Would reject',
};

/** "Inserted user 1: Alice <alice@example.com>", "Inserted depot BER", "Rejected user 10: Name cannot be empty" */
export function entrySentence(noun: string, entry: Entry, dryRun = false): string {
  const { id, file, line, outcome, text, errors } = entry;
  const hasId = (typeof id === 'string' && id !== '') || typeof id === 'number';
  const which = hasId
    ? `${noun} ${printable(String(id))}`
    : `${noun} on line ${line}${file === undefined ? '' : ` of ${printable(file)}`}`;
  const what = outcome === 'rejected' ? errors.map(({ message }) => message).join('; ') : text;
  // an entity without a display text is shown by its key
  const isSaid = outcome !== 'rejected' && what.toLowerCase() === which.toLowerCase();
  return `${(dryRun ? WOULD : DONE)[outcome]} ${which}${isSaid ? '' : `: ${printable(what)}`}`;
}

/** "Name cannot be empty", or where the messages differ: "productId: reference, such as: Product 7 does not exist" */
export function reasonSentence({ property, code, message, same }: Reason): string {
  return printable(same ? message : `${property ?? 'record'}: ${code}, such as: ${message}`);
}
