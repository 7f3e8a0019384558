/** Reads the location of a database from the MikroORM options of a project. */
import { resolve } from 'node:path';
import type { Options } from '@mikro-orm/sql';
import type { DatabaseLocation } from '../database/location.ts';
import { type PostgresqlLocation, parsePostgresqlUrl } from '../database/postgresql/url.ts';
import { MEMORY } from '../database/sqlite/url.ts';
import { MeridianError } from '../shared/errors.ts';

/** Class names of the drivers that Meridian supports -> engine. */
const ENGINES = { SqliteDriver: 'sqlite', PostgreSqlDriver: 'postgresql' } as const;

/** MikroORM's default. */
const DEFAULT_URL = 'postgresql://postgres@127.0.0.1/postgres';

type EngineName = (typeof ENGINES)[keyof typeof ENGINES];

/**
 * @param database its name in the config, for messages, which never have a password
 * @returns `undefined` for options without a driver and a location
 * @throws MeridianError `usage` for an unsupported driver, or options from which no location can be read
 */
export async function locationIn(
  database: string,
  options: Options,
  environment: NodeJS.ProcessEnv,
): Promise<DatabaseLocation | undefined> {
  const engine = engineIn(database, options);
  switch (engine) {
    case 'sqlite':
      return sqliteLocation(database, options);
    case 'postgresql':
      return postgresqlLocation(database, options, environment);
    default:
      return undefined;
  }
}

function engineIn(database: string, { driver, clientUrl, dbName }: Options): EngineName | undefined {
  if (driver === undefined) {
    if (/^postgres(ql)?:/i.test(clientUrl ?? '')) {
      return 'postgresql';
    }
    if (dbName !== undefined || clientUrl !== undefined) {
      throw new MeridianError(
        'usage',
        `databases.${database}.orm names no driver. Import defineConfig from @mikro-orm/sqlite or @mikro-orm/postgresql for its options, which sets it.`,
      );
    }
    return undefined;
  }
  for (let one: object | null = driver; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    if (one.name in ENGINES) {
      return ENGINES[one.name as keyof typeof ENGINES];
    }
  }
  throw new MeridianError(
    'usage',
    `databases.${database}.orm has the driver ${driver.name}, which Meridian has no engine for. ` +
      'It loads SQLite (SqliteDriver of @mikro-orm/sqlite) and PostgreSQL (PostgreSqlDriver of @mikro-orm/postgresql).',
  );
}

function sqliteLocation(database: string, { dbName, baseDir = '.' }: Options): DatabaseLocation {
  if (dbName === undefined || dbName === '') {
    throw new MeridianError('usage', `databases.${database}.orm has no dbName. Name the file of the SQLite database.`);
  }
  return { engine: 'sqlite', file: dbName === MEMORY ? MEMORY : resolve(baseDir, dbName) };
}

async function postgresqlLocation(
  database: string,
  options: Options,
  environment: NodeJS.ProcessEnv,
): Promise<PostgresqlLocation> {
  const { clientUrl, dbName, host, port, user, schema } = options;
  const password = typeof options.password === 'function' ? await options.password() : options.password;
  const fromUrl = clientUrl === undefined ? undefined : parseClientUrl(database, clientUrl, dbName, environment);
  const name = dbName ?? fromUrl?.database;
  if (name === undefined) {
    throw new MeridianError('usage', `databases.${database}.orm has neither dbName nor clientUrl. Name the database.`);
  }
  // as in MikroORM, a single option wins over the URL
  return {
    ...parsePostgresqlUrl(`databases.${database}.orm`, DEFAULT_URL, environment),
    ...fromUrl,
    database: name,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(schema === undefined || schema === '*' ? {} : { schema }),
    ...tlsIn(database, options),
  };
}

function parseClientUrl(
  database: string,
  clientUrl: string,
  dbName: string | undefined,
  environment: NodeJS.ProcessEnv,
): PostgresqlLocation {
  const url = dbName === undefined ? clientUrl : withAnyDatabase(clientUrl);
  return parsePostgresqlUrl(`databases.${database}.orm.clientUrl`, url, environment);
}

/** MikroORM accepts a URL without a database name where `dbName` is set. */
function withAnyDatabase(clientUrl: string): string {
  if (!URL.canParse(clientUrl)) {
    return clientUrl;
  }
  const url = new URL(clientUrl);
  url.pathname = new URL(DEFAULT_URL).pathname;
  return url.href;
}

/** The TLS mode, from `ssl` in the driver options, as `pg` reads it. */
function tlsIn(database: string, { driverOptions }: Options): Pick<PostgresqlLocation, 'sslMode'> | undefined {
  if (typeof driverOptions !== 'object' || driverOptions === null) {
    return undefined;
  }
  const { ssl, connection } = driverOptions as {
    readonly ssl?: unknown;
    readonly connection?: { readonly ssl?: unknown };
  };
  const tls = ssl ?? connection?.ssl;
  if (tls === undefined || tls === false) {
    return undefined;
  }
  const { rejectUnauthorized = true, ...more } = (tls === true ? {} : tls) as { readonly rejectUnauthorized?: boolean };
  if (Object.keys(more).length > 0) {
    throw new MeridianError(
      'usage',
      `databases.${database}.orm.driverOptions.ssl has ${Object.keys(more).join(', ')}, which Meridian does not read. ` +
        'Name the database by its URL variable, with sslmode and sslrootcert.',
    );
  }
  return { sslMode: rejectUnauthorized ? 'verify-full' : 'require' };
}
