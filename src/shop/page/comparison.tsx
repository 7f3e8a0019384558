import { Figure, formatCount, groupedDigits, hashOf, rights, Table } from '../../page/module.tsx';
import { type Columns, columnText, columnWords } from './dead-letter.ts';

interface Sums {
  readonly rows: number;
  readonly pieces: string;
  readonly value: string;
  readonly hash: string;
}

interface DifferentRow {
  readonly aggregate: 'order' | 'stock';
  readonly id: number;
  readonly region: Columns | null;
  readonly central: Columns | null;
}

export interface Comparison {
  readonly differences: number;
  readonly leftOut: number;
  readonly rows: readonly DifferentRow[];
  readonly watermark: { readonly epoch: number; readonly seq: number } | null;
  readonly tables: Readonly<Record<string, { readonly region: Sums; readonly central: Sums }>>;
}

export interface Compared {
  readonly isEqual: boolean | null;
  readonly regions: Readonly<Record<string, Comparison | { readonly error: string }>>;
}

/** The differences side by side: one line per different column, and one line for a row that one side lacks. */
export function DifferentRows({
  name,
  comparison: { rows, differences },
}: {
  readonly name: string;
  readonly comparison: Comparison;
}) {
  return (
    <>
      <Table label={`${name} and central`} head={['Row', 'Column', `In ${name}`, 'In central']}>
        {rows.flatMap((row) =>
          linesOf(row).map(({ column, region, central }, index) => (
            <tr key={`${row.aggregate} ${row.id} ${column}`}>
              <th scope="row">
                {index === 0 ? <RowLink name={name} row={row} /> : <span class="hidden">the same</span>}
              </th>
              <td>{column}</td>
              <td class="prose">{region ?? <span class="none">no such row</span>}</td>
              <td class="prose">{central ?? <span class="none">no such row</span>}</td>
            </tr>
          )),
        )}
      </Table>
      {differences > rows.length && (
        <p class="quiet">
          These are the first {formatCount(rows.length)} of {formatCount(differences)}.
        </p>
      )}
    </>
  );
}

/** A row that the region does not have is no link. */
function RowLink({ name, row: { aggregate, id, region } }: { readonly name: string; readonly row: DifferentRow }) {
  if (aggregate === 'stock') {
    return <>stock of product {id}</>;
  }
  return region === null ? (
    <>order {id}</>
  ) : (
    <a href={hashOf(['data', `orders.${name}`, 'order', String(id)])}>order {id}</a>
  );
}

interface Line {
  readonly column: string;
  readonly region: string | undefined;
  readonly central: string | undefined;
}

function linesOf({ region, central }: DifferentRow): readonly Line[] {
  const columns = Object.keys(region ?? central ?? {});
  const textOf = (row: Columns | null, column: string) =>
    row === null ? undefined : columnText(column, row[column]) || 'empty';
  if (region === null || central === null) {
    const summaryOf = (row: Columns | null) =>
      row === null
        ? undefined
        : columns
            .filter((column) => SHOWN.includes(column) && row[column] !== null)
            .map((column) => `${columnWords(column)} ${columnText(column, row[column])}`)
            .join(', ');
    return [{ column: 'all', region: summaryOf(region), central: summaryOf(central) }];
  }
  return columns.map((column) => ({
    column: columnWords(column),
    region: textOf(region, column),
    central: textOf(central, column),
  }));
}

/** The columns that are shown for a row that one side lacks. */
const SHOWN = ['product_id', 'quantity', 'on_hand', 'unit_price_cents', 'status', 'country'];

interface TotalsProps {
  readonly regions: readonly (readonly [string, Comparison | { readonly error: string }])[];
}

/** Counts, sums and hashes of the compared rows. */
export function Totals({ regions }: TotalsProps) {
  return (
    <>
      <h2>Totals</h2>
      <Table
        label="Totals"
        head={['Region', 'Of', 'In', ...rights('Rows', 'Pieces', 'Value'), 'Hash of ids and versions']}
      >
        {regions.flatMap(([name, one]) =>
          'error' in one
            ? []
            : Object.entries(one.tables).flatMap(([table, { region, central }]) =>
                (
                  [
                    [name, region],
                    ['central', central],
                  ] as const
                ).map(([place, sums]) => (
                  <tr key={`${name} ${table} ${place}`}>
                    <th scope="row">{name}</th>
                    <td>{table === 'order' ? 'orders' : table}</td>
                    <td>{place}</td>
                    <Figure>{formatCount(sums.rows)}</Figure>
                    <Figure>{groupedDigits(sums.pieces)}</Figure>
                    <Figure>{groupedDigits(sums.value)}</Figure>
                    <td class={region.hash === central.hash ? undefined : 'wrong'}>
                      <code>{sums.hash.slice(0, 12)}</code>
                    </td>
                  </tr>
                )),
              ),
        )}
      </Table>
    </>
  );
}
