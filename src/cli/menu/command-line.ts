/** Formats a command line for display. */

/** Text that needs no quotes in a shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * Quoted for a POSIX shell, so that it can be copied:
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02
 */
export function commandLine(args: readonly string[]): string {
  return ['npx', 'meridian', ...args.map(quote)].join(' ');
}

function quote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
