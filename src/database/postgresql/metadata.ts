/** Translates SQLite's collations in an entity's decorators to PostgreSQL: text that is compared bytewise, or without ASCII case. */
import type { Configuration, EntityMetadata, EntityProperty, MetadataStorage } from '@mikro-orm/core';
import { MeridianError } from '../../shared/errors.ts';
import { InstantType } from '../../shared/time/instant.type.ts';
import { parseColumnType } from '../column-types.ts';

/** The collation that compares bytes, and whose `lower` only changes A–Z: the same in every database, whatever its locale. */
const BYTES = 'C';

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A quoted table name, with its schema if the name has one. */
export function quoteTable(table: string): string {
  return table.split('.').map(quote).join('.');
}

/** For `discovery.onMetadata`, before MikroORM derives columns from the properties. */
export function adaptMetadata(meta: EntityMetadata): void {
  const props = Object.values(meta.properties);
  const folded = new Set<string>(props.filter(ignoresCase).map(({ name }) => name));
  meta.uniques = meta.uniques.flatMap((unique) => {
    const properties = [unique.properties ?? []].flat().map(String);
    if (!properties.some((name) => folded.has(name))) {
      return [unique];
    }
    if (unique.where !== undefined) {
      throw new MeridianError(
        'usage',
        `${meta.className}: a unique index over ${properties.join(', ')} cannot both ignore case and hold for some rows only.`,
      );
    }
    // a unique index can hold expressions, a constraint cannot; MikroORM compares such indexes only by name, so the name has to contain the
    // columns
    meta.indexes.push({
      properties,
      name: unique.name ?? `${meta.tableName}_${properties.join('_')}_nocase_unique`,
      expression: (columns, table, name) => {
        const keys = properties.map((property) => {
          const column = quote(String(columns[property as keyof typeof columns]));
          return folded.has(property) ? `lower(${column})` : column;
        });
        return `create unique index ${quote(name)} on ${quote(table.name)} (${keys.join(', ')})`;
      },
    });
    return [];
  });
  for (const prop of props) {
    if (isText(prop)) {
      prop.collation = BYTES;
    }
  }
}

/** Keeps migrations from dropping the tables of other programs in the schema. */
export function keepToOwnTables(metadata: MetadataStorage, config: Configuration): void {
  const own = [...metadata].map(({ tableName }) => tableName.replace(/\W/g, '\\$&')).join('|');
  const options = config.get('schemaGenerator');
  config.set('schemaGenerator', {
    ...options,
    skipTables: [...(options.skipTables ?? []), new RegExp(`^(?!(?:.*[.])?(?:${own})$)`)],
  });
}

function isText({ type, columnTypes = [] }: EntityProperty): boolean {
  // MikroORM has not instantiated custom types yet
  const custom: unknown = type;
  // a property of type text may have a column of another type
  const isTextColumn = columnTypes.every((declaration) => parseColumnType(declaration).kind === 'text');
  return isTextColumn && (type === 'text' || type === 'string' || custom === InstantType);
}

function ignoresCase({ collation }: EntityProperty): boolean {
  return collation?.toLowerCase() === 'nocase';
}
