/** Resolves a validated config to the project that the commands work on. */
import { dirname, extname, join, resolve } from 'node:path';
import process from 'node:process';
import type { EntityName } from '@mikro-orm/sql';
import { classOf, type DatabaseDeclaration, tableNameOf } from '../database/declaration.ts';
import { DEFAULT_DIRECTORY } from '../database/location.ts';
import { isRemote } from '../populate/read/places/place.ts';
import { projectRoot } from '../shared/project.ts';
import { declare } from './declare.ts';
import type { Project } from './module.ts';
import { resolveOrm } from './orm.ts';
import { locationIn } from './orm-location.ts';
import type { DatabaseConfig, EntityConfig, MeridianConfig } from './types.ts';
import { isEntity } from './validate.ts';

/**
 * @param file the path of the config, whose folder paths are relative to
 * @throws MeridianError `usage` for MikroORM options that cannot be read, or whose driver Meridian does not support
 */
export async function resolveConfig(file: string, config: MeridianConfig): Promise<Project> {
  const root = dirname(file);
  const { modules = [], rejects, log, maxRejects, allOrNothing, onConflict, onlyNew, strict, limits, serve } = config;
  const entities = entitiesOf(config);
  const databases: DatabaseDeclaration[] = [];
  for (const [name, database] of Object.entries(config.databases)) {
    databases.push(await declarationFrom(name, database, file));
  }
  return {
    config: file,
    databases,
    modules,
    databaseModule: declarationsModule(file),
    files: ofTables(entities, ({ files }) => (files === undefined ? undefined : [files].flat())),
    loads: ofTables(entities, ({ load }) =>
      load === undefined ? undefined : [load].flat().map((path) => placeOf(path, root)),
    ),
    maps: ofTables(entities, ({ map }) => map),
    defaults: {
      ...(rejects === undefined ? {} : { rejects: resolve(root, rejects) }),
      ...(maxRejects === undefined ? {} : { maxRejects }),
      ...(allOrNothing === undefined ? {} : { allOrNothing }),
      ...(onConflict === undefined ? {} : { onConflict }),
      ...(onlyNew === undefined ? {} : { onlyNew }),
      ...(strict === undefined ? {} : { strict }),
      ...(log === undefined ? {} : { log: resolve(root, log) }),
      ...(limits === undefined ? {} : { limits }),
      ...(serve?.run === undefined ? {} : { services: serve.run }),
    },
  };
}

/** Table -> the config of its entity, where the config is more than the class. */
function entitiesOf({ databases }: MeridianConfig): (readonly [string, EntityConfig])[] {
  return Object.entries(databases).flatMap(([name, { entities }]) => {
    const names = Object.keys(entities).map((entity) => ({ name: entity, entity: Object }));
    return Object.entries(entities).flatMap(([entity, config]) =>
      isEntity(config) ? [] : [[tableNameOf({ name, entities: names }, entity), config as EntityConfig] as const],
    );
  });
}

/** Table -> a setting of its entity, where the entity has it. */
function ofTables<Value>(
  entities: readonly (readonly [string, EntityConfig])[],
  said: (entity: EntityConfig) => Value | undefined,
): Record<string, Value> {
  return Object.fromEntries(
    entities.flatMap(([table, entity]) => {
      const value = said(entity);
      return value === undefined ? [] : [[table, value] as const];
    }),
  );
}

function placeOf(path: string, root: string): string {
  return isRemote(path) ? path : resolve(root, path);
}

/** The URL of a module that finds the declarations of a config in another thread. */
function declarationsModule(file: string): string {
  // in the folder of this file, with the same extension
  const url = new URL(`declarations${extname(import.meta.url)}`, import.meta.url);
  url.searchParams.set('config', file);
  return url.href;
}

async function declarationFrom(name: string, config: DatabaseConfig, file: string): Promise<DatabaseDeclaration> {
  const root = dirname(file);
  const declaration = { ...defaultLocation(name, root), ...declare(name, config, root) };
  if (config.orm === undefined) {
    return declaration;
  }
  const { options, entities } = await resolveOrm(name, config.orm, file);
  const location = await locationIn(name, options, process.env);
  const loaded = new Set(declaration.entities.map(({ entity }) => classOf(entity)));
  const others = [...(declaration.others ?? []), ...entities].filter((one) => !loaded.has(classOf(one)));
  return {
    ...declaration,
    entities: declaration.entities.map((one) => ({ ...one, entity: withSchema(one.entity, entities) })),
    others: [...new Map(others.map((one) => [classOf(one), withSchema(one, entities)])).values()],
    orm: options,
    ...(location === undefined ? {} : { location }),
  };
}

/** Where the MikroORM options have a schema for a class, MikroORM knows the entity only by that schema. */
function withSchema(entity: EntityName<object>, entities: readonly EntityName<object>[]): EntityName<object> {
  return entities.find((one) => 'meta' in one && classOf(one) === entity) ?? entity;
}

/** The default location: below the folder of the project, except for Meridian's own databases, which are below the working directory. */
function defaultLocation(name: string, root: string): Pick<DatabaseDeclaration, 'location'> {
  return root === projectRoot
    ? {}
    : { location: { engine: 'sqlite', file: join(root, DEFAULT_DIRECTORY, `${name}.db`) } };
}
