/** Exports whole tables of a database from one snapshot. */
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
  /** Called for each table before its rows are read. The file is complete when the promise of `work` has settled. */
  readonly open: (table: string, work: (sink: Sink) => Promise<void>) => Promise<void>;
  /** Stops between two pages. */
  readonly signal?: AbortSignal;
}

/** An exported table: the digest is that of the rows, without the properties that a file cannot supply. */
export type ExportedTable = TableDigest & {
  /** Properties with values that `populate` would change: it trims text, and treats empty text and bytes as missing. */
  readonly trimmed: readonly string[];
  /** Properties with times that were cut to milliseconds. */
  readonly cut: readonly string[];
};

/**
 * Exports tables in the given order, each in key order, with constant memory.
 *
 * @param tables tables of `database`
 * @returns table name -> the exported table
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

/** Excludes the version property, which every update of a row increments. */
function exportedColumns(metadata: EntityMetadata, columns: readonly Column[]): Column[] {
  return columns.flatMap((column) => {
    const property = metadata.props.find(({ name }) => name === column.property);
    if (property === undefined || property.version) {
      return [];
    }
    // the entity's value of a custom type may differ from the column's
    return [isOwnType(property) ? column : { ...column, kind: 'text' }];
  });
}

/** Converts rows to what `populate` reads: objects of custom types are replaced by the column's value. */
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
