/** The reports screen: the selection of a report and its period. */

import { useEffect, useState } from 'preact/hooks';
import {
  Command,
  Empty,
  hashOf,
  Problem,
  shellWord,
  useAnswer,
  useFrame,
  useLive,
  Waiting,
  withQuery,
} from '../../page/module.tsx';
import { appliedOf, type Central, deadLettersIn } from './central-state.ts';
import { Figures, type Report } from './report-figures.tsx';

/** Report path -> title. The last part of a sales path is the grouping. */
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
  const shown = REPORTS.find(({ path: [ofName, ofBy] }) => ofName === name && ofBy === by);
  return (
    <>
      <h1>Reports</h1>
      <nav aria-label="Reports" class="sub">
        {REPORTS.map((one) => (
          <a
            key={one.title}
            href={hashOf(['reports', ...one.path], one.path[0] === 'sales' ? { from, to } : {})}
            aria-current={one === shown ? 'page' : undefined}
          >
            {one.title}
          </a>
        ))}
      </nav>
      {shown === undefined ? (
        <Empty>There is no such report. Choose one of these.</Empty>
      ) : (
        <OneReport title={shown.title} name={name} query={name === 'sales' ? { by, from, to } : {}} />
      )}
    </>
  );
}

interface OneReportProps {
  readonly title: string;
  readonly name: string;
  readonly query: Readonly<Partial<Record<'by' | 'from' | 'to', string | undefined>>>;
}

function OneReport({ title, name, query }: OneReportProps) {
  const { by, from, to } = query;
  const path = `/api/shop/reports/${encodeURIComponent(name)}`;
  const answer = useAnswer<Report>(withQuery(path, query));
  const deadLetters = deadLettersIn(useLive<Central>('central').value);
  useReloadAfter(appliedOf(useFrame().history['central'] ?? []).at(-1)?.value, answer.reload);
  return (
    <>
      {by !== undefined && <Period path={['reports', name, by]} from={from ?? ''} to={to ?? ''} />}
      {answer.value === undefined && (answer.error === undefined ? <Waiting /> : <Problem error={answer.error} />)}
      {answer.value !== undefined && (
        <Figures
          title={title}
          report={answer.value}
          deadLetters={deadLetters}
          allDays={from === undefined && to === undefined ? undefined : hashOf(['reports', name, by ?? ''])}
        />
      )}
      <p class="actions">
        <a href={withQuery(path, { ...query, format: 'csv' })} download={`${name}.csv`}>
          Download as CSV
        </a>
      </p>
      <Command>{reportCommand(name, query)}</Command>
    </>
  );
}

/** The minimum interval between reloads, since central may apply many events per second. */
const RELOAD_MILLISECONDS = 2000;

/** Reloads when a count has changed and then stayed the same for a while. */
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
      <Day label="From" day={from} onChange={(day) => change({ from: day })} />
      <Day label="to" day={to} onChange={(day) => change({ to: day })} />
      <span class="quiet">days in UTC; the last one counts to its end</span>
    </p>
  );
}

interface DayProps {
  readonly label: string;
  /** The day in ISO 8601, or empty. */
  readonly day: string;
  onChange(day: string): void;
}

/** A date field. Browsers report a change for each typed digit of the year, so a change counts only when the year has four digits. */
function Day({ label, day, onChange }: DayProps) {
  const [typed, setTyped] = useState(day);
  useEffect(() => setTyped(day), [day]);
  const change = (changed: string) => {
    setTyped(changed);
    if (changed === '' || changed >= '1000') {
      onChange(changed);
    }
  };
  return (
    <label>
      {label} <input type="date" value={typed} onChange={({ currentTarget }) => change(currentTarget.value)} />
    </label>
  );
}
