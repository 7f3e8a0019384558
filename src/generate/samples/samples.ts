/** A few valid records of each table, derived from its columns and rules. Their references and relations are valid. */
import type { EntityProperty } from '@mikro-orm/core';
import { discriminatorOf, isClassOf } from '../../database/discriminator.ts';
import { storedProps } from '../../database/relations.ts';
import type { Table } from '../../database/table.ts';
import { isSameTable } from '../../database/table-id.ts';
import { FieldRecord } from '../../populate/read/field-record.ts';
import { Columns } from '../../populate/record/columns.ts';
import { type EntityShape, shapeOf } from '../../populate/record/shape.ts';
import { validate } from '../../populate/record/validate.ts';
import { candidatesFor } from './values.ts';

/** Records per table. */
const RECORDS = 3;
const MAX_ATTEMPTS = 200;

type Fields = Readonly<Record<string, string>>;

export interface Sample {
  readonly columns: readonly string[];
  readonly rows: readonly Fields[];
  /** A sentence on why there are fewer records than wanted. */
  readonly problem?: string;
}

/** @throws MeridianError `usage` for an entity that cannot be loaded */
export function samplesOf(tables: readonly Table[]): ReadonlyMap<Table, Sample> {
  const samples = new Map<Table, Sample>();
  const begun = new Set<Table>();
  const sampleOf = (table: Table): Sample | undefined => {
    if (!begun.has(table)) {
      begun.add(table);
      // classes in one table have their keys in common
      const others = [...samples].filter(([one]) => isOfTable(one, table));
      const before = others.flatMap(([, { rows }]) => rows);
      samples.set(table, makeSample(table, tables, before, sampleOf));
    }
    // the sample of a table in a reference cycle is still empty
    return samples.get(table);
  };
  for (const table of tables) {
    sampleOf(table);
  }
  return samples;
}

type SampleOf = (table: Table) => Sample | undefined;

function isOfTable({ database, metadata }: Table, table: Table): boolean {
  return database === table.database && isSameTable(metadata, table.metadata);
}

/** @param before rows of the same table */
function makeSample(table: Table, tables: readonly Table[], before: readonly Fields[], sampleOf: SampleOf): Sample {
  const { metadata, database } = table;
  const shape = shapeOf(metadata, database.engine.storage);
  const props = new Map(storedProps(metadata).map((property) => [property.name as string, property]));
  const keys = keysOf(table, tables, shape, sampleOf);
  const columns = shape.properties
    .filter(({ isFilled, required, implied }) => implied === undefined && (required || !isFilled))
    .map(({ name }) => name);
  const unique = [shape.primaryKey.properties, ...table.uniqueKeys.map(({ properties }) => properties)];
  const rows: Fields[] = [];
  for (let number = before.length + 1; number <= before.length + RECORDS; number++) {
    const candidates = new Map(
      columns.map((name) => [name, choicesOf(table, props.get(name), keys.get(name), name, number)]),
    );
    const found = search(shape, columns, candidates, number, (row) => clashIn(row, [...before, ...rows], unique));
    if (typeof found === 'string') {
      return { columns, rows, problem: `${metadata.className}: no value was found (${found}).` };
    }
    rows.push(found);
  }
  return { columns, rows };
}

function choicesOf(
  { metadata }: Table,
  property: EntityProperty | undefined,
  keys: readonly string[] | undefined,
  name: string,
  number: number,
): string[] {
  const optional = property?.nullable === true ? [''] : [];
  const discriminator = discriminatorOf(metadata);
  if (discriminator?.property === name) {
    return [...discriminator.values];
  }
  if (keys !== undefined) {
    return [...keys.slice((number - 1) % Math.max(keys.length, 1)), ...keys, ...optional];
  }
  return property === undefined ? [name, ...optional] : [...candidatesFor(metadata, property, number), ...optional];
}

/** The possible keys for references and relations: those in the samples of their targets. */
function keysOf(
  table: Table,
  tables: readonly Table[],
  { relations }: EntityShape,
  sampleOf: SampleOf,
): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  for (const [property, { database, entity }] of Object.entries(table.declaration.references ?? {})) {
    const target = tables.find((one) => one.database.name === database && one.declaration.name === entity);
    const [key = ''] = target?.metadata.primaryKeys ?? [];
    keys.set(property, valuesIn(target && sampleOf(target), key));
  }
  for (const { target: meta, key, targetKey } of relations) {
    const target = tables.find((one) => one.database === table.database && isClassOf(one.metadata.class, meta.class));
    for (const [index, property] of key.properties.entries()) {
      keys.set(property, valuesIn(target && sampleOf(target), targetKey.properties[index] ?? ''));
    }
  }
  return keys;
}

function valuesIn(sample: Sample | undefined, property: string): string[] {
  return (sample?.rows ?? []).map((row) => row[property] ?? '').filter((value) => value !== '');
}

/** Tries the next candidate of each invalid property. @returns the row, or the last error if there are no candidates left */
function search(
  shape: EntityShape,
  columns: readonly string[],
  candidates: ReadonlyMap<string, readonly string[]>,
  number: number,
  clash: (row: Fields) => string | undefined,
): Fields | string {
  const without = columns.find((name) => candidates.get(name)?.length === 0);
  if (without !== undefined) {
    return `there is no row for ${without} to refer to`;
  }
  const chosen = new Map(columns.map((name) => [name, 0]));
  let last = '';
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const row = Object.fromEntries(columns.map((name) => [name, candidates.get(name)?.[chosen.get(name) ?? 0] ?? '']));
    const record = new FieldRecord(
      number,
      number + 1,
      columns,
      columns.map((name) => row[name] ?? ''),
    );
    const result = validate(shape, new Columns(shape), record);
    const wrong = 'errors' in result ? result.errors.map(({ property }) => property ?? '') : [clash(row) ?? []].flat();
    if (wrong.length === 0) {
      return row;
    }
    last = 'errors' in result ? (result.errors[0]?.message ?? '') : `${wrong[0]} has no other value`;
    const more = wrong.filter((name) => (chosen.get(name) ?? 0) + 1 < (candidates.get(name)?.length ?? 0));
    if (more.length === 0) {
      return last;
    }
    for (const name of new Set(more)) {
      chosen.set(name, (chosen.get(name) ?? 0) + 1);
    }
  }
  return last;
}

/** The property to change if a row has a unique key of an earlier one. */
function clashIn(row: Fields, rows: readonly Fields[], unique: readonly (readonly string[])[]): string | undefined {
  const isSame = (other: Fields, key: readonly string[]) => key.every((name) => row[name] === other[name]);
  const clash = unique.find((key) => key.some((name) => row[name] !== '') && rows.some((other) => isSame(other, key)));
  return clash?.at(-1);
}
