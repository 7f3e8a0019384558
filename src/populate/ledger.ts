/** The account of one load: what became of each record, and why. */
import type { RecordError } from './record/rules.ts';

export const OUTCOMES = ['inserted', 'updated', 'unchanged', 'rejected'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** What became of one record. */
export interface Entry {
  readonly number: number;
  readonly line: number;
  readonly outcome: Outcome;
  /** The primary key, as far as the record gave one. */
  readonly id: unknown;
  /** The entity in words; empty when the record was rejected. */
  readonly text: string;
  readonly errors: readonly RecordError[];
}

/** How often records were rejected for the same reason. */
export interface Reason {
  readonly property: string | null;
  readonly code: string;
  readonly count: number;
  /** The message of the first of them. */
  readonly message: string;
  /** Whether all of them have that same message. */
  readonly same: boolean;
}

export type Counts = Readonly<Record<'read' | Outcome, number>>;

/** A load of up to this many records is told record by record. */
export const DETAILED_RECORDS = 100;

export class Ledger {
  readonly #counts = { read: 0, inserted: 0, updated: 0, unchanged: 0, rejected: 0 };
  readonly #reasons = new Map<string, Reason>();
  #details: Entry[] | undefined = [];

  get counts(): Counts {
    return { ...this.#counts };
  }

  /** The most frequent first. */
  get reasons(): readonly Reason[] {
    return [...this.#reasons.values()].sort((a, b) => b.count - a.count);
  }

  /** Each record, unless there are more than a hundred. */
  get details(): readonly Entry[] | undefined {
    return this.#details;
  }

  add(entry: Entry): void {
    this.#counts.read++;
    this.#counts[entry.outcome]++;
    this.#countReasons(entry.errors);
    if (this.#counts.read > DETAILED_RECORDS) {
      this.#details = undefined;
    }
    this.#details?.push(entry);
  }

  /** A record that had gone in is rejected after all. */
  reject(before: Outcome, rejected: Entry): void {
    this.#counts[before]--;
    this.#counts.rejected++;
    this.#countReasons(rejected.errors);
    this.#details = this.#details?.map((entry) => (entry.number === rejected.number ? rejected : entry));
  }

  #countReasons(errors: readonly RecordError[]): void {
    for (const { property, code, message } of errors) {
      const key = `${property ?? ''} ${code}`;
      const known = this.#reasons.get(key);
      this.#reasons.set(
        key,
        known
          ? { ...known, count: known.count + 1, same: known.same && known.message === message }
          : { property, code, count: 1, message, same: true },
      );
    }
  }
}
