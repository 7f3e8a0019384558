/** Time series of figures, from the received states. */

/** A state with the time of its receipt, in milliseconds of the page's clock. */
export interface Received {
  readonly at: number;
  readonly value: unknown;
}

/** A figure, which is valid until the next one; `null` if it is unknown. */
export interface Point {
  readonly at: number;
  readonly value: number | null;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The longest period of a chart. */
const MAX_SPAN_MILLISECONDS = 10 * 60 * 1000;

/** The shortest period of a chart; a shorter one would show noise. */
const MIN_SPAN_MILLISECONDS = 30 * 1000;

export function pointsOf(history: readonly Received[], figure: (value: unknown) => number | null): readonly Point[] {
  return history.map(({ at, value }) => ({ at, value: figure(value) }));
}

/** The period from the first point, or a later start if that is long ago, to now. */
export function spanOf(points: readonly Point[], now: number): Span {
  const first = points[0]?.at ?? now;
  const from = Math.max(Math.min(first, now - MIN_SPAN_MILLISECONDS), now - MAX_SPAN_MILLISECONDS);
  return { from, to: Math.max(now, from + 1) };
}

/** The growth rate of a count in each of `parts` equal parts of a span; `null` if it is unknown, or the count has restarted. */
export function ratesOf(
  points: readonly Point[],
  span: Span,
  parts: number,
  perMilliseconds: number,
): readonly Point[] {
  const step = (span.to - span.from) / parts;
  return Array.from({ length: parts }, (_, index) => {
    const at = span.from + index * step;
    const [before, after] = [valueAtTime(points, at), valueAtTime(points, at + step)];
    const grown = before === null || after === null ? null : after - before;
    return { at, value: grown === null || grown < 0 ? null : (grown / step) * perMilliseconds };
  });
}

/** The value at a time; `null` before the first point. */
function valueAtTime(points: readonly Point[], at: number): number | null {
  return points.findLast((point) => point.at <= at)?.value ?? null;
}

/** The lines of a chart, as points of SVG polylines. There are several lines if values in between are unknown. */
export function linesOf(
  points: readonly Point[],
  { from, to }: Span,
  { width, height, most = mostOf(points) }: { readonly width: number; readonly height: number; readonly most?: number },
): readonly string[] {
  const x = (at: number) => rounded((Math.min(Math.max(at, from), to) - from) * (width / (to - from)));
  const y = (value: number) => rounded(height - (value / Math.max(most, 1)) * height);
  const lines: string[] = [];
  let line: string[] = [];
  points.forEach(({ at, value }, index) => {
    const end = points[index + 1]?.at ?? to;
    if (value === null) {
      lines.push(line.join(' '));
      line = [];
    } else if (end >= from) {
      line.push(`${x(at)},${y(value)}`, `${x(end)},${y(value)}`);
    }
  });
  return [...lines, line.join(' ')].filter((text) => text !== '');
}

export function mostOf(points: readonly Point[]): number {
  return Math.max(0, ...points.map(({ value }) => value ?? 0));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
