/** Draws bar charts in plain text. */
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import { Chartscii } from 'chartscii';
import { printable } from '../../module.ts';

export interface Bar {
  readonly label: string;
  /** The relative length. */
  readonly size: bigint;
  /** The exact figure in front of the bar. */
  readonly figure: string;
}

/** The width without a terminal. */
const DEFAULT_COLUMNS = 80;
const MIN_BAR_COLUMNS = 10;
const MAX_LABEL = 40;
/** The width of the space and the axis between a label and its bar. */
const AXIS_COLUMNS = 2;

/** @param bars at least one */
export function renderChart(
  title: string,
  bars: readonly Bar[],
  terminalColumns = process.stdout.columns || DEFAULT_COLUMNS,
): string {
  const labels = bars.map(({ label }) => printable(label, MAX_LABEL));
  const labelColumns = Math.max(...labels.map((label) => label.length));
  const figureColumns = Math.max(...bars.map(({ figure }) => figure.length));
  const width = Math.max(MIN_BAR_COLUMNS, terminalColumns - labelColumns - figureColumns - 1 - AXIS_COLUMNS);
  const chart = new Chartscii(
    bars.map(({ size, figure }, index) => ({
      value: Number(size),
      label: `${(labels[index] ?? '').padEnd(labelColumns)} ${figure.padStart(figureColumns)}`,
    })),
    { width, height: bars.length, barSize: 1, padding: 0, alignBars: 'top', sort: false, richLabels: false },
  );
  // the library resets colours that it has not set
  const lines = stripVTControlCharacters(chart.create()).split('\n');
  return [title, ...lines.map((line) => line.trimEnd()).filter((line) => line !== '')].join('\n');
}
