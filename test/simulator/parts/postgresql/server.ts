/** A PostgreSQL server with a migrated template of each simulated database, which every simulation copies. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type DatabaseLocation, locate, urlVariable } from '../../../../src/database/location.ts';
import { openMigrated } from '../../../../src/database/open-migrated.ts';
import { products, users } from '../../../../src/shop/catalog.ts';
import { declarationsOf, PRODUCT_IDS, USER_IDS } from '../files.ts';

export type PostgresqlLocation = Extract<DatabaseLocation, { readonly engine: 'postgresql' }>;

export class Server {
  /** Of its superuser, without a database. */
  readonly #url: string;
  readonly #admin: Client;
  /** Of the databases of one run: several may use the server at once. */
  readonly #prefix = `simulated_${randomUUID().slice(0, 8)}`;

  private constructor(url: string, admin: Client) {
    this.#url = url;
    this.#admin = admin;
  }

  /**
   * @param url of a superuser, without a database
   * @param regions that simulations may have
   */
  static async open(url: string, regions: readonly string[]): Promise<Server> {
    const admin = new Client({ connectionString: `${url}/postgres` });
    await admin.connect();
    const server = new Server(url, admin);
    try {
      for (const { name } of declarationsOf(regions)) {
        await admin.query(`create database "${server.#template(name)}" template template0`);
      }
      await server.#migrate(regions);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** Name of the server's database that a simulated one is in. */
  database(name: string): string {
    return `${this.#prefix}_${name}`;
  }

  locationOf(name: string): PostgresqlLocation {
    return this.#locate(name, this.database(name));
  }

  async make(name: string): Promise<void> {
    await this.#drop(this.database(name));
    await this.#admin.query(
      `create database "${this.database(name)}" template "${this.#template(name)}" strategy file_copy`,
    );
  }

  async remove(name: string): Promise<void> {
    await this.#drop(this.database(name));
  }

  /** A connection that is no process's, to be ended by the caller. */
  async connect(name: string): Promise<Client> {
    const client = new Client({ connectionString: `${this.#url}/${encodeURIComponent(this.database(name))}` });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** @returns those of the server's processes that wait for a lock */
  async waiting(backends: readonly number[]): Promise<ReadonlySet<number>> {
    const { rows } = await this.#admin.query<{ pid: number }>(
      "select pid from pg_stat_activity where wait_event_type = 'Lock' and pid = any($1)",
      [backends],
    );
    return new Set(rows.map(({ pid }) => pid));
  }

  /** Drops everything that this run has made. */
  async close(): Promise<void> {
    const { rows } = await this.#admin.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [this.#prefix],
    );
    for (const { datname } of rows) {
      await this.#drop(datname);
    }
    await this.#admin.end();
  }

  async #migrate(regions: readonly string[]): Promise<void> {
    for (const declaration of declarationsOf(regions)) {
      const { name } = declaration;
      const location = this.#locate(name, this.#template(name));
      const database = await openMigrated(declaration, undefined, { location });
      const em = database.fork();
      if (declaration === users) {
        for (const id of USER_IDS) {
          await em.execute(
            `insert into users (id, name, email) values (${id}, 'User ${id}', 'user.${id}@example.com')`,
          );
        }
      }
      if (declaration === products) {
        for (const id of PRODUCT_IDS) {
          await em.execute(`insert into products (id, name, price_cents) values (${id}, 'Product ${id}', ${id * 100})`);
        }
      }
      await database.close();
    }
  }

  #template(name: string): string {
    return `${this.#prefix}_template_${name}`;
  }

  #locate(name: string, database: string): PostgresqlLocation {
    const url = `${this.#url}/${encodeURIComponent(database)}`;
    return locate(name, { [urlVariable(name)]: url }) as PostgresqlLocation;
  }

  async #drop(database: string): Promise<void> {
    await this.#admin.query(`drop database if exists "${database}" with (force)`);
  }
}
