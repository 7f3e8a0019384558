/** The program that all commands belong to, for the command line and for the menu. */
import { Command, Help } from 'commander';
import { version } from '../shared/project.ts';
import { addCompareCommand } from '../shop/cli/compare.command.ts';
import { addComponentsCommands } from '../shop/cli/components.command.ts';
import { addDeadLettersCommand } from '../shop/cli/dead-letters.command.ts';
import { addDemoCommand } from '../shop/cli/demo.command.ts';
import { addDocumentsCommands } from '../shop/cli/documents.command.ts';
import { addOrderCommands } from '../shop/cli/order.command.ts';
import { addRegionsCommand } from '../shop/cli/regions.command.ts';
import { addRelayCommand } from '../shop/cli/relay.command.ts';
import { addReportCommand } from '../shop/cli/report.command.ts';
import { addResendCommands } from '../shop/cli/resend.command.ts';
import { addStockCommands } from '../shop/cli/stock.command.ts';
import { addSyncCommand } from '../shop/cli/sync.command.ts';
import { addTransportCommand } from '../shop/cli/transport.command.ts';
import { addGenerateCommand } from './commands/generate.command.ts';
import { addMigrateCommands } from './commands/migrate.command.ts';
import { addPopulateCommand } from './commands/populate.command.ts';
import { addRunsCommand } from './commands/runs.command.ts';
import { addVerifyCommand } from './commands/verify.command.ts';
import { refuseDroppedValues } from './options/dropped-values.ts';
import { usageError } from './options/usage-error.ts';

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
