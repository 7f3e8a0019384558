/** A load: the progress of its tables, the outcomes of their records, and what to do next. */
import { useEffect } from 'preact/hooks';
import { ask } from '../frame/api.ts';
import { TimeChart } from '../frame/charts.tsx';
import { useFrame, useLive, useMayWrite } from '../frame/context.ts';
import { Bar, Command, Empty, Figure, Problem, rights, Table, Waiting } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import { pointsOf, ratesOf, spanOf } from '../frame/series.ts';
import { countOf, formatCount, formatInstant, formatSeconds } from '../frame/text.ts';
import { useAction, useAnswer } from '../frame/use-answer.ts';
import { DryRun } from './dry-run.tsx';
import {
  doneOf,
  type Run,
  type RunList,
  readOf,
  secondsLeft,
  stateOf,
  type TableProgress,
  type TableRun,
  totalOf,
} from './progress.ts';
import { dryRunCommand } from './report.ts';

export function RunScreen({ run: id }: { readonly run: string }) {
  const answer = useAnswer<Run>(`/api/loads/${encodeURIComponent(id)}`);
  const live = useLive<RunList>('loads').value?.loads.find(({ run }) => run === id);
  const isRunning = live?.isRunning ?? answer.value?.isRunning;
  // when the load ends, it is read again, with its report
  useEffect(() => answer.reload(), [isRunning]);
  // the stream of the page has only stored loads, not dry runs
  useEnd(isRunning === true && live === undefined ? id : undefined, answer.reload);
  const isDryRun = answer.value?.report?.dryRun === true;
  const run = live === undefined ? answer.value : { ...answer.value, ...live };
  return (
    <>
      <p class="above">
        <a href="#/loads">Loads</a>
      </p>
      <h1>
        {isDryRun ? (
          'Dry run'
        ) : (
          <>
            Load of <span class="instant">{formatInstant(run?.startedAt)}</span>
          </>
        )}
      </h1>
      {run === undefined && (answer.error === undefined ? <Waiting /> : <Problem error={answer.error} />)}
      {run?.report?.dryRun ? <DryRun report={run.report} /> : run !== undefined && <RunState run={run} />}
      <Command>{run?.report?.dryRun ? dryRunCommand(run.report) : 'npx meridian runs'}</Command>
    </>
  );
}

/** Waits for the end of a run. @param run if it is `undefined`, no run is followed */
function useEnd(run: string | undefined, ended: () => void): void {
  useEffect(() => {
    if (run === undefined) {
      return;
    }
    const leaving = new AbortController();
    // the event stream ends with the run; an interrupted stream is handled in the same way, by reading the run again
    ask('GET', `/api/loads/${encodeURIComponent(run)}/events`, { signal: leaving.signal }).then(ended, () => {
      if (!leaving.signal.aborted) {
        ended();
      }
    });
    return () => leaving.abort();
  }, [run, ended]);
}

function RunState({ run }: { readonly run: Run }) {
  const state = stateOf(run);
  return (
    <>
      <p class="lead" role="status">
        {sentenceOf(run, state)}
      </p>
      {run.error !== undefined && <Empty>{run.error}</Empty>}
      {run.isRunning && <Speed run={run.run} />}
      <Table
        label="Tables"
        head={['Table', 'Source', 'State', ...rights('Read', 'Inserted', 'Updated', 'Unchanged', 'Rejected', 'Took')]}
      >
        {Object.entries(run.tables).map(([table, one]) => (
          <TableRow
            key={table}
            run={run.run}
            table={table}
            state={one}
            progress={run.progress?.find((each) => each.table === table)}
          />
        ))}
      </Table>
      {Object.entries(run.tables).map(
        ([table, { failure }]) =>
          failure !== null && (
            <p class="wrong" key={table}>
              {table}: {failure}
            </p>
          ),
      )}
      <Next run={run} state={state} />
    </>
  );
}

/** Records per second, of all tables together. */
function Speed({ run }: { readonly run: string }) {
  const { history, now } = useFrame();
  const read = pointsOf(history['loads'] ?? [], (state) => {
    const found = (state as Partial<RunList> | undefined)?.loads?.find((one) => one.run === run);
    return found === undefined ? null : readOf(found);
  });
  const points = ratesOf(read, spanOf(read, now), RATE_PARTS, 1000);
  return (
    <div class="charts">
      <TimeChart title="Records a second" points={points} format={(rate) => formatCount(Math.round(rate))} />
    </div>
  );
}

const RATE_PARTS = 30;

function sentenceOf(run: Run, state: string): string {
  const rejected = totalOf(run, 'rejected');
  switch (state) {
    case 'running':
      return `Loading: ${countOf(readOf(run), 'record')} so far.`;
    case 'finished':
      return rejected === 0
        ? `Finished: ${countOf(totalOf(run, 'read'), 'record')}, and none was rejected.`
        : `Finished: ${countOf(totalOf(run, 'read'), 'record')}, of which ${formatCount(rejected)} ${rejected === 1 ? 'was' : 'were'} rejected.`;
    case 'stopped':
    case 'interrupted':
      return 'Stopped before its end. What is loaded stays, and the same files continue it.';
    default:
      return `It is ${state}.`;
  }
}

interface RowProps {
  readonly run: string;
  readonly table: string;
  readonly state: TableRun;
  readonly progress: TableProgress | undefined;
}

function TableRow({ run, table, state, progress }: RowProps) {
  const done = progress === undefined ? undefined : doneOf(progress);
  const left = secondsLeft(done, state.seconds);
  const rejected = progress?.rejected ?? state.rejected;
  return (
    <tr>
      <th scope="row">{table}</th>
      <td class="source">{state.source}</td>
      <td>
        {progress === undefined ? (
          state.state
        ) : (
          <>
            <Bar done={done} label={`${table}: how much is loaded`} />
            <span class="quiet">
              {done === undefined ? 'size unknown' : `${Math.floor(done * 100)} %`}
              {left !== undefined && `, ${formatSeconds(left)} left`}
            </span>
          </>
        )}
      </td>
      <Figure>{formatCount(progress?.read ?? state.read)}</Figure>
      <Figure>{formatCount(state.inserted)}</Figure>
      <Figure>{formatCount(state.updated)}</Figure>
      <Figure>{formatCount(state.unchanged)}</Figure>
      <Figure>
        {rejected > 0 ? (
          <a href={hashOf(['loads', run, 'rejects'], { table })}>{formatCount(rejected)}</a>
        ) : (
          formatCount(rejected)
        )}
      </Figure>
      <Figure>{formatSeconds(state.seconds)}</Figure>
    </tr>
  );
}

function Next({ run, state }: { readonly run: Run; readonly state: string }) {
  const action = useAction();
  const mayWrite = useMayWrite();
  const tables = Object.keys(run.tables);
  const cancel = () =>
    void action.run(async () => void (await ask('POST', `/api/loads/${encodeURIComponent(run.run)}/cancel`)));
  return (
    <>
      <p class="actions">
        {run.isRunning && mayWrite && (
          <button type="button" disabled={action.isRunning} onClick={cancel}>
            Stop after the current batch
          </button>
        )}
        {!run.isRunning && totalOf(run, 'rejected') > 0 && (
          <a class="button" href={hashOf(['loads', run.run, 'rejects'])}>
            Look at the rejects
          </a>
        )}
        {(state === 'stopped' || state === 'interrupted') && mayWrite && (
          <a class="button" href={hashOf(['loads'], tables.length === 1 ? { table: tables[0] } : {})}>
            Continue with the same files
          </a>
        )}
      </p>
      <Problem error={action.error} />
    </>
  );
}
