/** What the server says about its databases: `GET /api/description`. */

interface Target {
  readonly database: string;
  readonly entity: string;
}

export interface Property {
  readonly path: readonly string[];
  readonly label: string;
  readonly column: string;
  readonly kind: string;
  readonly words: readonly string[] | null;
  readonly maxLength: number | null;
  readonly isKey: boolean;
  readonly isIndexed: boolean;
  readonly isWritable: boolean;
  readonly isRequired: boolean;
  readonly target: Target | null;
  readonly isReference: boolean;
}

export interface Entity {
  readonly name: string;
  readonly table: string;
  readonly noun: string;
  readonly path: string;
  readonly sql: string;
  readonly key: readonly string[];
  readonly properties: readonly Property[];
}

interface DatabaseDescription {
  readonly database: string;
  readonly state: string;
  readonly reason: string | null;
  readonly entities: readonly Entity[];
}

export interface Description {
  readonly databases: readonly DatabaseDescription[];
  /** The tables that files are loaded into, also of databases that do not exist yet. */
  readonly tables: readonly string[];
  readonly operations: readonly string[];
}

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

/** The parts of the key of a row, as a path has them. */
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

/** The properties that refer to an entity, of all entities. */
export function referringTo({ databases }: Description, database: string, entity: string): readonly Referring[] {
  return databases.flatMap((of) =>
    of.entities.flatMap((one) =>
      one.properties
        .filter(({ target }) => target?.database === database && target.entity === entity)
        .map((property) => ({ database: of.database, entity: one, property })),
    ),
  );
}
