/** The figures of a report, as a chart and a table. */
import { Empty, formatInstant, Right, Table, textOf } from '../../page/module.tsx';
import { barsOf, columnTitle, figureText, leftOutOf, type ReportRow } from './report-chart.ts';

export interface Report {
  readonly rows: readonly ReportRow[];
  readonly incomplete: readonly string[];
  readonly notes: readonly string[];
}

interface FiguresProps {
  readonly title: string;
  readonly report: Report;
  /** The number of dead letters in central. */
  readonly deadLetters: number;
  /** The link to the same report for all days, if it is restricted to some. */
  readonly allDays: string | undefined;
}

export function Figures({ title, report: { rows, incomplete, notes }, deadLetters, allDays }: FiguresProps) {
  const columns = Object.keys(rows[0] ?? {});
  return (
    <>
      {incomplete.map((sentence) => (
        <p class="incomplete" key={sentence} role="status">
          ▲ {sentence}
        </p>
      ))}
      {deadLetters > 0 && (
        <p>
          <a href="#/dead-letters">Look at what central could not apply</a>
        </p>
      )}
      {rows.length === 0 && allDays !== undefined && (
        <Empty>
          Central has no figures of these days. Choose others, or <a href={allDays}>all days</a>.
        </Empty>
      )}
      {rows.length === 0 && allDays === undefined && (
        <Empty>
          Central has no figures for this report. Place orders, and <a href="#/regions">ship them to central</a>.
        </Empty>
      )}
      {rows.length > 0 && (
        <>
          <Chart title={title} rows={rows} />
          <Table
            label={title}
            head={columns.map((column) =>
              rows.some((row) => isFigure(row[column])) ? (
                <Right key={column}>{columnTitle(column)}</Right>
              ) : (
                columnTitle(column)
              ),
            )}
          >
            {rows.map((row, index) => (
              <tr key={`${index} ${Object.values(row)[0]}`}>
                {columns.map((column) => (
                  <td key={column} class={isFigure(row[column]) ? 'figure' : undefined}>
                    <Cell column={column} value={row[column]} />
                  </td>
                ))}
              </tr>
            ))}
          </Table>
        </>
      )}
      {notes.map((note) => (
        <p class="quiet" key={note}>
          {note}
        </p>
      ))}
    </>
  );
}

function Cell({ column, value }: { readonly column: string; readonly value: ReportRow[string] | undefined }) {
  if (value === null) {
    return <span class="none">unknown</span>;
  }
  return <>{isFigure(value) ? figureText(column, value) : formatInstant(textOf(value))}</>;
}

function isFigure(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+\.\d\d$/.test(value));
}

/** The chart, which is hidden from screen readers, since the table has the same data. */
function Chart({ title, rows }: { readonly title: string; readonly rows: readonly ReportRow[] }) {
  const bars = barsOf(rows);
  const leftOut = leftOutOf(rows);
  return bars.length < 2 ? null : (
    <>
      <ul class="bars" aria-hidden="true" title={title}>
        {bars.map(({ label, share, text }) => (
          <li key={label}>
            <span class="label">{label}</span>
            <svg viewBox="0 0 1 1" preserveAspectRatio="none">
              <title>{label}</title>
              <rect width={share} height="1" />
            </svg>
            <span class="amount">{text}</span>
          </li>
        ))}
      </ul>
      {leftOut !== undefined && (
        <p class="quiet" aria-hidden="true">
          {leftOut}
        </p>
      )}
    </>
  );
}
