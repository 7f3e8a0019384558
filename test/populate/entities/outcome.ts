/** What a load made of its records. */
import type { DatabaseReport } from '../../../src/populate/report.ts';

interface Outcome {
  readonly failure: string | undefined;
  readonly inserted: number | undefined;
  readonly updated: number | undefined;
  readonly unchanged: number | undefined;
  /** The messages of its rejected records, sorted. */
  readonly reasons: readonly string[] | undefined;
}

export function outcome(report: DatabaseReport | undefined): Outcome {
  return {
    failure: report?.failure?.message,
    inserted: report?.inserted,
    updated: report?.updated,
    unchanged: report?.unchanged,
    reasons: report?.reasons.map(({ message }) => message).sort(),
  };
}

export function loaded(inserted: number, updated: number, unchanged: number, ...reasons: string[]): Outcome {
  return { failure: undefined, inserted, updated, unchanged, reasons: reasons.sort() };
}
