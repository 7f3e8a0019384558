/** Merges the project's MikroORM options with Meridian's, which decide driver, connection and entities. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from '@mikro-orm/sql';
import type { DatabaseDeclaration } from './declaration.ts';

/** Options that the location, the engine and the declaration decide. */
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
  // reads have to see earlier writes
  'replicas',
  'entities',
  'entitiesTs',
  'contextName',
  'preferEnvVars',
] as const satisfies readonly (keyof Options)[];

type Discovery = NonNullable<Options['discovery']>;

/** @param own the options that Meridian sets */
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

/** Removes an extension of this name, since the engine's migrator replaces MikroORM's. */
function isNoMigrator(extension: unknown): boolean {
  return !(typeof extension === 'function' && extension.name === 'Migrator');
}

/** Calls both callbacks, the project's first. Does not await them, since MikroORM does not during synchronous discovery. */
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

/** MikroORM's default folders, relative to the project's. */
const MIGRATION_FOLDERS = ['migrations', 'src/migrations', 'dist/migrations', 'build/migrations'];

/** The engine that a project's options are for; `undefined` if they name no driver. */
export function projectEngine({ orm = {}, location }: DatabaseDeclaration): string | undefined {
  return orm.driver === undefined && orm.clientUrl === undefined ? undefined : location?.engine;
}

/** Whether a project has migrations of its own for an engine: those for another driver cannot be used. */
export function hasMigrationsOf(declaration: DatabaseDeclaration, engine: string): boolean {
  return hasMigrations(declaration.orm ?? {}) && (projectEngine(declaration) ?? engine) === engine;
}

/**
 * Whether there are migrations in the folders of the project's options or MikroORM's defaults. They, and the table that records them, are
 * the project's.
 */
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
