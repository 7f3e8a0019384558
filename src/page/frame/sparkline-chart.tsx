import { sparkline } from './sparkline.ts';

const WIDTH = 96;
const HEIGHT = 18;

/** @param label says what the line shows, and its newest value, for those who do not see it */
export function Sparkline({ values, label }: { readonly values: readonly (number | null)[]; readonly label: string }) {
  if (values.length < 2) {
    return <span class="quiet">—</span>;
  }
  return (
    <svg class="sparkline" viewBox={`-1 -1 ${WIDTH + 2} ${HEIGHT + 2}`} role="img" aria-label={label}>
      {sparkline(values, WIDTH, HEIGHT).map((points) => (
        <polyline key={points} points={points} />
      ))}
    </svg>
  );
}
