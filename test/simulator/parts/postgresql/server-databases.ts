/** The databases of one simulation on a server, with what an operator does to them. SQLite files mirror what is committed, for the oracles. */
import type { Client } from 'pg';
import type { DatabaseOptions } from '../../../../src/database/database.ts';
import { users } from '../../../../src/shop/catalog.ts';
import type { Databases } from '../databases.ts';
import { MISSING_USER_ID } from '../files.ts';
import type { Mirror, MirroredRows } from './mirror.ts';
import type { Server } from './server.ts';

interface Copy {
  readonly tables: MirroredRows;
  /** A sequence that was not used has no value. */
  readonly sequences: readonly { readonly name: string; readonly value: number | null }[];
}

interface OneDatabase {
  /** A connection that is no process's. */
  readonly client: Client;
  readonly tables: readonly string[];
}

const TABLES = `
  select tablename as name from pg_tables
   where schemaname = 'public' and tablename not like 'mikro%' and tablename not like 'meridian%' order by 1`;

const END_OTHERS = `
  select pg_terminate_backend(pid, 5000) from pg_stat_activity
   where datname = current_database() and pid <> pg_backend_pid()`;

export class ServerDatabases implements Databases {
  readonly names: readonly string[];
  readonly #server: Server;
  readonly #mirror: Mirror;
  readonly #open = new Map<string, OneDatabase>();
  /** Names of the server's databases that cannot be reached. */
  readonly #away = new Set<string>();
  /** By what host the running process connects. */
  host: () => string | undefined = () => undefined;
  /** Breaks all connections to one of the server's databases. */
  break: (serverDatabase: string) => void = () => undefined;

  private constructor(server: Server, mirror: Mirror, names: readonly string[]) {
    this.#server = server;
    this.#mirror = mirror;
    this.names = names;
  }

  static async make(server: Server, mirror: Mirror, names: readonly string[]): Promise<ServerDatabases> {
    const databases = new ServerDatabases(server, mirror, names);
    for (const name of names) {
      await server.make(name);
      const client = await server.connect(name);
      const { rows } = await client.query<{ name: string }>(TABLES);
      databases.#open.set(name, { client, tables: rows.map((row) => row.name) });
    }
    return databases;
  }

  options(name: string): DatabaseOptions {
    const location = this.#server.locationOf(name);
    return { location: { ...location, host: this.host() ?? location.host } };
  }

  isAway(serverDatabase: string): boolean {
    return this.#away.has(serverDatabase);
  }

  /** Shows the oracles what is committed now. @param tables all, if it is not said */
  async refresh(name: string, tables?: ReadonlySet<string>): Promise<void> {
    const one = this.#one(name);
    const changed = one.tables.filter((table) => tables?.has(table) !== false);
    if (changed.length > 0) {
      const { rows } = await one.client.query<{ copy: string }>(`select ${rowsOf(changed)}::text as copy`);
      this.#mirror.replace(name, JSON.parse(rows[0]?.copy ?? '{}') as MirroredRows);
    }
  }

  async refreshAll(): Promise<void> {
    for (const name of this.names) {
      await this.refresh(name);
    }
  }

  /** In one statement, so that all rows are of one moment. */
  async backUp(name: string): Promise<string> {
    const { client, tables } = this.#one(name);
    const { rows } = await client.query<{ copy: string }>(`
      select json_build_object('tables', ${rowsOf(tables)}, 'sequences', (
        select coalesce(json_agg(json_build_object('name', sequencename, 'value', last_value)), '[]'::json)
          from pg_sequences where schemaname = 'public'))::text as copy`);
    return rows[0]?.copy ?? '';
  }

  async restore(name: string, copy: string | Buffer): Promise<void> {
    const { client, tables } = this.#one(name);
    await client.query(END_OTHERS);
    await client.query('begin');
    // neither triggers nor foreign keys, as when a dump is loaded
    await client.query("set local session_replication_role = 'replica'");
    for (const table of tables) {
      await client.query(`delete from "${table}"`);
      await client.query(
        `insert into "${table}" overriding system value
         select * from json_populate_recordset(null::"${table}", $1::json -> 'tables' -> '${table}')`,
        [copy],
      );
    }
    for (const { name: sequence, value } of (JSON.parse(String(copy)) as Copy).sequences) {
      await client.query('select setval($1::regclass, $2, $3)', [`"${sequence}"`, value ?? 1, value !== null]);
    }
    await client.query('commit');
    await this.refresh(name);
  }

  /** The connections to the old primary are lost, so no transaction is in the way. */
  async failOver(name: string, copy: string | Buffer): Promise<boolean> {
    await this.restore(name, copy);
    return true;
  }

  /** Of the programs' machine: the server, which all machines share, keeps running. */
  async cutPower(names: readonly string[], stop: () => void): Promise<ReadonlyMap<string, string>> {
    stop();
    return new Map(names.map((name) => [name, 'its processes only']));
  }

  async loadMissingUser(): Promise<boolean> {
    const { client } = this.#one(users.name);
    const { rowCount } = await client.query(
      'insert into users (id, name, email) values ($1, $2, $3) on conflict do nothing',
      [MISSING_USER_ID, 'Late User', 'late.user@example.com'],
    );
    return rowCount === 1;
  }

  async setAway(name: string, isAway: boolean): Promise<void> {
    const database = this.#server.database(name);
    if (isAway) {
      this.#away.add(database);
      this.break(database);
    } else {
      this.#away.delete(database);
    }
  }

  async delete(): Promise<void> {
    for (const [name, { client }] of this.#open) {
      await client.end();
      await this.#server.remove(name);
    }
    this.#mirror.close();
  }

  #one(name: string): OneDatabase {
    const one = this.#open.get(name);
    if (one === undefined) {
      throw new Error(`there is no simulated database ${name}`);
    }
    return one;
  }
}

/** An expression for a JSON object of all rows, by table. */
function rowsOf(tables: readonly string[]): string {
  const rows = tables.map((table) => `'${table}', (select coalesce(json_agg(t), '[]'::json) from "${table}" t)`);
  return `json_build_object(${rows.join(', ')})`;
}
