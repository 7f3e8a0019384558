/**
 * Whose a database is: the name of its declaration, in a table of its own inside it. A database that is opened under another
 * name, because two URLs name one place or a file was copied, is refused.
 */
import { type EntityName, EntitySchema } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { MeridianError } from '../shared/errors.ts';
import { type DatabaseDeclaration, migrationSet } from './declaration.ts';
import type { Engine } from './engine.ts';
import { urlVariable } from './location.ts';
import { createTable, type OwnTables } from './own-tables.ts';

/** The one row of the table. */
interface IdentityRow {
  id: number;
  /** Of the declaration: `invoices`, `invoices.north`. */
  name: string;
}

/** A database that is being opened. */
export interface OpenedDatabase {
  readonly declaration: DatabaseDeclaration;
  readonly engine: Engine;
}

/** A database belongs to another declaration than the one that it was opened as. */
export class IdentityError extends MeridianError {
  /** The name of the declaration that it belongs to. */
  readonly owner: string;

  constructor(owner: string, message: string) {
    super('identity', message);
    this.owner = owner;
  }
}

/** With what the names of these tables begin: no other table is called so. */
export const IDENTITY_PREFIX = 'meridian_identity_';

const ROW_ID = 1;

const made = new Map<string, EntitySchema<IdentityRow>>();

/** Named after the database, such as `meridian_identity_invoices`, so that several databases can share one schema. */
function identityTable(database: string): EntitySchema<IdentityRow> {
  const set = migrationSet(database);
  let table = made.get(set);
  if (table === undefined) {
    const tableName = tableNameOf(database);
    table = new EntitySchema<IdentityRow>({
      name: tableName,
      tableName,
      properties: { id: { type: 'integer', primary: true, autoincrement: false }, name: { type: 'text' } },
    });
    made.set(set, table);
  }
  return table;
}

/** The table among Meridian's own. */
export const identityTables: OwnTables = {
  name: 'identity',
  entities: (set) => [identityTable(set) as EntityName<object>],
  tables: (set) => [tableNameOf(set)],
  migrations: (set) => [createTable(tableNameOf(set), { id: 'whole', name: 'text' }, ['id'])],
};

/**
 * @returns whether the database holds the name of its declaration; one that is new, or older than this table, holds none
 * @throws MeridianError `identity` when it belongs to another
 */
export async function checkIdentity(em: EntityManager, { declaration, engine }: OpenedDatabase): Promise<boolean> {
  const { name } = declaration;
  const tables = await engine.identityTables(em, tableNameOf(name));
  const owners = await Promise.all(tables.map((table) => ownerOf(em, table)));
  const other = owners.find((owner) => owner !== undefined && owner !== name);
  if (other !== undefined) {
    throw new IdentityError(
      other,
      `${name}: ${engine.place} is the database of ${other}. ${adviceAgainst(declaration, other)}`,
    );
  }
  return owners.includes(name);
}

/** In a transaction: from now on, the database belongs to the declaration of this name. */
export async function changeIdentity(em: EntityManager, from: string, to: string): Promise<void> {
  await em.execute(`update ${tableNameOf(from)} set name = ? where id = ${ROW_ID}`, [to]);
}

/** Whether an error says that a database belongs to another: unlike a database that is away, it will not come back by itself. */
export function isIdentityError(error: unknown): error is IdentityError {
  return error instanceof IdentityError;
}

/** Writes the name of its declaration into a database that has none. @throws MeridianError `identity` when another has claimed it first */
export async function claim(em: EntityManager, opened: OpenedDatabase): Promise<void> {
  const table = tableNameOf(opened.declaration.name);
  if (await checkIdentity(em, opened)) {
    return;
  }
  await em.execute(`insert into ${table} (id, name) values (${ROW_ID}, ?) on conflict do nothing`, [
    opened.declaration.name,
  ]);
  await checkIdentity(em, opened);
}

async function ownerOf(em: EntityManager, table: string): Promise<string | undefined> {
  const [row] = await em.execute<Pick<IdentityRow, 'name'>[]>(`select name from ${table} where id = ${ROW_ID}`);
  return row?.name;
}

function tableNameOf(database: string): string {
  return `${IDENTITY_PREFIX}${migrationSet(database).replaceAll('-', '_')}`;
}

function adviceAgainst(declaration: DatabaseDeclaration, owner: string): string {
  const { name } = declaration;
  const advice = `Say where the database of ${name} is with ${urlVariable(name)}, or move a copied one away.`;
  const more = declaration.adviceAgainst?.(owner);
  return more === undefined ? advice : `${advice} ${more}`;
}
