/** Turns the declaration of a database into the options of its MikroORM instance. */
import 'reflect-metadata';
import { join } from 'node:path';
import { type EntityMetadata, type EntityProperty, UnderscoreNamingStrategy } from '@mikro-orm/core';
import type { Options } from '@mikro-orm/sql';
import { buildRoot, projectRoot } from '../shared/project.ts';
import { classOf, type DatabaseDeclaration, migrationSet } from './declaration.ts';
import { noteDeclared } from './declared.ts';
import type { ConnectionOptions, Engine } from './engine.ts';
import { engineOf } from './engines.ts';
import { type DatabaseLocation, locationOf } from './location.ts';
import { ownEntities, ownTableNames } from './own-migrations.ts';
import { migratorFor } from './project-migrator.ts';
import { hasMigrationsOf, mergeOptions } from './project-options.ts';
import { UnfilteredEntityManager } from './unfiltered.ts';

/** What a test or a command wants to be different. */
export interface OptionOverrides extends ConnectionOptions {
  readonly location?: DatabaseLocation;
  readonly migrationsDirectory?: string;
  /** Leave the logging of migrations to the caller. */
  readonly silent?: boolean;
  /** Leave the project its filters and its EntityManager: for its programs. */
  readonly filtered?: boolean;
}

/**
 * The options of one database, for `MikroORM.init` and for the MikroORM command line.
 *
 * @throws MeridianError `usage` when the URL in the environment is not understood
 */
export async function mikroOrmOptions(
  declaration: DatabaseDeclaration,
  overrides: OptionOverrides = {},
): Promise<Options> {
  const engine = await engineOf(overrides.location ?? locationOf(declaration), declaration.name);
  return engineOptions(declaration, engine, overrides);
}

/** The same for an engine that is imported. */
export function engineOptions(
  declaration: DatabaseDeclaration,
  engine: Engine,
  overrides: OptionOverrides = {},
): Options {
  const ofEngine = engine.options(overrides, declaration.orm !== undefined);
  const own = ownEntities(declaration);
  const ownClasses = new Set(own.map(classOf));
  return mergeOptions(declaration.orm ?? {}, {
    ...ofEngine,
    entities: [...declaration.entities.map(({ entity }) => entity), ...(declaration.others ?? []), ...own],
    ...(overrides.filtered ? {} : { entityManager: UnfilteredEntityManager }),
    extensions: [migratorFor({ declaration, engine })],
    // nothing is flushed, so nothing need know of assignments; setters that do make a new entity many times slower
    propagationOnPrototype: false,
    discovery: {
      warnWhenNoEntities: false,
      ...ofEngine.discovery,
      onMetadata(meta, platform) {
        if (ownClasses.has(meta.class)) {
          nameColumns(meta);
        }
        noteDeclared(meta);
        return ofEngine.discovery?.onMetadata?.(meta, platform);
      },
    },
    // they have migrations of their own
    schemaGenerator: {
      ...declaration.orm?.schemaGenerator,
      skipTables: [
        ...(declaration.orm?.schemaGenerator?.skipTables ?? []),
        ...ownTableNames(declaration),
        engine.ownMigrationTable,
        // those of earlier versions
        new RegExp(`^(?:.*[.])?meridian_\\w+_${migrationSet(declaration.name).replaceAll('-', '_')}$`),
      ],
    },
    migrations: migrationOptions(declaration, engine, overrides),
  });
}

/** The columns of Meridian's own tables are the same whatever the naming strategy of the project is. */
function nameColumns(meta: EntityMetadata): void {
  const naming = new UnderscoreNamingStrategy();
  for (const property of Object.values<Partial<EntityProperty> & { readonly name: string }>(meta.properties)) {
    property.fieldNames ??= [naming.propertyToColumnName(property.name)];
  }
}

type MigrationOptions = NonNullable<Options['migrations']>;

/** Those that the project's options name, if they are of this engine; else `migrations/<database>/<engine>/`. */
function migrationOptions(
  declaration: DatabaseDeclaration,
  engine: Engine,
  { migrationsDirectory, silent = false, location = engine.location }: OptionOverrides,
): MigrationOptions {
  const { name, orm, root = projectRoot } = declaration;
  const set = migrationSet(name);
  const folder = join('migrations', set, engine.location.engine);
  // written by `migration:create` only
  const decided = { snapshotOnMigrate: false, silent };
  if (migrationsDirectory === undefined && orm !== undefined && hasMigrationsOf(declaration, engine.location.engine)) {
    const { tableName = 'mikro_orm_migrations', snapshotName = snapshotNameOf(declaration.location ?? location) } =
      orm.migrations ?? {};
    return { ...orm.migrations, snapshotName, tableName: inSchemaOf(engine.migrationTable, tableName), ...decided };
  }
  const { migrationsList: _, ...kept } = orm?.migrations ?? {};
  return {
    ...kept,
    path: migrationsDirectory ?? join(root === projectRoot ? buildRoot : root, folder),
    pathTs: migrationsDirectory ?? join(root, folder),
    tableName: engine.migrationTable,
    // named after the database, not after its file
    snapshotName: `.snapshot-${set}`,
    ...decided,
  };
}

/** MikroORM's own, for the place that the project's options say: not for another place, and not for what stands in for a missing one. */
function snapshotNameOf(location: DatabaseLocation): string {
  const name = 'file' in location ? (location.file.split(/[\\/]/).at(-1) ?? '') : location.database;
  return `.snapshot-${name.replaceAll(':', '')}`;
}

/** The place of a table beside another one. */
function inSchemaOf(qualified: string, table: string): string {
  const [schema, other] = qualified.split('.');
  return other === undefined || table.includes('.') ? table : `${schema}.${table}`;
}
