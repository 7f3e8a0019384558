/** Options that mean the same in many commands. */
import type { Command } from 'commander';

/** @param json the kind of value that --json prints, such as an array */
export function withOutputOptions(command: Command, json = 'value'): Command {
  return command
    .option('--json', `print one JSON ${json} on standard output, all else on standard error`)
    .option('--quiet', 'print nothing but errors (and the JSON)')
    .option('--verbose', 'print the stack trace of an error');
}
