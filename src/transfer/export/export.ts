/** Writes whole tables of a database, as they are at one moment. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { isOwnType } from '../../database/column-types.ts';
import type { Column, Row } from '../../database/columns.ts';
import type { Database } from '../../database/database.ts';
import type { Table } from '../../database/table.ts';
import { Digest, type TableDigest } from '../digest.ts';
import { microsecondsIn } from '../microseconds.ts';
import { pagesOf, storedTable } from '../stored-tables.ts';
import { type Format, writerOf } from './formats.ts';
import type { Sink } from './writer.ts';

export interface ExportOptions {
  readonly format: Format;
  /** Called for each table before its rows are read; its file is complete when the promise that `work` returns has settled. */
  readonly open: (table: string, work: (sink: Sink) => Promise<void>) => Promise<void>;
  /** Stops between two pages. */
  readonly signal?: AbortSignal;
}

/** What was written of a table: the digest is the one of the rows, without the properties that no file supplies. */
export type ExportedTable = TableDigest & {
  /** Properties with values that `populate` would not load as they are: it trims text, and takes empty text and bytes for none. */
  readonly trimmed: readonly string[];
  /** Properties with times of more than milliseconds, to which they were cut. */
  readonly cut: readonly string[];
};

/**
 * Tables in the order that is given, each in the order of its key, and in little memory however many rows there are.
 *
 * @param tables all of `database`
 * @returns name of the table -> what was written
 */
export function exportTables(
  database: Database,
  tables: readonly Table[],
  { format, open, signal }: ExportOptions,
): Promise<Record<string, ExportedTable>> {
  return database.readAtOnce(async (em) => {
    const exported: Record<string, ExportedTable> = {};
    for (const table of tables) {
      const stored = storedTable(database, table.metadata);
      const columns = exportedColumns(stored.metadata, stored.bulk.columns);
      const written = writtenRows(stored.metadata, columns);
      await open(table.name, async (sink) => {
        const digest = new Digest(columns);
        const trimmed = new Set<string>();
        const cut = (await microsecondsIn(em, database, stored)).map(({ property }) => property);
        const writer = await writerOf(format, columns, sink);
        for await (const { rows } of pagesOf(em, database, stored)) {
          signal?.throwIfAborted();
          await writer.write(written(rows));
          digest.add(rows);
          for (const row of rows) {
            for (const { property } of columns.filter((column) => isTrimmed(row[column.property]))) {
              trimmed.add(property);
            }
          }
        }
        await writer.end();
        exported[table.name] = { ...digest.result, trimmed: [...trimmed], cut };
      });
    }
    return exported;
  });
}

/** Without a version, which each writer of a row counts. */
function exportedColumns(metadata: EntityMetadata, columns: readonly Column[]): Column[] {
  return columns.flatMap((column) => {
    const property = metadata.props.find(({ name }) => name === column.property);
    if (property === undefined || property.version) {
      return [];
    }
    // a custom type may hold on the entity what its column does not
    return [isOwnType(property) ? column : { ...column, kind: 'text' }];
  });
}

/** As `populate` reads them: an object of a custom type is what its column holds. */
function writtenRows(metadata: EntityMetadata, columns: readonly Column[]): (rows: readonly Row[]) => readonly Row[] {
  const converted = columns.filter(({ property }) =>
    metadata.props.some((one) => one.name === property && isReadAsInColumn(one)),
  );
  const inColumn = (row: Row) =>
    converted.map(({ property, toColumn }) => [
      property,
      isObject(row[property]) ? toColumn(row[property]) : row[property],
    ]);
  return converted.length === 0
    ? (rows) => rows
    : (rows) => rows.map((row) => ({ ...row, ...Object.fromEntries(inColumn(row)) }));
}

function isReadAsInColumn(property: EntityProperty): boolean {
  return !isOwnType(property) && property.kind !== 'embedded' && !('fromText' in (property.customType ?? {}));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

function isTrimmed(value: unknown): boolean {
  return value instanceof Uint8Array
    ? value.length === 0
    : typeof value === 'string' && (value === '' || value.trim() !== value);
}
