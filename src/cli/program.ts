/** The program that all commands belong to, for the command line and for the menu. */
import { Command, Help } from 'commander';
import { version } from '../databases/project.ts';
import { addCompareCommand } from './compare.command.ts';
import { addComponentsCommands } from './components.command.ts';
import { addDeadLettersCommand } from './dead-letters.command.ts';
import { addDemoCommand } from './demo.command.ts';
import { addDocumentsCommands } from './documents.command.ts';
import { refuseDroppedValues } from './dropped-values.ts';
import { addGenerateCommand } from './generate.command.ts';
import { addMigrateCommands } from './migrate.command.ts';
import { addOrderCommands } from './order.command.ts';
import { addPopulateCommand } from './populate.command.ts';
import { addRegionsCommand } from './regions.command.ts';
import { addRelayCommand } from './relay.command.ts';
import { addReportCommand } from './report.command.ts';
import { addResendCommands } from './resend.command.ts';
import { addRunsCommand } from './runs.command.ts';
import { addStockCommands } from './stock.command.ts';
import { addSyncCommand } from './sync.command.ts';
import { addTransportCommand } from './transport.command.ts';
import { usageError } from './usage-error.ts';
import { addVerifyCommand } from './verify.command.ts';

/** A new one each time, for a program remembers what it has parsed. */
export function buildProgram(): Command {
  const program = new Command('meridian')
    .description(
      'Loads several databases at once, keeps every record valid and the references between databases true; lets regions trade ' +
        'while cut off, and brings a central database into agreement afterwards. Without a command, in a terminal, it opens a menu.',
    )
    .version(version, '--version', 'print the version')
    .showSuggestionAfterError()
    .configureHelp({ subcommandTerm })
    .configureOutput({ outputError: (message, write) => write(usageError(message)) })
    .exitOverride();
  addPopulateCommand(program);
  addVerifyCommand(program);
  addMigrateCommands(program);
  addRunsCommand(program);
  addGenerateCommand(program);
  addRegionsCommand(program);
  addSyncCommand(program);
  addRelayCommand(program);
  addTransportCommand(program);
  addDeadLettersCommand(program);
  addCompareCommand(program);
  addResendCommands(program);
  addReportCommand(program);
  addStockCommands(program);
  addOrderCommands(program);
  addDocumentsCommands(program);
  addComponentsCommands(program);
  addDemoCommand(program);
  refuseDroppedValues(program);
  return program;
}

/** Without `[options]`, which all of them have: what they are for then fits into a terminal of 80 columns. */
function subcommandTerm(command: Command): string {
  return new Help().subcommandTerm(command).replace(' [options]', '');
}
