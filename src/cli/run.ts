/** Runs one command, and converts errors to a message and an exit code. */
import process from 'node:process';
import { CommanderError } from 'commander';
import type { Project } from '../config/module.ts';
import { type ErrorCode, MeridianError, messageOf } from '../shared/errors.ts';
import { usageError } from './options/usage-error.ts';
import { FAILED, WRONG_USAGE } from './output/exit-code.ts';
import { beginResult, keepResult, printResult } from './output/json-result.ts';
import { printableLines } from './output/printable.ts';
import { print } from './output/terminal.ts';
import { buildProgram } from './program.ts';

/** Commander's code for a group of commands without a subcommand: it prints the help of the group. */
const HELP_INSTEAD = 'commander.help';

/**
 * @param args the arguments after `meridian`
 * @returns the exit code, which commands leave in `process.exitCode`
 */
export async function run(args: readonly string[], project: Project): Promise<number> {
  beginResult();
  try {
    await (await buildProgram(project, args)).parseAsync([...args], { from: 'user' });
    printResult();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return complain(error, args);
  }
}

/** @returns the exit code */
export function complain(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) {
    // requesting help is not an error
    return 0;
  }
  const failure = error instanceof CommanderError ? usageFailure(error) : failureOf(error);
  // commander has printed its own message
  if (!(error instanceof CommanderError)) {
    print(process.stderr, `Error: ${printableLines(failure.error)}`, 'error');
    if (args.includes('--verbose')) {
      print(process.stderr, error instanceof Error ? (error.stack ?? '') : '');
    } else if (!(error instanceof MeridianError)) {
      print(
        process.stderr,
        'This error was not expected. Run the same command with --verbose to see where it occurred.',
      );
    }
  }
  if (args.includes('--json')) {
    keepResult(failure);
    printResult();
  }
  return failure.code === 'usage' ? WRONG_USAGE : FAILED;
}

/** The JSON output for an error. */
interface Failure {
  readonly error: string;
  readonly code: ErrorCode | 'unexpected';
}

function failureOf(error: unknown): Failure {
  return { error: messageOf(error), code: error instanceof MeridianError ? error.code : 'unexpected' };
}

function usageFailure({ code, message }: CommanderError): Failure {
  const error =
    code === HELP_INSTEAD
      ? 'A command is missing. Run with --help instead of --json to list the commands.'
      : usageError(message)
          .replace(/^error: /, '')
          .trimEnd();
  return { error, code: 'usage' };
}
