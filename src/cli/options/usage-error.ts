/** The message for a command line that commander rejects. */
import { printable } from '../output/printable.ts';

const MAX_SHOWN = 60;
const MAX_MESSAGE = 1000;

/** The text before and after an argument that commander quotes: the first occurrence of one, and the last of the other. */
const QUOTES = [
  ["error: unknown command '", "'"],
  ["error: unknown option '", "'"],
  [" argument '", "' is invalid"],
  ["error: command-argument value '", "' is invalid"],
] as const;

const SUGGESTION = '\n(Did you mean ';

/**
 * The message on one line, whatever the command line contains, and suggestions on a second line. A long argument is shortened, so that the
 * reason after it stays visible. For an unknown command, a hint follows.
 */
export function usageError(message: string): string {
  const end = message.lastIndexOf(SUGGESTION);
  const said = end < 0 ? message.trimEnd() : message.slice(0, end);
  const suggestion = end < 0 ? '' : `\n${printable(message.slice(end).trim())}`;
  const hint = said.startsWith('error: unknown command') ? '(npx meridian --help lists the commands)\n' : '';
  return `${printable(shortened(said), MAX_MESSAGE)}${suggestion}\n${hint}`;
}

function shortened(message: string): string {
  for (const [before, after] of QUOTES) {
    const start = message.indexOf(before) + before.length;
    const end = message.lastIndexOf(after);
    if (start >= before.length && end >= start) {
      return message.slice(0, start) + printable(message.slice(start, end), MAX_SHOWN) + message.slice(end);
    }
  }
  return message;
}
