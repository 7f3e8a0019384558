/** A table of any number of rows, of which only those are drawn that are seen. Its head stays while it is scrolled. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ALL_ROWS, windowOf } from './window.ts';

interface Props {
  readonly label: string;
  readonly head: readonly { readonly key: string; readonly content: ComponentChildren; readonly isFigure: boolean }[];
  readonly count: number;
  /** How many there are in all, where that is known. */
  readonly total: number | undefined;
  /** The cells of a row. */
  row(index: number): { readonly key: string; readonly cells: ComponentChildren };
  /** The end of what is there comes into sight. */
  onEnd?(): void;
}

const ROW_HEIGHT = 31;

/** So much before the end, more rows are asked for. */
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
  // the first rows may end in sight
  useLayoutEffect(look, [count]);
  useLayoutEffect(() => {
    if (count > ALL_ROWS) {
      keepWidths(frame.current);
    }
  });
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
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

/** In place of rows that are not drawn. */
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

/** Columns only grow, so that a table does not move sideways while it is scrolled. */
function keepWidths(frame: HTMLElement | null): void {
  for (const cell of frame?.querySelectorAll<HTMLElement>('thead th') ?? []) {
    const width = Math.max(cell.offsetWidth, Number.parseFloat(cell.style.minWidth) || 0);
    cell.style.minWidth = `${width}px`;
  }
}
