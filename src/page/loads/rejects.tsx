/** The rejects of a load, grouped by reason. The records of a group can be corrected in place and loaded again. */
import { useEffect, useState } from 'preact/hooks';
import { type ApiError, ask, withQuery } from '../frame/api.ts';
import { useFrame, useMayWrite } from '../frame/context.ts';
import { Command, Confirmed, Empty, Figure, Problem, Right, Table, Waiting } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import { countOf, formatCount, shellWord, textOf } from '../frame/text.ts';
import { asApiError, useAction, useAnswer } from '../frame/use-answer.ts';
import { correctedRecord } from './correction.ts';
import { type Reason, type RejectPage, readRejects } from './reject-lines.ts';
import { RejectedRecord } from './rejected-record.tsx';

interface Group extends Reason {
  readonly count: number;
  readonly examples: readonly { readonly number: number; readonly value?: unknown; readonly message: string }[];
}

interface Reasons {
  readonly tables: Readonly<Record<string, readonly Group[]>>;
}

/** The maximum number of records that are shown for correction. */
const SHOWN_RECORDS = 50;

interface Started {
  readonly run: string;
}

export function Rejects({ run }: { readonly run: string }) {
  const { place } = useFrame();
  const path = `/api/loads/${encodeURIComponent(run)}`;
  const reasons = useAnswer<Reasons>(`${path}/rejects/reasons`);
  const { table, code, property = null } = place.query;
  return (
    <>
      <p class="above">
        <a href="#/loads">Loads</a> / <a href={hashOf(['loads', run])}>this load</a>
      </p>
      <h1>Rejects</h1>
      {reasons.value === undefined && (reasons.error === undefined ? <Waiting /> : <Problem error={reasons.error} />)}
      {reasons.value !== undefined && <Groups run={run} reasons={reasons.value} />}
      {table !== undefined && code !== undefined && (
        <Records key={`${table} ${code} ${property}`} run={run} table={table} reason={{ code, property }} />
      )}
      <Command>
        {`npx meridian rejects show ${shellWord(run)}${table === undefined ? '' : ` --table ${shellWord(table)}`}`}
      </Command>
    </>
  );
}

function Groups({ run, reasons }: { readonly run: string; readonly reasons: Reasons }) {
  const { place } = useFrame();
  const only = place.query['table'];
  const groups = Object.entries(reasons.tables)
    .filter(([table]) => only === undefined || table === only)
    .flatMap(([table, of]) => of.map((group) => ({ table, ...group })));
  if (groups.length === 0) {
    return (
      <Empty>
        Nothing is rejected{only === undefined ? '' : ` in ${only}`}, or all of it has been loaded again since.{' '}
        <a href={hashOf(['loads', run])}>Back to the load</a>
      </Empty>
    );
  }
  return (
    <>
      <Table
        label="Reasons"
        head={['Table', 'Property', 'Reason', <Right key="records">Records</Right>, 'For example', 'Values']}
      >
        {groups.map(({ table, property, code, count, examples }) => {
          const query = { table, code, property: property ?? undefined };
          const isShown =
            place.query['code'] === code &&
            place.query['table'] === table &&
            (place.query['property'] ?? null) === property;
          return (
            <tr key={`${table} ${property} ${code}`} class={isShown ? 'selected' : undefined}>
              <th scope="row">{table}</th>
              <td>{property ?? 'the whole record'}</td>
              <td>
                <a href={hashOf(['loads', run, 'rejects'], query)} aria-current={isShown ? 'true' : undefined}>
                  {code}
                </a>
              </td>
              <Figure>{formatCount(count)}</Figure>
              <td class="prose">{examples[0]?.message}</td>
              <td class="prose">
                {[...new Set(examples.map(({ value }) => textOf(value)))].filter((text) => text !== '').join(' · ')}
              </td>
            </tr>
          );
        })}
      </Table>
      <RetryAll
        run={run}
        table={only}
        tables={Object.keys(reasons.tables)}
        most={groups.reduce((sum, { count }) => sum + count, 0)}
      />
    </>
  );
}

