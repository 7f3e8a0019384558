/** `meridian rejects show` */
import type { Project } from '../../../config/module.ts';
import { RunStore } from '../../../loads/run-store.ts';
import { shapeOf } from '../../../populate/record/shape.ts';
import { groupRejects, type RejectGroup } from '../../../populate/rejects/group-rejects.ts';
import { valueText } from '../../../populate/rejects/limit-report.ts';
import { valueFinder } from '../../../populate/rejects/rejected-value.ts';
import { countOf, formatNumber } from '../../output/format.ts';
import { printable } from '../../output/printable.ts';
import { renderTable } from '../../output/table.ts';
import { Output, type OutputOptions } from '../../output/terminal.ts';
import { inTables, keptRun, tablesOfRun } from './kept-run.ts';

interface Options extends OutputOptions {
  readonly table?: string;
  readonly examples: number;
}

export async function showRejects(project: Project, given: string | undefined, options: Options): Promise<number> {
  const output = new Output(options);
  const run = await keptRun(project, given);
  if (run === undefined) {
    output.say('No run has rejects.');
    output.json({ run: null, tables: {} });
    return 0;
  }
  const kept = tablesOfRun(run, options.table);
  const groups = new Map(
    await inTables(
      project,
      async (table) => {
        const shape = shapeOf(table.metadata, table.database.engine.storage, table.uniqueKeys);
        const rejects = new RunStore(table).rejects(table.database.fork(), run.id);
        return [table.name, await groupRejects(rejects, valueFinder(shape), options.examples)] as const;
      },
      kept.map(({ table }) => table),
    ),
  );
  output.say(`Run ${run.id}`);
  for (const { table, source, rejects } of kept) {
    output.say(`${table}: ${countOf(rejects, 'record')} of ${printable(source)} rejected`);
    output.say(
      renderTable(['times', 'property', 'because', 'where', 'value'], rowsOf(groups.get(table) ?? [], source)),
    );
  }
  output.say(`To load them again: npx meridian rejects retry ${run.id}`);
  output.json({
    run: run.id,
    startedAt: run.startedAt,
    tables: Object.fromEntries(
      kept.map(({ table, source, state, rejects }) => [
        table,
        { source, state, rejects, reasons: groups.get(table) ?? [] },
      ]),
    ),
  });
  return 0;
}

/** One row per example; the values that all of them share are only in the first. */
function rowsOf(groups: readonly RejectGroup[], source: string): string[][] {
  return groups.flatMap(({ property, count, examples }) =>
    examples.map(({ file, line, value, message }, index) => [
      index === 0 ? formatNumber(count) : '',
      index === 0 ? (property ?? '') : '',
      printable(message),
      printable(`${file ?? source}, line ${line}`),
      printable(valueText(value)),
    ]),
  );
}
