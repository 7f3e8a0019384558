/** The description of the databases: `GET /api/description`. */
import type { Description, Entity, Property } from '../../http/page-files/description.ts';

export type { DatabaseState, Description, Entity, Property } from '../../http/page-files/description.ts';

export type Row = Readonly<Record<string, unknown>>;

export function entityIn({ databases }: Description, database: string, entity: string): Entity | undefined {
  return databases.find((one) => one.database === database)?.entities.find(({ name }) => name === entity);
}

export function valueAt(row: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined || row === null || typeof row !== 'object') {
    return first === undefined ? row : undefined;
  }
  return valueAt((row as Row)[first], rest);
}

/** The parts of a row's key, as in paths. */
export function keyOf({ key }: Entity, row: Row): readonly string[] {
  return key.map((name) => String(row[name] ?? ''));
}

export function rowPath({ path }: Entity, key: readonly string[]): string {
  return [path, ...key.map(encodeURIComponent)].join('/');
}

export interface Referring {
  readonly database: string;
  readonly entity: Entity;
  readonly property: Property;
}

/** All properties that refer to an entity. */
export function referringTo({ databases }: Description, database: string, entity: string): readonly Referring[] {
  return databases.flatMap((of) =>
    of.entities.flatMap((one) =>
      one.properties
        .filter(({ target }) => target?.database === database && target.entity === entity)
        .map((property) => ({ database: of.database, entity: one, property })),
    ),
  );
}
