/** The MikroORM options of a project under those of Meridian: the project keeps all but the driver, the connection and the entities. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from '@mikro-orm/sql';
import type { DatabaseDeclaration } from './declaration.ts';

/** What the location, the engine and the declaration decide. */
const DECIDED = [
  'driver',
  'dbName',
  'clientUrl',
  'host',
  'port',
  'user',
  'password',
  'schema',
  'charset',
  'collate',
  'pool',
  'driverOptions',
  // rows that are read have to be those that were written
  'replicas',
  'entities',
  'entitiesTs',
  'contextName',
  'preferEnvVars',
] as const satisfies readonly (keyof Options)[];

type Discovery = NonNullable<Options['discovery']>;

/** @param own what Meridian sets */
export function mergeOptions(project: Options, own: Options): Options {
  const kept: Options = { ...project };
  for (const name of DECIDED) {
    delete kept[name];
  }
  return {
    ...kept,
    ...own,
    extensions: [...(project.extensions ?? []).filter(isNoMigrator), ...(own.extensions ?? [])],
    discovery: mergeDiscovery(project.discovery, own.discovery),
    ...connectionHook(project.onCreateConnection, own.onCreateConnection),
  };
}

/** The engine's own migrator stands in for MikroORM's, which an extension of this name is. */
function isNoMigrator(extension: unknown): boolean {
  return !(typeof extension === 'function' && extension.name === 'Migrator');
}

/** Both callbacks are called, the project's first; without waiting, for MikroORM does not wait where it discovers synchronously. */
function mergeDiscovery(project: Discovery = {}, own: Discovery = {}): Discovery {
  return {
    ...project,
    ...own,
    onMetadata(meta, platform) {
      const done = project.onMetadata?.(meta, platform);
      return own.onMetadata?.(meta, platform) ?? done;
    },
    afterDiscovered(storage, platform) {
      const done = project.afterDiscovered?.(storage, platform);
      return own.afterDiscovered?.(storage, platform) ?? done;
    },
  };
}

type Hook = Options['onCreateConnection'];

function connectionHook(project: Hook, own: Hook): Pick<Options, 'onCreateConnection'> {
  if (project === undefined || own === undefined) {
    const hook = project ?? own;
    return hook === undefined ? {} : { onCreateConnection: hook };
  }
  return {
    async onCreateConnection(connection) {
      await project(connection);
      await own(connection);
    },
  };
}

/** MikroORM's own defaults, from the folder of the project. */
const MIGRATION_FOLDERS = ['migrations', 'src/migrations', 'dist/migrations', 'build/migrations'];

/** The engine that the options of a project are for; `undefined` where they name no driver. */
export function projectEngine({ orm = {}, location }: DatabaseDeclaration): string | undefined {
  return orm.driver === undefined && orm.clientUrl === undefined ? undefined : location?.engine;
}

/** Whether a project has migrations of its own that an engine can run: those of a driver are of no use for another one. */
export function hasMigrationsOf(declaration: DatabaseDeclaration, engine: string): boolean {
  return hasMigrations(declaration.orm ?? {}) && (projectEngine(declaration) ?? engine) === engine;
}

/** Whether a project has migrations where its options, or MikroORM's defaults, say: they are the project's, as is the table of those that have run. */
function hasMigrations({ migrations = {}, baseDir = '.' }: Options): boolean {
  return (
    migrations.path !== undefined ||
    migrations.pathTs !== undefined ||
    migrations.migrationsList !== undefined ||
    MIGRATION_FOLDERS.some((folder) => holdsMigrations(join(baseDir, folder)))
  );
}

function holdsMigrations(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => /^Migration.*\.[cm]?[jt]s$/.test(name));
}
