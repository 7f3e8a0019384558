/** `meridian rejects retry` */
import type { Project } from '../../../config/module.ts';
import { isOpenState } from '../../../loads/plan-run.ts';
import { RunStore } from '../../../loads/run-store.ts';
import { type RetriedTable, retriedTable, retryOptions, tablesRetried } from '../../../populate/rejects/retry.ts';
import type { PopulateReport } from '../../../populate/report.ts';
import { MeridianError } from '../../../shared/errors.ts';
import { makeTemporaryFolder } from '../../../shared/files/temporary-folder.ts';
import { Output, type OutputOptions } from '../../output/terminal.ts';
import { populatedDatabases } from '../../project.ts';
import { loadPlan } from '../populate.command.ts';
import { inTables, type KeptRun, keptRuns, retriedBy, runMeant, tablesOfRun } from './kept-run.ts';

interface Options extends OutputOptions {
  readonly table?: string;
  readonly rejects: string;
  readonly log: string;
  readonly dryRun?: boolean;
}

export async function retryRejects(project: Project, given: string | undefined, options: Options): Promise<number> {
  const runs = await keptRuns(project);
  const meant = runMeant(runs, given);
  const retried = meant && isOpenRun(meant) ? retriedBy(meant, runs) : undefined;
  // the remaining rejects belong to the run that was retried; retrying that run continues this one
  const run = retried ?? meant;
  if (run === undefined) {
    const output = new Output(options);
    output.say('No run has rejects.');
    output.json({});
    return 0;
  }
  refuseOpen(run, options.table);
  const temporary = await makeTemporaryFolder('rejects');
  try {
    const tables = await retriedTables(project, run, options.table, temporary.path);
    const { onConflict, ...plan } = retryOptions(tables);
    const { report, exitCode } = await loadPlan({ ...options, onConflict }, project, {
      catalog: populatedDatabases(project),
      ...plan,
    });
    if (!options.dryRun) {
      await forget(project, run, report);
    }
    return exitCode;
  } finally {
    await temporary.remove();
  }
}

function isOpenRun({ tables }: KeptRun): boolean {
  return tables.some(({ state }) => isOpenState(state));
}

/** @throws MeridianError `usage` */
function refuseOpen(run: KeptRun, table: string | undefined): void {
  for (const { table: name, state } of tablesOfRun(run, table)) {
    if (isOpenState(state)) {
      throw new MeridianError(
        'usage',
        `${name}: the run ${run.id} was stopped before its end, and its command would continue it. Run that command again, or start it over with --restart.`,
      );
    }
    if (state === 'reverted') {
      throw new MeridianError(
        'usage',
        `${name}: nothing of the run ${run.id} was kept (--all-or-nothing), so its rejects alone would be a part of it. Correct its files, and load them again.`,
      );
    }
  }
}

function retriedTables(
  project: Project,
  run: KeptRun,
  only: string | undefined,
  directory: string,
): Promise<RetriedTable[]> {
  const kept = tablesOfRun(run, only);
  return inTables(
    project,
    async (table) => {
      const em = table.database.fork();
      const store = new RunStore(table);
      const row = await store.run(em, run.id);
      const retried = { run: run.id, table: table.name, source: row?.source ?? run.id };
      return retriedTable(retried, row?.settings ?? '{}', store.rejects(em, run.id), directory);
    },
    kept.map(({ table }) => table),
  );
}

/** Deletes the rejects of the retried run. Records that were rejected again are kept with the new run. */
async function forget(project: Project, run: KeptRun, report: PopulateReport): Promise<void> {
  await inTables(
    project,
    (table) => table.write(table.database.fork(), (em) => new RunStore(table).forgetRejects(em, run.id)),
    tablesRetried(report),
  );
}
