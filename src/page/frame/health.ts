/** The health of a component, in the same words on all screens. */
export type Health = 'well' | 'behind' | 'failing' | 'missing' | 'unknown';

const MARKS: Readonly<Record<Health, string>> = { well: '●', behind: '◐', failing: '▲', missing: '○', unknown: '?' };

export function healthMark(health: Health): string {
  return MARKS[health];
}
