/** The types of `GET /api/description` and of the state of a database. It has types only, since the page imports it too. */

import type { AnyJson } from '../../shared/json/json-texts.ts';

export interface DatabaseState {
  readonly database: string;
  readonly state: 'ok' | 'missing' | 'failing';
  /** Why it cannot be read. */
  readonly reason: string | null;
}

export interface Target {
  readonly database: string;
  readonly entity: string;
}

export type PropertyKind = 'text' | 'whole' | 'number' | 'boolean' | 'instant' | 'date' | 'json';

export interface Property {
  /** The path in the JSON of a row. */
  readonly path: readonly string[];
  readonly label: string;
  /** The column name in SQL. */
  readonly column: string;
  readonly kind: PropertyKind;
  /** Whether its column stores instants as milliseconds since 1970. */
  readonly isInMilliseconds: boolean;
  /** The parts of its values that accept any JSON. */
  readonly anyJson: AnyJson | null;
  readonly words: readonly string[] | null;
  readonly maxLength: number | null;
  /** Whether rows are shown without it. */
  readonly isHidden: boolean;
  readonly isKey: boolean;
  /** Whether lists can filter and sort by it. */
  readonly isIndexed: boolean;
  /** Whether lists can also filter by a prefix. */
  readonly hasPrefixFilter: boolean;
  /** Whether prefix filters treat A–Z as a–z. */
  readonly ignoresCase: boolean;
  readonly isWritable: boolean;
  /** Whether a new row needs a value. */
  readonly isRequired: boolean;
  readonly target: Target | null;
  /** Whether the target is in another database, so that `expand` reads it. */
  readonly isReference: boolean;
}

export interface Entity {
  readonly name: string;
  readonly table: string;
  readonly noun: string;
  readonly path: string;
  /** The table name in SQL. */
  readonly sql: string;
  /** A condition in SQL for its rows; `null` if all rows of the table are its rows. */
  readonly ownRows: string | null;
  readonly key: readonly string[];
  readonly properties: readonly Property[];
}

export interface DatabaseDescription extends DatabaseState {
  readonly entities: readonly Entity[];
}

export interface Description {
  readonly databases: readonly DatabaseDescription[];
  /** The tables that files can be loaded into, including those of databases that do not exist yet. */
  readonly tables: readonly string[];
  readonly operations: readonly string[];
  /** Script paths of the module screens. */
  readonly screens: readonly string[];
}
