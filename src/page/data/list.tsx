/** A list of rows, filtered, sorted and paged according to the URL. */
import { useEffect, useState } from 'preact/hooks';
import { ApiError, read } from '../frame/api.ts';
import { useFrame, useMayWrite } from '../frame/context.ts';
import type { Entity, Row } from '../frame/description.ts';
import { Command, Empty, Problem, Waiting } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import { countOf } from '../frame/text.ts';
import { BulkActions } from './bulk-actions.tsx';
import { type Choice, NOTHING_CHOSEN } from './choice.ts';
import { Filters } from './filters.tsx';
import { distinctRows } from './found-rows.ts';
import { filteredPath, filtersIn, listCommand, listPath, type Query, SHOWN_ROWS, searchPaths } from './list-state.ts';
import { Rows } from './rows.tsx';
import { useRows } from './use-rows.ts';

interface Page {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

interface Props {
  readonly database: string;
  readonly entity: Entity;
}

export function EntityList({ database, entity }: Props) {
  const { query } = useFrame().place;
  const mayWrite = useMayWrite();
  const [choice, setChoice] = useState<Choice>(NOTHING_CHOSEN);
  const [turn, setTurn] = useState(0);
  const path = ['data', database, entity.name];
  const shown = hashOf(path, query);
  // rows that are not shown any more are not chosen
  useEffect(() => setChoice(NOTHING_CHOSEN), [shown]);
  const readAgain = () => {
    setChoice(NOTHING_CHOSEN);
    setTurn(turn + 1);
  };
  const choosing = mayWrite ? { choice, onChoose: setChoice } : {};
  const go = (changed: Readonly<Record<string, string | undefined>>) => {
    location.hash = hashOf(path, { ...query, after: undefined, ...changed });
  };
  return (
    <>
      <p class="above">
        <a href="#/data">Data</a> / {database}
      </p>
      <h1>{entity.name}</h1>
      <Filters entity={entity} query={query} onChange={go} />
      {mayWrite && (
        <p class="actions">
          <a class="button" href={hashOf(path, { ...query, new: '1' })}>
            New {entity.noun}
          </a>
        </p>
      )}
      {query['search'] ? (
        <Found key={turn} database={database} entity={entity} query={query} onChange={go} {...choosing} />
      ) : (
        <Listed key={turn} database={database} entity={entity} query={query} onChange={go} {...choosing} />
      )}
      {mayWrite && (
        <BulkActions key={shown} database={database} entity={entity} keys={[...choice.values()]} onDone={readAgain} />
      )}
      <Command>{listCommand(database, entity, query)}</Command>
    </>
  );
}

interface Choosing {
  readonly choice?: Choice;
  onChoose?(choice: Choice): void;
}

interface ListedProps extends Props, Choosing {
  readonly query: Query;
  onChange(query: Readonly<Record<string, string | undefined>>): void;
}

function Listed({ database, entity, query, onChange, ...choosing }: ListedProps) {
  const page = useRows(listPath(entity, query));
  // if the referenced rows cannot be read, the list is shown without them
  const isOtherDown = page.error?.status === 500 || page.error?.status === 503;
  const alone = useRows(isOtherDown ? listPath(withoutReferences(entity), query) : undefined);
  const { rows, isEnd, total, error, more } = isOtherDown ? alone : page;
  if (rows === undefined) {
    return error === undefined ? <Waiting /> : <Problem error={error} />;
  }
  return (
    <>
      {isOtherDown && <Problem error={page.error} />}
      {rows.length === 0 ? (
        <Nothing entity={entity} isFiltered={filtersIn(query).length > 0} />
      ) : (
        <Rows
          database={database}
          entity={entity}
          rows={rows}
          total={total ?? (isEnd ? rows.length : undefined)}
          query={query}
          onSort={(sort) => onChange({ sort })}
          onEnd={more}
          {...choosing}
        />
      )}
      {rows.length > 0 && <Problem error={isOtherDown ? alone.error : error} />}
      <p class="pages">
        <span role="status">
          {countOf(rows.length, 'row')}
          {!isEnd && ' so far'}
          {total !== undefined && ` of ${countOf(total, 'row')}`}
        </span>
        {total === undefined && !isEnd && (
          <button type="button" class="plain" onClick={() => onChange({ total: 'true' })}>
            Count all
          </button>
        )}
        {!isEnd && (
          <button type="button" class="plain" onClick={more}>
            More rows
          </button>
        )}
      </p>
    </>
  );
}

function withoutReferences(entity: Entity): Entity {
  return { ...entity, properties: entity.properties.map((one) => ({ ...one, isReference: false })) };
}

function Nothing({ entity, isFiltered }: { readonly entity: Entity; readonly isFiltered: boolean }) {
  return isFiltered ? (
    <Empty>No {entity.noun} passes these filters. Remove one of them.</Empty>
  ) : (
    <Empty>
      There is no {entity.noun} yet. <a href={hashOf(['loads'], { table: entity.table })}>Load a file</a>, or make one
      here.
    </Empty>
  );
}

interface FoundRows {
  readonly rows: readonly Row[];
  /** Whether these are all rows. */
  readonly isWhole: boolean;
}

function Found({ database, entity, query, onChange, ...choosing }: ListedProps) {
  const [result, setResult] = useState<FoundRows | ApiError>();
  const asked = [filteredPath(entity, query), ...searchPaths(entity, query)].join(' ');
  useEffect(() => {
    const leaving = new AbortController();
    setResult(undefined);
    search(entity, query, leaving.signal).then(setResult, (error: unknown) => {
      if (!leaving.signal.aborted) {
        setResult(error as ApiError);
      }
    });
    return () => leaving.abort();
  }, [asked]);
  if (result === undefined) {
    return <Waiting />;
  }
  if (result instanceof ApiError) {
    return <Problem error={result} />;
  }
  const { rows, isWhole } = result;
  const isFiltered = filtersIn(query).length > 0;
  const indexed: readonly string[] = entity.properties.filter(({ isIndexed }) => isIndexed).map(({ label }) => label);
  return rows.length === 0 ? (
    <Empty>
      No {entity.noun} {isFiltered && 'that passes the filters '}has “{query['search']}” as its {listOf(indexed)}. A
      search finds texts by how they begin, and other values exactly.
    </Empty>
  ) : (
    <>
      <Rows
        database={database}
        entity={entity}
        rows={rows}
        total={isWhole ? rows.length : undefined}
        query={query}
        onSort={(sort) => onChange({ sort })}
        {...choosing}
      />
      <p class="pages">
        <span role="status">
          {countOf(rows.length, 'row')} found
          {!isWhole && `, and there are more: a search shows the first ${SHOWN_ROWS} by each property`}
        </span>
      </p>
    </>
  );
}

function listOf(names: readonly string[]): string {
  return names.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

/** Searches the text in each property. A property that cannot have it as value has no matches. */
async function search(entity: Entity, query: Query, signal: AbortSignal): Promise<FoundRows> {
  if (filtersIn(query).length > 0) {
    // report invalid filters separately, since they are not errors of the search text
    await read<Page>(filteredPath(entity, query), signal);
  }
  const pages = await Promise.all(
    searchPaths(entity, query).map(async (path) => {
      try {
        return await read<Page>(path, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 400) {
          return { rows: [], next: null };
        }
        throw error;
      }
    }),
  );
  return {
    rows: distinctRows(
      entity,
      pages.flatMap(({ rows }) => rows),
      query['sort'],
    ),
    isWhole: pages.every(({ next }) => next === null),
  };
}
