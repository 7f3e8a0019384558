/** The exports for module screens: `showPage`, requests and live states, and the components of screens. */
export { type ApiError, ask, parsed, withQuery } from './frame/api.ts';
export { Sparkline, TimeChart } from './frame/charts.tsx';
export { useFrame, useLive, useMayWrite } from './frame/context.ts';
export {
  Command,
  Confirmation,
  Confirmed,
  Empty,
  Figure,
  HealthMark,
  Problem,
  Right,
  rights,
  Table,
  Waiting,
} from './frame/parts.tsx';
export { hashOf } from './frame/place.ts';
export { ratesOf, spanOf } from './frame/series.ts';
export { countOf, formatCount, formatInstant, formatSeconds, groupedDigits, shellWord, textOf } from './frame/text.ts';
export { asApiError, useAction, useAnswer } from './frame/use-answer.ts';
export { showPage } from './index.tsx';
export { summaryOf } from './overview/database-health.ts';
export { addToOverview, type OverviewPart } from './overview/overview.tsx';
