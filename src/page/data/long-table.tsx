/** A virtualized table: only the visible rows are rendered. Its header stays visible while scrolling. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ALL_ROWS, windowOf } from './window.ts';

interface Props {
  readonly label: string;
  readonly head: readonly { readonly key: string; readonly content: ComponentChildren; readonly isFigure: boolean }[];
  readonly count: number;
  /** The total number of rows, if it is known. */
  readonly total: number | undefined;
  /** The cells of a row. */
  row(index: number): { readonly key: string; readonly cells: ComponentChildren };
  /** Called when the end of the rows becomes visible. */
  onEnd?(): void;
}

const ROW_HEIGHT = 31;

/** The distance from the end at which more rows are requested. */
const END_PIXELS = 1500;

export function LongTable({ label, head, count, total, row, onEnd }: Props) {
  const frame = useRef<HTMLElement>(null);
  const [view, setView] = useState({ scrollTop: 0, height: 800, rowHeight: ROW_HEIGHT });
  const { from, to } = windowOf(count, view);
  const look = () => {
    const { current } = frame;
    if (current !== null) {
      const rowHeight = current.querySelector<HTMLElement>('tbody tr[aria-rowindex]')?.offsetHeight ?? view.rowHeight;
      const next = { scrollTop: current.scrollTop, height: current.clientHeight, rowHeight };
      if (windowOf(count, next).from !== from || windowOf(count, next).to !== to || rowHeight !== view.rowHeight) {
        setView(next);
      }
      if (current.scrollHeight - current.scrollTop - current.clientHeight < END_PIXELS) {
        onEnd?.();
      }
    }
  };
  // the end of the first rows may be visible already
  useLayoutEffect(look, [count]);
  useLayoutEffect(() => {
    if (count > ALL_ROWS) {
      keepWidths(frame.current);
    }
  });
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable section must be reachable with the keyboard
    <section class="scroll long" aria-label={label} tabIndex={0} ref={frame} onScroll={look}>
      <table aria-rowcount={total === undefined ? -1 : total + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {head.map(({ key, content, isFigure }) => (
              <th scope="col" key={key} class={isFigure ? 'figure' : undefined}>
                {content}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Space rows={from} height={view.rowHeight} columns={head.length} />
          {indexes.map((index) => {
            const { key, cells } = row(index);
            return (
              <tr key={key} aria-rowindex={index + 2}>
                {cells}
              </tr>
            );
          })}
          <Space rows={count - to} height={view.rowHeight} columns={head.length} />
        </tbody>
      </table>
    </section>
  );
}

/** A placeholder with the height of the rows that are not rendered. */
function Space({
  rows,
  height,
  columns,
}: {
  readonly rows: number;
  readonly height: number;
  readonly columns: number;
}) {
  return rows === 0 ? null : (
    <tr class="space">
      <td colSpan={columns} style={{ height: `${rows * height}px` }} />
    </tr>
  );
}

/** Lets columns only grow, so that they do not move while scrolling. */
function keepWidths(frame: HTMLElement | null): void {
  for (const cell of frame?.querySelectorAll<HTMLElement>('thead th') ?? []) {
    const width = Math.max(cell.offsetWidth, Number.parseFloat(cell.style.minWidth) || 0);
    cell.style.minWidth = `${width}px`;
  }
}
