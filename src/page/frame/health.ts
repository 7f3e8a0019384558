/** How something is: one of these words, wherever a state is shown. */
export type Health = 'well' | 'behind' | 'failing' | 'missing' | 'unknown';

const MARKS: Readonly<Record<Health, string>> = { well: '●', behind: '◐', failing: '▲', missing: '○', unknown: '?' };

export function healthMark(health: Health): string {
  return MARKS[health];
}
