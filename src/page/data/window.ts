/** Which rows of a long table are drawn: those that are seen, and some around them. */

/** Below it, all are drawn. */
export const ALL_ROWS = 200;

/** Rows that are drawn above and below those that are seen. */
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
