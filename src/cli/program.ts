/** The program with all commands, for the command line and the menu. */
import process from 'node:process';
import { Command, Help } from 'commander';
import type { CommandDeclaration, Project } from '../config/module.ts';
import { version } from '../shared/project.ts';
import { toolCommands } from './commands.ts';
import { CONFIG_OPTION } from './options/config.option.ts';
import { refuseDroppedValues } from './options/dropped-values.ts';
import { usageError } from './options/usage-error.ts';
import { coloured } from './output/colour.ts';

/**
 * Returns a new program each time, because a program keeps the values that it has parsed.
 *
 * @param args the arguments after `meridian`: only commands that are named there are imported, and the others are only listed (default: all
 *   are imported)
 */
export async function buildProgram(project: Project, args?: readonly string[]): Promise<Command> {
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
  const { modules } = project;
  for (const declared of [...toolCommands(project), ...modules.flatMap(({ commands = [] }) => commands)]) {
    await addCommand(program, declared, args);
  }
  for (const module of modules) {
    module.addCommands?.(program);
  }
  refuseDroppedValues(program);
  return program;
}

async function addCommand(
  program: Command,
  { usage, summary, define }: CommandDeclaration,
  args: readonly string[] | undefined,
): Promise<void> {
  const [name = ''] = usage.split(' ');
  if (args === undefined || args.includes(name)) {
    await define(program.command(name).summary(summary));
  } else {
    program.command(usage).summary(summary);
  }
}

/** The usage without `[options]`, which all commands have, so that the summaries fit into 80 columns. */
function subcommandTerm(command: Command): string {
  return new Help().subcommandTerm(command).replace(' [options]', '');
}
