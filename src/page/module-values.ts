/** The exports for the logic of module screens, which do not need a browser. */
export { ask } from './frame/api.ts';
export { type Point, pointsOf, type Received } from './frame/series.ts';
export { countOf, formatCount, formatSeconds, groupedDigits } from './frame/text.ts';
export type { Verdict } from './overview/database-health.ts';
