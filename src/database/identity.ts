/**
 * The identity of a database: the name of its declaration, stored in a table inside it. A database that is opened under another name,
 * because two URLs lead to the same place or a file was copied, is refused.
 */
import { type EntityName, EntitySchema } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { MeridianError } from '../shared/errors.ts';
import { type DatabaseDeclaration, migrationSet } from './declaration.ts';
import type { Engine } from './engine.ts';
import { urlVariable } from './location.ts';
import { createTable, type OwnTables } from './own-tables.ts';

/** The only row of the table. */
interface IdentityRow {
  id: number;
  /** The name of the declaration: `invoices`, `invoices.north`. */
  name: string;
}

/** A database that is being opened. */
export interface OpenedDatabase {
  readonly declaration: DatabaseDeclaration;
  readonly engine: Engine;
}

/** The error for a database that belongs to another declaration than the one that opens it. */
export class IdentityError extends MeridianError {
  /** The name of the declaration that owns the database. */
  readonly owner: string;

  constructor(owner: string, message: string) {
    super('identity', message);
    this.owner = owner;
  }
}

/** Name prefix of these tables; no other table has it. */
export const IDENTITY_PREFIX = 'meridian_identity_';

const ROW_ID = 1;

const made = new Map<string, EntitySchema<IdentityRow>>();

/** The table is named after the database, such as `meridian_identity_invoices`, since several databases can share a schema. */
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

/** The identity table, as one of Meridian's own. */
export const identityTables: OwnTables = {
  name: 'identity',
  entities: (set) => [identityTable(set) as EntityName<object>],
  tables: (set) => [tableNameOf(set)],
  migrations: (set) => [createTable(tableNameOf(set), { id: 'whole', name: 'text' }, ['id'])],
};

/**
 * @returns whether the database contains the name of its declaration; a new one, or one older than this table, does not
 * @throws MeridianError `identity` if the database belongs to another declaration
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

/** Transfers the database to the declaration of this name. Requires a transaction. */
export async function changeIdentity(em: EntityManager, from: string, to: string): Promise<void> {
  await em.execute(`update ${tableNameOf(from)} set name = ? where id = ${ROW_ID}`, [to]);
}

/** Whether an error says that a database belongs to another declaration, which, unlike a lost connection, a retry cannot resolve. */
export function isIdentityError(error: unknown): error is IdentityError {
  return error instanceof IdentityError;
}

/** Writes the declaration's name into a database without an owner. @throws MeridianError `identity` if another has claimed it meanwhile */
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
