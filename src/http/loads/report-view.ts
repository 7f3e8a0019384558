/** The JSON report of a load. */
import { type DatabaseReport, isSuccess, type PopulateReport } from '../../populate/report.ts';

/** The requested mode of a load. */
export interface LoadMode {
  readonly isDryRun: boolean;
  /** Whether a rejected record makes the load a failure. */
  readonly isStrict: boolean;
}

export function reportView(report: PopulateReport, { isDryRun, isStrict }: LoadMode): Record<string, unknown> {
  const { databases, seconds, interrupted, reverted, exceeded, skipped } = report;
  return {
    dryRun: isDryRun,
    succeeded: isSuccess(report, isStrict),
    interrupted,
    seconds,
    tables: Object.fromEntries(Object.entries(databases).map(([name, one]) => [name, tableView(one)])),
    ...(skipped === undefined ? {} : { skipped }),
    ...(reverted === undefined ? {} : { reverted: reverted.message }),
    ...(exceeded === undefined ? {} : { maxRejects: { ...exceeded, error: exceeded.error.message } }),
  };
}

function tableView({
  details: _,
  rejectsFile: _file,
  earlierRejectsFile: _earlier,
  failure,
  refused,
  isUnfinished,
  ...counts
}: DatabaseReport): Record<string, unknown> {
  const errors = [failure, refused].flatMap((error) => error?.message ?? []);
  return { ...counts, isUnfinished, error: errors.length === 0 ? null : errors.join('\n') };
}
