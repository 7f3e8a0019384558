/** `open` for programs: the databases of a config with MikroORM. */
import type { MikroORM } from '@mikro-orm/core';
import type { AbstractSqlDriver, EntityManager } from '@mikro-orm/sql';
import { populatedDatabases } from '../cli/project.ts';
import type { DatabasesConfig, MeridianConfig } from '../config/types.ts';
import type { Database } from '../database/database.ts';
import { MeridianError } from '../shared/errors.ts';
import type { DatabaseName } from './names.ts';
import { projectOf } from './project-of.ts';

/** Which databases are opened. */
export interface OpenOptions<Name extends string = string> {
  /** The databases to open (default: all of the config). */
  readonly databases?: readonly Name[];
}

/** Open databases. `await using` closes them at the end of its block. */
export interface OpenDatabases<Name extends string = string> extends Iterable<Database>, AsyncDisposable {
  /** The MikroORM instance of a database, with the options of the config. */
  orm(database: Name): MikroORM<AbstractSqlDriver, EntityManager>;
  /** A new fork of a database's EntityManager, with its own identity map. */
  em(database: Name): EntityManager;
  close(): Promise<void>;
}

/**
 * Opens databases of a config for a program's own queries, each with its MikroORM instance. The databases must exist and have no pending
 * migrations.
 *
 * ```ts
 * import { open, related } from 'meridian';
 * import { Customer, Shipment } from './entities.ts';
 * import config from './meridian.config.ts';
 *
 * const databases = await open(config);
 * try {
 *   const shipments = await databases.em('shipments').find(Shipment, {}, { limit: 100 });
 *   const customers = await related(databases, shipments, 'customerId', { to: Customer });
 *   console.log(shipments.map((shipment) => customers.get(shipment)?.email));
 * } finally {
 *   await databases.close();
 * }
 * ```
 *
 * @throws MeridianError `database` for a database that does not exist or cannot be opened, `migration` for one with pending migrations
 */
export async function open<Databases extends DatabasesConfig>(
  config: MeridianConfig<Databases>,
  { databases: names = [] }: OpenOptions<DatabaseName<Databases>> = {},
): Promise<OpenDatabases<DatabaseName<Databases>>> {
  const project = await projectOf(config);
  const { choose } = await import('../database/declaration.ts');
  const { openExisting } = await import('../database/open-migrated.ts');
  const wanted = names.length === 0 ? project.databases : choose(populatedDatabases(project), names);
  const opened = new Map<string, Database>();
  const close = async () => {
    await Promise.all([...opened.values()].map((database) => database.close()));
  };
  try {
    for (const declaration of wanted) {
      opened.set(declaration.name, await openExisting(declaration, { filtered: true }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const databaseCalled = (name: string): Database => {
    const database = opened.get(name);
    if (database === undefined) {
      throw new MeridianError('usage', `The database ${name} is not open. Open are ${[...opened.keys()].join(', ')}.`);
    }
    return database;
  };
  return {
    orm: (name) => databaseCalled(name).orm,
    em: (name) => databaseCalled(name).fork(),
    close,
    [Symbol.iterator]: () => opened.values(),
    [Symbol.asyncDispose]: close,
  };
}
