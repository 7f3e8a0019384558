/** `meridian rejects list` */
import type { Project } from '../../../config/module.ts';
import { formatInstant } from '../../../shared/time/format-instant.ts';
import { printable } from '../../output/printable.ts';
import { renderTable } from '../../output/table.ts';
import { Output, type OutputOptions } from '../../output/terminal.ts';
import { keptRuns } from './kept-run.ts';

interface Options extends OutputOptions {
  readonly limit: number;
}

export async function listRejects(project: Project, options: Options): Promise<number> {
  const output = new Output(options);
  const runs = (await keptRuns(project)).slice(0, options.limit);
  if (runs.length === 0) {
    output.say('No run has rejects.');
  } else {
    const rows = runs.flatMap(({ id, tables }) =>
      tables.map(({ table, startedAt, state, rejects, source }) => [
        id,
        table,
        formatInstant(startedAt),
        state,
        rejects,
        printable(source),
      ]),
    );
    output.say(renderTable(['run', 'table', 'started', 'state', 'rejects', 'source'], rows));
    output.say('To see why: npx meridian rejects show. To load them again: npx meridian rejects retry.');
  }
  output.json(
    runs.map(({ id, startedAt, tables }) => ({
      run: id,
      startedAt,
      tables: tables.map(({ run: _, content: __, ...one }) => one),
    })),
  );
  return 0;
}
