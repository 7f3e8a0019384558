/** `GET /api/description`, and the state of a database, as the server makes them and the page reads them. Types alone: the page has them too. */

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
  /** Its path in the JSON of a row. */
  readonly path: readonly string[];
  readonly label: string;
  /** In SQL. */
  readonly column: string;
  readonly kind: PropertyKind;
  /** Where its values take any JSON. */
  readonly anyJson: AnyJson | null;
  readonly words: readonly string[] | null;
  readonly maxLength: number | null;
  readonly isKey: boolean;
  /** Whether lists filter and sort by it. */
  readonly isIndexed: boolean;
  /** Whether lists also filter by how its text begins. */
  readonly hasPrefixFilter: boolean;
  /** Whether these filters take A–Z as a–z. */
  readonly ignoresCase: boolean;
  readonly isWritable: boolean;
  /** Whether a new row has to have it. */
  readonly isRequired: boolean;
  readonly target: Target | null;
  /** Whether the target is of another database, and `expand` reads it. */
  readonly isReference: boolean;
}

export interface Entity {
  readonly name: string;
  readonly table: string;
  readonly noun: string;
  readonly path: string;
  /** Its table in SQL. */
  readonly sql: string;
  readonly key: readonly string[];
  readonly properties: readonly Property[];
}

export interface DatabaseDescription extends DatabaseState {
  readonly entities: readonly Entity[];
}

export interface Description {
  readonly databases: readonly DatabaseDescription[];
  /** The tables that files are loaded into, also of databases that do not exist yet. */
  readonly tables: readonly string[];
  readonly operations: readonly string[];
  /** Paths of scripts with screens of the project's modules. */
  readonly screens: readonly string[];
}
