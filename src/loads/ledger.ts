/** The outcomes of one load: counts, reasons for rejections, and for a small load each record. */
import type { RecordError } from '../shared/rules/rules.ts';
import { type LineSpan, spanning } from './line-span.ts';

/** Code of the errors that only the database can detect. */
export const REFUSED = 'refused';

export const OUTCOMES = ['inserted', 'updated', 'unchanged', 'rejected'] as const;

/** The outcome of a record. */
export type Outcome = (typeof OUTCOMES)[number];

/** The outcome of one record. */
export interface Entry {
  readonly number: number;
  /** The file that contains it, if the source has several. */
  readonly file?: string;
  readonly line: number;
  readonly outcome: Outcome;
  /** The primary key, if the record has one. */
  readonly id: unknown;
  /** The entity as text; empty if the record was rejected. */
  readonly text: string;
  readonly errors: readonly RecordError[];
}

/** A reason for rejections, with the number of records. */
export interface Reason {
  readonly property: string | null;
  readonly code: string;
  readonly count: number;
  /** The message of its first record. */
  readonly message: string;
  /** Whether all its records have the same message. */
  readonly same: boolean;
  /** For code `refused`: the lines of the batches that contain these records. */
  readonly lines?: LineSpan;
}

/** The number of records per outcome; they add up to `read`. */
export type Counts = Readonly<Record<'read' | Outcome, number>>;

/** A load of up to this many records is reported record by record. */
export const DETAILED_RECORDS = 100;

/** A ledger as plain data, for a database or another thread. */
export interface LedgerState {
  readonly counts: Counts;
  readonly reasons: readonly Reason[];
  readonly details: readonly Entry[] | undefined;
}

type Changing<T> = { -readonly [K in keyof T]: T[K] };

export class Ledger {
  readonly #counts = { read: 0, inserted: 0, updated: 0, unchanged: 0, rejected: 0 };
  /** Property -> code -> reason; changed in place, since a load may reject millions of records. */
  readonly #reasons = new Map<string | null, Map<string, Changing<Reason>>>();
  #details: Entry[] | undefined = [];

  static from({ counts, reasons, details }: LedgerState): Ledger {
    const ledger = new Ledger();
    Object.assign(ledger.#counts, counts);
    for (const reason of reasons) {
      ledger.#reasonsOf(reason.property).set(reason.code, { ...reason });
    }
    ledger.#details = details && [...details];
    return ledger;
  }

  get state(): LedgerState {
    return { counts: this.counts, reasons: this.reasons, details: this.details };
  }

  get counts(): Counts {
    return { ...this.#counts };
  }

  /** Most frequent first; then by property and code. */
  get reasons(): readonly Reason[] {
    const all = [...this.#reasons.values()].flatMap((reasons) => [...reasons.values()]);
    return all.map((reason) => ({ ...reason })).sort((a, b) => b.count - a.count || (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** Each record, if there are at most a hundred. */
  get details(): readonly Entry[] | undefined {
    return this.#details;
  }

  /** Whether the load would still be reported record by record with so many more. */
  isDetailed(more: number): boolean {
    return this.#details !== undefined && this.#counts.read + more <= DETAILED_RECORDS;
  }

  /**
   * @param outcomes the outcomes of a batch of records
   * @param entries all of its records while they are reported one by one, else only the rejected ones
   * @param lines the lines of the batch
   */
  add(outcomes: readonly Outcome[], entries: readonly Entry[], lines: LineSpan): void {
    this.#details = this.isDetailed(outcomes.length) ? this.#details?.concat(entries) : undefined;
    this.#counts.read += outcomes.length;
    for (const outcome of outcomes) {
      this.#counts[outcome]++;
    }
    for (const { errors } of entries) {
      this.#countReasons(errors, lines);
    }
  }

  /** Rejects a record that was accepted before. */
  reject(before: Outcome, rejected: Entry): void {
    this.#counts[before]--;
    this.#counts.rejected++;
    this.#countReasons(rejected.errors);
    this.#details = this.#details?.map((entry) => (entry.number === rejected.number ? rejected : entry));
  }

  #countReasons(errors: readonly RecordError[], lines?: LineSpan): void {
    for (const { property, code, message } of errors) {
      const reasons = this.#reasonsOf(property);
      let reason = reasons.get(code);
      if (reason === undefined) {
        reason = { property, code, count: 0, message, same: true };
        reasons.set(code, reason);
      }
      reason.count++;
      reason.same &&= reason.message === message;
      if (lines && code === REFUSED) {
        reason.lines = spanning(reason.lines ?? lines, lines);
      }
    }
  }

  #reasonsOf(property: string | null): Map<string, Changing<Reason>> {
    let reasons = this.#reasons.get(property);
    if (reasons === undefined) {
      reasons = new Map();
      this.#reasons.set(property, reasons);
    }
    return reasons;
  }
}

function keyOf({ property, code }: Pick<Reason, 'property' | 'code'>): string {
  return `${property ?? ''} ${code}`;
}
