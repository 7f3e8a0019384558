/** `meridian check` */
import process from 'node:process';
import type { Command } from 'commander';
import { checkProject, type Problem } from '../../config/check/check-project.ts';
import type { Project } from '../../config/module.ts';
import { displayPath } from '../../database/location.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { FAILED } from '../output/exit-code.ts';
import { renderTable } from '../output/table.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';

export function defineCheckCommand(command: Command, project: Project): void {
  withOutputOptions(
    command.description(
      'Reads the entities of the config and connects to nothing: says which of them can be loaded; which property cannot, why, and in which ' +
        'file and line; and which references, natural keys and samples lead to nothing. Exits 1 if there is a problem.',
    ),
    'object',
  ).action(async (options: OutputOptions) => {
    process.exitCode = await run(options, project);
  });
}

async function run(options: OutputOptions, project: Project): Promise<number> {
  const output = new Output(options);
  const entities = await checkProject(project);
  output.say(
    renderTable(
      ['database', 'entity', 'class', 'loadable'],
      entities.map((one) => [one.database, one.entity, one.class, one.loadable ? 'yes' : 'no']),
    ),
  );
  const problems = entities.flatMap((one) => one.problems);
  // all entities of a database that MikroORM does not accept have the same problem
  for (const line of new Set(problems.map(lineOf))) {
    output.complain(line, 'error');
  }
  output.json({ entities });
  return problems.length === 0 ? 0 : FAILED;
}

/** `src/customer.entity.ts:12: Customer.tags is of type …` */
function lineOf({ file, line, message }: Problem): string {
  const place = file === undefined ? '' : `${displayPath(file)}${line === undefined ? '' : `:${line}`}: `;
  return `${place}${message}`;
}
