/** `meridian verify` */
import process from 'node:process';
import type { Command } from 'commander';
import type { Preparation, Project } from '../../config/module.ts';
import { verifyExisting } from '../../integrity/verify-existing.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { FAILED, worstOf } from '../output/exit-code.ts';
import { formatNumber } from '../output/format.ts';
import { printable } from '../output/printable.ts';
import { renderTable } from '../output/table.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';
import { entityNameOf, populatedDatabases } from '../project.ts';

export function defineVerifyCommand(command: Command, project: Project): void {
  const extensions = project.modules.flatMap(({ verify: extension = [] }) => extension);
  command.description(
    'Checks the rules on every stored row and the references between all databases that exist; exits 1 if something is wrong.',
  );
  for (const extension of extensions) {
    extension.addOptions(command);
  }
  withOutputOptions(command, 'object').action(async (options: OutputOptions) => {
    const output = new Output(options);
    const preparations: Preparation[] = [];
    for (const extension of extensions) {
      preparations.push(...[(await extension.prepare({ ...options }, output)) ?? []].flat());
    }
    const exitCode = await run(output, project, preparations);
    process.exitCode = worstOf([exitCode, ...preparations.map((one) => one.exitCode)]);
  });
}

async function run(output: Output, project: Project, preparations: readonly Preparation[]): Promise<number> {
  const verdicts = await verifyExisting(populatedDatabases(project));
  const rows = Object.entries(verdicts);
  for (const [name, { examples, violations }] of rows) {
    const isRegional = name.includes('.');
    for (const { entity = entityNameOf(project, name), id, errors } of examples) {
      // databases of one kind may hold rows with the same id
      const where = isRegional ? `${name}: ` : '';
      output.complain(
        printable(`${where}${entity} ${id}: ${errors.map(({ message }) => message).join('; ')}`),
        'error',
      );
    }
    if (violations > examples.length) {
      output.complain(`${name}: and ${formatNumber(violations - examples.length)} more`, 'error');
    }
  }
  output.say(
    renderTable(
      ['database', 'rows', 'wrong'],
      rows.map(([name, { rows, violations }]) => [name, rows, violations]),
    ),
  );
  output.json(Object.assign({ ...verdicts }, ...preparations.map(({ json }) => json)));
  return rows.every(([, { violations }]) => violations === 0) ? 0 : FAILED;
}
