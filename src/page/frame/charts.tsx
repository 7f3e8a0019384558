/** Charts of figures over time. */
import { useFrame } from './context.ts';
import { linesOf, mostOf, type Point, spanOf } from './series.ts';
import { formatSeconds } from './text.ts';

const WIDTH = 96;
const HEIGHT = 18;

/** A line chart without axes. @param label the description for screen readers */
export function Sparkline({ points, label }: { readonly points: readonly Point[]; readonly label: string }) {
  const { now } = useFrame();
  if (points.every(({ value }) => value === null)) {
    return <span class="quiet">unknown</span>;
  }
  return (
    <svg class="sparkline" viewBox={`-1 -1 ${WIDTH + 2} ${HEIGHT + 2}`} role="img" aria-label={label}>
      <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      {linesOf(points, spanOf(points, now), { width: WIDTH, height: HEIGHT }).map((line) => (
        <polyline key={line} points={line} />
      ))}
    </svg>
  );
}

interface TimeChartProps {
  readonly title: string;
  readonly points: readonly Point[];
  format(value: number): string;
}

const CHART_WIDTH = 320;
const CHART_HEIGHT = 72;

/** A line chart with its maximum, its last value, and the period that it covers. */
export function TimeChart({ title, points, format }: TimeChartProps) {
  const { now } = useFrame();
  const span = spanOf(points, now);
  const most = mostOf(points);
  const last = points.at(-1)?.value ?? null;
  const shown = last === null ? 'unknown' : format(last);
  const greatest = points.every(({ value }) => value === null) ? 'unknown' : `at most ${format(most)}`;
  return (
    <figure class="chart">
      <figcaption>
        <span>{title}</span> <strong>{shown}</strong>
      </figcaption>
      <svg
        viewBox={`0 -2 ${CHART_WIDTH} ${CHART_HEIGHT + 4}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${shown} now, ${greatest} since the page was opened`}
      >
        <line x1="0" x2={CHART_WIDTH} y1={CHART_HEIGHT} y2={CHART_HEIGHT} />
        {linesOf(points, span, { width: CHART_WIDTH, height: CHART_HEIGHT, most }).map((line) => (
          <polyline key={line} points={line} />
        ))}
      </svg>
      <p class="axis">
        <span>{formatSeconds(Math.round((span.to - span.from) / 1000))} ago</span>
        <span>{greatest}</span>
        <span>now</span>
      </p>
    </figure>
  );
}
