/** The command line: parses, calls, prints, and turns what was thrown into a sentence and an exit code. */
import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { version } from '../databases/project.ts';
import { MeridianError, messageOf } from '../errors.ts';
import { addCompareCommand } from './compare.command.ts';
import { addComponentsCommands } from './components.command.ts';
import { addDeadLettersCommand } from './dead-letters.command.ts';
import { addDocumentsCommands } from './documents.command.ts';
import { exitCodeFor, FAILED, WRONG_USAGE } from './exit-code.ts';
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
import { printableLines } from './terminal.ts';
import { addTransportCommand } from './transport.command.ts';
import { addVerifyCommand } from './verify.command.ts';

const program = new Command('meridian')
  .description(
    'Loads several databases at once, keeps every record valid and the references between databases true; lets regions trade ' +
      'while cut off, and brings a central database into agreement afterwards.',
  )
  .version(version, '--version', 'print the version')
  .showSuggestionAfterError()
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

// whoever was reading has left (as head does): that ends the telling, not the work
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && stream === process.stdout) {
      process.stderr.write(`Error: standard output cannot be written: ${error.message}.\n`);
    }
    process.exitCode ||= error.code === 'EPIPE' ? 0 : FAILED;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = complain(error);
}

function complain(error: unknown): number {
  if (error instanceof CommanderError) {
    // it has printed its own message; asking for help is no error
    return error.exitCode === 0 ? 0 : WRONG_USAGE;
  }
  const isExpected = error instanceof MeridianError;
  const isVerbose = process.argv.includes('--verbose');
  process.stderr.write(`Error: ${printableLines(messageOf(error))}\n`);
  if (isVerbose) {
    process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
  } else if (!isExpected) {
    process.stderr.write('This was not foreseen. Run the same command with --verbose to see where it happened.\n');
  }
  if (process.argv.includes('--json')) {
    const code = isExpected ? error.code : 'unexpected';
    process.stdout.write(`${JSON.stringify({ error: messageOf(error), code })}\n`);
  }
  return exitCodeFor(error);
}
