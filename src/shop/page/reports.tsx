/** The reports of central, as a chart and a table. */

import { useEffect, useState } from 'preact/hooks';
import {
  Command,
  Empty,
  formatInstant,
  hashOf,
  Problem,
  Right,
  shellWord,
  Table,
  textOf,
  useAnswer,
  useFrame,
  Waiting,
  withQuery,
} from '../../page/module.tsx';
import { appliedOf } from './central-state.ts';
import { barsOf, type ReportRow } from './report-chart.ts';

interface Report {
  readonly rows: readonly ReportRow[];
  readonly incomplete: readonly string[];
  readonly notes: readonly string[];
}

/** Path -> title. Sales are grouped by what their last part says. */
const REPORTS: readonly { readonly path: readonly string[]; readonly title: string }[] = [
  { path: ['sales', 'region'], title: 'Sales by region' },
  { path: ['sales', 'product'], title: 'Sales by product' },
  { path: ['sales', 'day'], title: 'Sales by day' },
  { path: ['sales', 'country'], title: 'Sales by country' },
  { path: ['products'], title: 'Products' },
  { path: ['stock'], title: 'Stock' },
  { path: ['lag'], title: 'Backlog' },
];

export function Reports() {
  const { place } = useFrame();
  const [, name = 'sales', by = name === 'sales' ? 'region' : undefined] = place.path;
  const { from, to } = place.query;
  const isSales = name === 'sales';
  const query = isSales ? { by, from, to } : {};
  const path = `/api/shop/reports/${encodeURIComponent(name)}`;
  const answer = useAnswer<Report>(withQuery(path, query));
  useReloadAfter(appliedOf(useFrame().history['central'] ?? []).at(-1)?.value, answer.reload);
  const title = REPORTS.find((one) => one.path.join() === [name, by].filter(Boolean).join())?.title ?? name;
  return (
    <>
      <h1>Reports</h1>
      <nav aria-label="Reports" class="sub">
        {REPORTS.map((one) => (
          <a
            key={one.title}
            href={hashOf(['reports', ...one.path], one.path[0] === 'sales' ? { from, to } : {})}
            aria-current={one.title === title ? 'page' : undefined}
          >
            {one.title}
          </a>
        ))}
      </nav>
      {isSales && <Period path={['reports', name, by ?? 'region']} from={from ?? ''} to={to ?? ''} />}
      {answer.value === undefined && (answer.error === undefined ? <Waiting /> : <Problem error={answer.error} />)}
      {answer.value !== undefined && <Figures title={title} report={answer.value} />}
      <p class="actions">
        <a href={withQuery(path, { ...query, format: 'csv' })} download={`${name}.csv`}>
          Download as CSV
        </a>
      </p>
      <Command>{reportCommand(name, query)}</Command>
    </>
  );
}

/** Central may apply many events a second. */
const RELOAD_MILLISECONDS = 2000;

/** Asks again when a count has changed, once it has stayed the same for a while. */
function useReloadAfter(count: number | null | undefined, reload: () => void): void {
  const [known, setKnown] = useState(count);
  useEffect(() => {
    if (count === undefined || count === null || count === known) {
      return;
    }
    const waiting = setTimeout(() => {
      setKnown(count);
      if (known !== undefined && known !== null) {
        reload();
      }
    }, RELOAD_MILLISECONDS);
    return () => clearTimeout(waiting);
  }, [count, known, reload]);
}

function reportCommand(name: string, query: Readonly<Record<string, string | undefined>>): string {
  const options = Object.entries(query).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option} ${shellWord(value)}`],
  );
  return ['npx meridian report', shellWord(name), ...options].join(' ');
}

function Figures({ title, report: { rows, incomplete, notes } }: { readonly title: string; readonly report: Report }) {
  const columns = Object.keys(rows[0] ?? {});
  return (
    <>
      {incomplete.map((sentence) => (
        <p class="incomplete" key={sentence} role="status">
          ▲ {sentence}
        </p>
      ))}
      {rows.length === 0 ? (
        <Empty>
          Central has no figures for this report. Place orders, and <a href="#/regions">ship them to central</a>.
        </Empty>
      ) : (
        <>
          <Chart title={title} rows={rows} />
          <Table
            label={title}
            head={columns.map((column) =>
              isFigure(rows[0]?.[column]) ? <Right key={column}>{column}</Right> : column,
            )}
          >
            {rows.map((row, index) => (
              <tr key={`${index} ${Object.values(row)[0]}`}>
                {columns.map((column) => (
                  <td key={column} class={isFigure(row[column]) ? 'figure' : undefined}>
                    {row[column] === null ? <span class="none">unknown</span> : formatInstant(textOf(row[column]))}
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

function isFigure(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+\.\d\d$/.test(value));
}

/** The table beside it says the same, so it is left out for screen readers. */
function Chart({ title, rows }: { readonly title: string; readonly rows: readonly ReportRow[] }) {
  const bars = barsOf(rows);
  return bars.length < 2 ? null : (
    <svg class="bars" aria-hidden="true" viewBox={`0 0 600 ${bars.length * 24}`}>
      <title>{title}</title>
      {bars.map(({ label, share, text }, index) => (
        <g key={label} transform={`translate(0 ${index * 24})`}>
          <text x="0" y="15">
            {label.length > 22 ? `${label.slice(0, 21)}…` : label}
          </text>
          <rect x="170" y="4" width={Math.round(share * 320)} height="14" />
          <text class="amount" x={176 + Math.round(share * 320)} y="15">
            {text}
          </text>
        </g>
      ))}
    </svg>
  );
}

interface PeriodProps {
  readonly path: readonly string[];
  readonly from: string;
  readonly to: string;
}

function Period({ path, from, to }: PeriodProps) {
  const change = (changed: Readonly<Record<string, string>>) => {
    location.hash = hashOf(path, { from, to, ...changed });
  };
  return (
    <p class="actions">
      <label>
        From <input type="date" value={from} onChange={({ currentTarget }) => change({ from: currentTarget.value })} />
      </label>
      <label>
        to <input type="date" value={to} onChange={({ currentTarget }) => change({ to: currentTarget.value })} />
      </label>
      <span class="quiet">days in UTC; the last one counts to its end</span>
    </p>
  );
}
