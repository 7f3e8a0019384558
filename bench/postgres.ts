/** Meridian and `psql \copy` on a PostgreSQL server: databases of their own for every run. */
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import type { Contestant, Run } from './contestant.ts';
import { populate } from './contestants/meridian.ts';
import { commandVersion } from './machine.ts';
import { DATABASES, data, databaseUrls, meridian } from './places.ts';
import { type Measured, run, type Step } from './process.ts';

/** The prefix of the databases of this benchmark on the server. */
const mark = `meridian_bench_${randomBytes(4).toString('hex')}`;

const fresh = (database: string) => `${mark}_${database}`;
/** With Meridian's tables, and empty: what the databases for `\copy` are copies of. */
const template = (database: string) => `${mark}_${database}_template`;

interface Server {
  readonly contestants: readonly Contestant[];
  /** Of the server. */
  readonly version: string;
  /** Leaves nothing on the server. */
  readonly close: () => Promise<void>;
}

/**
 * @param server URL of a server where databases may be created
 * @param productsInCents `\copy` loads text as it is, so prices are converted for it beforehand
 * @returns the contestants, or why there are none
 * @throws Error when the server refuses, or Meridian cannot migrate there
 */
export async function openServer(server: string, productsInCents: string): Promise<Server | string> {
  if (commandVersion('psql') === undefined) {
    return 'there is no psql on the PATH';
  }
  const url = (database: string) => urlOf(server, database);
  const admin = (statement: string) => administer(server, statement);
  const drop = async (name: (database: string) => string) => {
    for (const database of DATABASES) {
      await admin(`drop database if exists ${name(database)}`);
    }
  };
  const close = async () => {
    await drop(fresh);
    await drop(template);
  };
  const base = {
    isOrm: false,
    unavailable: () => undefined,
    count: async () => {
      const counts: Record<string, number> = {};
      for (const database of DATABASES) {
        const { output } = await run(psql(url(fresh(database)), `select count(*) from ${database}`), data);
        counts[database] = Number(output);
      }
      return counts;
    },
    cleanUp: () => drop(fresh),
  };

  const version = (await admin('show server_version')).output.trim();
  try {
    for (const database of DATABASES) {
      await admin(`create database ${template(database)}`);
    }
    const env = databaseUrls((database) => url(template(database)));
    await run({ command: process.execPath, args: [meridian, 'migrate'], env }, data);
  } catch (error) {
    await close();
    throw error;
  }

  const meridianOnPostgres: Contestant = {
    ...base,
    name: 'meridian',
    title: 'Meridian',
    validates: true,
    async prepare() {
      for (const database of DATABASES) {
        await admin(`create database ${fresh(database)}`);
      }
    },
    steps: (run) => [
      populate(
        run,
        databaseUrls((database) => url(fresh(database))),
      ),
    ],
  };
  const copy: Contestant = {
    ...base,
    name: 'psql',
    title: 'psql \\copy',
    validates: false,
    async prepare() {
      for (const database of DATABASES) {
        await admin(`create database ${fresh(database)} template ${template(database)}`);
      }
    },
    steps: ({ files }: Run) => {
      const columns = {
        users: 'id, name, email',
        products: 'id, sku, name, price_cents',
        orders: 'id, user_id, product_id, quantity',
      };
      return DATABASES.map((database) => {
        const file = database === 'products' ? productsInCents : files[database];
        return psql(
          url(fresh(database)),
          `\\copy ${database} (${columns[database]}) from '${file}' with (format csv, header)`,
        );
      });
    },
  };
  return { contestants: [meridianOnPostgres, copy], version, close };
}

/** The URL of a database of a server. */
export function urlOf(server: string, database: string): string {
  const other = new URL(server);
  other.pathname = `/${database}`;
  return other.href;
}

/** Runs a statement that makes or drops databases. @throws Error when the server refuses */
export function administer(server: string, statement: string): Promise<Measured> {
  const maintenance = new URL(server).pathname.length > 1 ? server : urlOf(server, 'postgres');
  return run(psql(maintenance, statement), data);
}

function psql(url: string, command: string): Step {
  return {
    command: 'psql',
    args: [
      '--no-psqlrc',
      '--quiet',
      '--tuples-only',
      '--no-align',
      '--set=ON_ERROR_STOP=1',
      `--dbname=${url}`,
      `--command=${command}`,
    ],
    // a notice that there was nothing to drop is not shown
    env: { PGOPTIONS: '-c client_min_messages=warning' },
  };
}