interface RetryAllProps {
  readonly run: string;
  readonly table: string | undefined;
  readonly tables: readonly string[];
  /** The number of records of the largest group; a record may have several reasons. */
  readonly most: number;
}

function RetryAll({ run, table, tables, most }: RetryAllProps) {
  const action = useAction();
  const mayWrite = useMayWrite();
  const retry = () =>
    void action.run(async () => {
      const body = table === undefined ? {} : { table };
      const { body: started } = await ask<Started>('POST', `/api/loads/${encodeURIComponent(run)}/retry`, { body });
      location.hash = hashOf(['loads', started.run]);
    });
  return (
    <div class="actions">
      {mayWrite && (
        <Confirmed
          label="Load all again as they are"
          effect={`Every reject of ${table ?? tables.join(', ')} is loaded again unchanged, at most ${countOf(most, 'record')}, for example after what it refers to has been loaded. Those that fail again are rejects of the new load.`}
          isDisabled={action.isRunning}
          onConfirm={retry}
        />
      )}
      <a href={withQuery(`/api/loads/${encodeURIComponent(run)}/rejects`, { table })} download="rejects.ndjson">
        Download
      </a>
      <Problem error={action.error} />
    </div>
  );
}

interface RecordsProps {
  readonly run: string;
  readonly table: string;
  readonly reason: Reason;
}

function Records({ run, table, reason: { code, property } }: RecordsProps) {
  const [page, setPage] = useState<RejectPage>();
  const [error, setError] = useState<ApiError>();
  const [typed, setTyped] = useState<Readonly<Record<number, Readonly<Record<string, string>>>>>({});
  const action = useAction();
  const mayWrite = useMayWrite();
  const path = `/api/loads/${encodeURIComponent(run)}`;
  useEffect(() => {
    const leaving = new AbortController();
    readRejects(withQuery(`${path}/rejects`, { table }), { code, property }, SHOWN_RECORDS, leaving.signal).then(
      setPage,
      (reason: unknown) => {
        if (!leaving.signal.aborted) {
          setError(asApiError(reason));
        }
      },
    );
    return () => leaving.abort();
  }, [path, table, code, property]);
  if (page === undefined) {
    return error === undefined ? <Waiting /> : <Problem error={error} />;
  }
  const changed = page.rejects.filter(({ number }) => Object.keys(typed[number] ?? {}).length > 0);
  const retry = (event: Event) => {
    event.preventDefault();
    void action.run(async () => {
      const records = changed.map((one) => ({
        number: one.number,
        record: correctedRecord(one, typed[one.number] ?? {}),
      }));
      const { body } = await ask<Started>('POST', `${path}/retry`, { body: { table, records } });
      location.hash = hashOf(['loads', body.run]);
    });
  };
  return (
    <form onSubmit={retry}>
      <h2>
        {table}
        {property === null ? '' : `, ${property}`}: {code}
      </h2>
      {page.rejects.map((reject) => (
        <RejectedRecord
          key={reject.number}
          reject={reject}
          typed={typed[reject.number] ?? {}}
          isReadOnly={!mayWrite}
          onInput={(of) => setTyped({ ...typed, [reject.number]: of })}
        />
      ))}
      {page.rejects.length === 0 && (
        <Empty>No record of {table} is rejected for this reason, or all of them have been loaded again since.</Empty>
      )}
      {page.isCut && (
        <Empty>These are the first {SHOWN_RECORDS}. Correct more of them in the downloaded file, and load it.</Empty>
      )}
      <Problem error={action.error} />
      {mayWrite && (
        <p class="actions sticky">
          <button type="submit" class="primary" disabled={changed.length === 0 || action.isRunning}>
            {changed.length === 0
              ? 'Correct a record to load it again'
              : `Load ${countOf(changed.length, 'corrected record')}`}
          </button>
        </p>
      )}
    </form>
  );
}
