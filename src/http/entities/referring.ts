/** Finds the rows that refer to a row, in all configured databases. A row is only deleted if no other row refers to it. */
import type { EntityMetadata } from '@mikro-orm/core';
import type { Database, EntityManager } from '../../database/database.ts';
import { discriminatorOf, isOwnRow } from '../../database/discriminator.ts';
import { primaryKeyOf, relationsOf } from '../../database/relations.ts';
import { readPage } from '../../database/row-page.ts';
import { tablesOf } from '../../database/table.ts';
import { isSameTable } from '../../database/table-id.ts';
import type { Values } from '../../database/values.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import { wordsOf } from '../../shared/text/words.ts';
import type { OpenDatabases } from '../databases.ts';
import type { Resource } from './resource.ts';

/** The maximum number of rows that a message names. */
const MAX_NAMED = 3;

/** A foreign key of an entity that may refer to the row. */
interface Inward {
  readonly database: Database;
  readonly metadata: EntityMetadata;
  /** The name in errors: `orders.order.userId`. */
  readonly label: string;
  /** Property -> its value in a referring row. */
  readonly values: Readonly<Values>;
}

/** @param em of the transaction that deletes the row @returns an error for each property through which other rows refer to it */
export async function referringErrors(
  databases: OpenDatabases,
  resource: Resource,
  em: EntityManager,
  row: Values,
): Promise<RecordError[]> {
  const errors: RecordError[] = [];
  for (const inward of [...relationsTo(resource, row), ...(await referencesTo(databases, resource, row))]) {
    // the transaction may use the only connection of its database
    const reader = inward.database === resource.database ? em : inward.database.fork();
    errors.push(...(await errorOf(inward, reader, resource, row)));
  }
  return errors;
}

async function errorOf(
  inward: Inward,
  em: EntityManager,
  { database, table }: Resource,
  deleted: Values,
): Promise<RecordError[]> {
  const key = primaryKeyOf(inward.metadata);
  const { rows } = await readPage(inward.database, em, inward.metadata, {
    conditions: Object.entries(inward.values).map(([property, value]) => ({ property, comparison: '=', value })),
    order: key.properties,
    isDescending: false,
    limit: MAX_NAMED + 2,
  });
  const isItself = inward.database === database && isSameTable(inward.metadata, table.metadata);
  const own = isItself ? key.of(deleted) : undefined;
  const others = rows.map((row) => key.of(row)).filter((id) => own === undefined || id !== own);
  if (others.length === 0) {
    return [];
  }
  const named = others.slice(0, MAX_NAMED).map((id) => String(key.shown(id)));
  const more = others.length > MAX_NAMED ? ', and more' : '';
  const noun = wordsOf(inward.metadata.className);
  const property = inward.label.split('.').at(-1);
  const message = `${property} of ${noun} ${named.join(', ')}${more} in ${inward.database.name} refers to it`;
  return [{ property: inward.label, code: 'reference', message }];
}

/** Relations to the row within its database. */
function relationsTo({ database, table }: Resource, row: Values): Inward[] {
  return [...database.orm.getMetadata().getAll().values()].flatMap((owner) =>
    relationsOf(owner as EntityMetadata)
      .filter(({ target }) => isSameTable(target, table.metadata))
      .map(({ name, key, targetKey }) => ({
        database,
        metadata: owner as EntityMetadata,
        label: `${database.name}.${wordsOf((owner as EntityMetadata).className)}.${name}`,
        values: {
          ...Object.fromEntries(key.properties.map((one, index) => [one, row[targetKey.properties[index] ?? '']])),
          ...classOf(owner as EntityMetadata),
        },
      })),
  );
}

/** Limits a relation to the rows of one class: subclasses in the same table inherit it, and have rows of their own. */
function classOf(owner: EntityMetadata): Values {
  const { property, own } = discriminatorOf(owner) ?? {};
  return property === undefined || own === undefined ? {} : { [property]: own };
}

/** Configured references to the row, in all existing databases. */
async function referencesTo(databases: OpenDatabases, { database, table }: Resource, row: Values): Promise<Inward[]> {
  const id = row[table.bulk().primaryKey.properties[0] ?? ''];
  // a row of a class is one of those that it extends as well
  const names = tablesOf(database)
    .filter(({ metadata }) => isSameTable(metadata, table.metadata) && isOwnRow(metadata, row))
    .map(({ declaration }) => declaration.name);
  const found: Inward[] = [];
  for (const declaration of databases.declarations()) {
    for (const { name, entity, references = {} } of declaration.entities) {
      const properties = Object.entries(references)
        .filter(([, to]) => to.database === database.name && names.includes(to.entity))
        .map(([property]) => property);
      const other = properties.length === 0 ? undefined : await databases.openIfThere(declaration.name);
      for (const property of other === undefined ? [] : properties) {
        const metadata = (other as Database).metadataOf(entity);
        const label = `${declaration.name}.${name}.${property}`;
        found.push({ database: other as Database, metadata, label, values: { [property]: id } });
      }
    }
  }
  return found;
}
