/** The line of a small chart without axes. */

/** The points of a polyline; a value that is not known leaves a gap, so there may be several lines. */
export function sparkline(values: readonly (number | null)[], width: number, height: number): readonly string[] {
  const known = values.filter((value) => value !== null);
  const most = Math.max(1, ...known);
  const step = values.length < 2 ? 0 : width / (values.length - 1);
  const lines: string[][] = [[]];
  values.forEach((value, index) => {
    if (value === null) {
      lines.push([]);
    } else {
      lines.at(-1)?.push(`${rounded(index * step)},${rounded(height - (value / most) * height)}`);
    }
  });
  return lines.filter((points) => points.length > 0).map((points) => points.join(' '));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
