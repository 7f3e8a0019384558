/** What a load did, as JSON. */
import type { DatabaseReport, PopulateReport } from '../../populate/report.ts';

export function reportView(report: PopulateReport, isDryRun: boolean): Record<string, unknown> {
  const { databases, seconds, interrupted, reverted, exceeded } = report;
  return {
    dryRun: isDryRun,
    interrupted,
    seconds,
    tables: Object.fromEntries(Object.entries(databases).map(([name, one]) => [name, tableView(one)])),
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
