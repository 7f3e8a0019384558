/** Commands that documentation and menu speak of already. Whoever brings them takes them out, and what is said of them is checked. */
export const AWAITED: readonly string[] = ['components', 'documents', 'transport', 'relay run', 'central run'];

export function isAwaited(words: readonly string[]): boolean {
  return AWAITED.some((command) => `${words.join(' ')} `.startsWith(`${command} `));
}
