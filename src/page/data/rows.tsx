/** The table of a list: each row with its values, a link, and a checkbox. */
import { type Entity, keyOf, type Property, type Row, valueAt } from '../frame/description.ts';
import { hashOf } from '../frame/place.ts';
import { type Choice, isChosen, MAX_CHOSEN, turned, turnedAll } from './choice.ts';
import { nextSort, type Query } from './list-state.ts';
import { LongTable } from './long-table.tsx';
import { Value } from './value.tsx';

interface RowsProps {
  readonly database: string;
  readonly entity: Entity;
  readonly rows: readonly Row[];
  readonly total?: number | undefined;
  readonly query: Query;
  /** The chosen rows; without it, rows cannot be chosen. */
  readonly choice?: Choice | undefined;
  onChoose?(choice: Choice): void;
  onSort?(sort: string | undefined): void;
  onEnd?(): void;
}

export function Rows({ database, entity, rows, total, query, choice, onChoose, onSort, onEnd }: RowsProps) {
  const keys = () => rows.map((one) => keyOf(entity, one));
  const columns = shownProperties(entity).map((property) => ({
    key: property.label,
    content: <Head property={property} sort={query['sort']} onSort={onSort} />,
    isFigure: isNumber(property),
  }));
  const all = choice && {
    key: '',
    content: (
      <input
        type="checkbox"
        aria-label={`Choose the first ${Math.min(rows.length, MAX_CHOSEN)} rows`}
        checked={choice.size > 0 && choice.size === Math.min(rows.length, MAX_CHOSEN)}
        onChange={() => onChoose?.(turnedAll(choice, keys()))}
      />
    ),
    isFigure: false,
  };
  const head = all === undefined ? columns : [all, ...columns];
  const row = (index: number) => {
    const of = rows[index] ?? {};
    const key = keyOf(entity, of);
    // the query keeps the filters for the way back to the list
    const href = hashOf(['data', database, entity.name, ...key], query);
    const cells = (
      <>
        {choice !== undefined && (
          <td>
            <input
              type="checkbox"
              aria-label={`Choose ${entity.noun} ${key.join(', ')}`}
              checked={isChosen(choice, key)}
              disabled={choice.size >= MAX_CHOSEN && !isChosen(choice, key)}
              onChange={() => onChoose?.(turned(choice, key))}
            />
          </td>
        )}
        <Cells entity={entity} row={of} href={href} />
      </>
    );
    return { key: key.join('/'), cells };
  };
  return (
    <LongTable
      label={`${entity.noun} rows`}
      head={head}
      count={rows.length}
      total={total}
      row={row}
      {...(onEnd === undefined ? {} : { onEnd })}
    />
  );
}

function shownProperties({ properties }: Entity) {
  return properties.filter(({ isHidden }) => !isHidden);
}

function Cells({ entity, row, href }: { readonly entity: Entity; readonly row: Row; readonly href: string }) {
  return (
    <>
      {shownProperties(entity).map((property) => {
        const value = valueAt(row, property.path);
        return (
          <td key={property.label} class={isNumber(property) ? 'figure' : undefined}>
            {property.isKey ? (
              <a href={href}>{String(value)}</a>
            ) : (
              <Value property={property} value={value} row={row} />
            )}
          </td>
        );
      })}
    </>
  );
}

function isNumber({ kind }: Property): boolean {
  return kind === 'whole' || kind === 'number';
}

interface HeadProps {
  readonly property: Property;
  readonly sort: string | undefined;
  readonly onSort: RowsProps['onSort'];
}

function Head({ property: { label, isIndexed }, sort, onSort }: HeadProps) {
  if (!isIndexed || onSort === undefined) {
    return <>{label}</>;
  }
  const direction = sort === label ? 'ascending' : sort === `-${label}` ? 'descending' : undefined;
  const mark = direction === undefined ? '' : direction === 'ascending' ? ' ↑' : ' ↓';
  return (
    <button
      type="button"
      class="plain"
      aria-label={`Sort by ${label}${direction === undefined ? '' : `, now ${direction}`}`}
      onClick={() => onSort(nextSort(sort, label))}
    >
      {label}
      {mark}
    </button>
  );
}
