/** The program that all commands belong to, for the command line and for the menu. */
import process from 'node:process';
import { Command, Help } from 'commander';
import type { Project } from '../config/module.ts';
import { version } from '../shared/project.ts';
import { addCheckCommand } from './commands/check.command.ts';
import { addConfigCommand } from './commands/config.command.ts';
import { addCopyCommand } from './commands/copy.command.ts';
import { addExportCommand } from './commands/export.command.ts';
import { addGenerateCommand } from './commands/generate.command.ts';
import { addInitCommand } from './commands/init.command.ts';
import { addMigrateCommands } from './commands/migrate.command.ts';
import { addPopulateCommand } from './commands/populate.command.ts';
import { addQueryCommand } from './commands/query.command.ts';
import { addRejectsCommand } from './commands/rejects/rejects.command.ts';
import { addRunsCommand } from './commands/runs.command.ts';
import { addVerifyCommand } from './commands/verify.command.ts';
import { CONFIG_OPTION } from './options/config.option.ts';
import { refuseDroppedValues } from './options/dropped-values.ts';
import { usageError } from './options/usage-error.ts';
import { coloured } from './output/colour.ts';
import { generatorsOf } from './project.ts';

/** Returns a new program each time, because a program keeps the values it has parsed. */
export function buildProgram(project: Project): Command {
  const program = new Command('meridian')
    .description(
      'Loads several databases at once, keeps every record valid and the references between databases true, and ships changes ' +
        'from one database to another. Without a command, in a terminal, it opens a menu.',
    )
    .version(version, '--version', 'print the version')
    .addOption(CONFIG_OPTION)
    .showSuggestionAfterError()
    .configureHelp({ subcommandTerm })
    .configureOutput({ outputError: (message, write) => write(coloured(process.stderr, usageError(message), 'error')) })
    .exitOverride();
  addPopulateCommand(program, project);
  addVerifyCommand(program, project);
  addMigrateCommands(program, project);
  addRunsCommand(program, project);
  addRejectsCommand(program, project);
  addQueryCommand(program, project);
  addExportCommand(program, project);
  addCopyCommand(program, project);
  if (generatorsOf(project).length > 0) {
    addGenerateCommand(program, project);
  }
  addCheckCommand(program, project);
  addConfigCommand(program, project);
  addInitCommand(program);
  for (const module of project.modules) {
    module.addCommands?.(program);
  }
  refuseDroppedValues(program);
  return program;
}

/** Without `[options]`, which all commands have, so that the summaries fit into 80 columns. */
function subcommandTerm(command: Command): string {
  return new Help().subcommandTerm(command).replace(' [options]', '');
}
