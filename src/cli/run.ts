/** Runs one command, and turns what was thrown into a sentence and an exit code. */
import process from 'node:process';
import { CommanderError } from 'commander';
import { MeridianError, messageOf } from '../errors.ts';
import { exitCodeFor, WRONG_USAGE } from './exit-code.ts';
import { buildProgram } from './program.ts';
import { printableLines } from './terminal.ts';

/**
 * @param args what stands after `meridian`
 * @returns the exit code, which commands leave in `process.exitCode`
 */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return complain(error, args);
  }
}

/** @returns the exit code */
export function complain(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError) {
    // it has printed its own message; asking for help is no error
    return error.exitCode === 0 ? 0 : WRONG_USAGE;
  }
  const isExpected = error instanceof MeridianError;
  process.stderr.write(`Error: ${printableLines(messageOf(error))}\n`);
  if (args.includes('--verbose')) {
    process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
  } else if (!isExpected) {
    process.stderr.write('This was not foreseen. Run the same command with --verbose to see where it happened.\n');
  }
  if (args.includes('--json')) {
    const code = isExpected ? error.code : 'unexpected';
    process.stdout.write(`${JSON.stringify({ error: messageOf(error), code })}\n`);
  }
  return exitCodeFor(error);
}
