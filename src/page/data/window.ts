/** The window of a long table: the rows that are rendered, which are the visible ones and some around them. */

/** Tables with fewer rows are rendered completely. */
export const ALL_ROWS = 200;

/** Rendered rows above and below the visible ones. */
const AROUND = 20;

export interface View {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

export function windowOf(count: number, { scrollTop, height, rowHeight }: View): Window {
  if (count <= ALL_ROWS) {
    return { from: 0, to: count };
  }
  const first = Math.floor(scrollTop / rowHeight);
  const from = Math.max(0, Math.min(first, count) - AROUND);
  return { from, to: Math.min(count, first + Math.ceil(height / rowHeight) + AROUND) };
}
