/** What is said of a command line that commander refuses. */
import { printable } from './terminal.ts';

const MAX_SHOWN = 60;

const ARGUMENT = /(?<=(?:argument|value) ').*(?=' is invalid(?:\. | for ))/s;

/** A long argument is cut, so that the reason, which stands behind it, is seen; who knows no command is told where they are. */
export function usageError(message: string): string {
  const hint = message.startsWith('error: unknown command') ? '(npx meridian --help lists the commands)\n' : '';
  return message.replace(ARGUMENT, (argument) => printable(argument, MAX_SHOWN)) + hint;
}
