/** Converts the declaration of a database to the options of its MikroORM instance. */
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

/** Options that a test or command overrides. */
export interface OptionOverrides extends ConnectionOptions {
  readonly location?: DatabaseLocation;
  readonly migrationsDirectory?: string;
  /** Disables MikroORM's log of migrations; the caller reports them. */
  readonly silent?: boolean;
  /** Keeps the project's filters and EntityManager: for its own programs. */
  readonly filtered?: boolean;
}

/**
 * The options of one database, for `MikroORM.init` and MikroORM's command line.
 *
 * @throws MeridianError `usage` if the URL in the environment is not supported
 */
export async function mikroOrmOptions(
  declaration: DatabaseDeclaration,
  overrides: OptionOverrides = {},
): Promise<Options> {
  const engine = await engineOf(overrides.location ?? locationOf(declaration), declaration.name);
  return engineOptions(declaration, engine, overrides);
}

/** The same for an engine that is already imported. */
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
    // relations need not be propagated, since nothing is flushed; the setters for that make creating an entity many times slower
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
    // Meridian's own tables have their own migrations
    schemaGenerator: {
      ...declaration.orm?.schemaGenerator,
      skipTables: [
        ...(declaration.orm?.schemaGenerator?.skipTables ?? []),
        ...ownTableNames(declaration),
        engine.ownMigrationTable,
        // own tables of earlier versions
        new RegExp(`^(?:.*[.])?meridian_\\w+_${migrationSet(declaration.name).replaceAll('-', '_')}$`),
      ],
    },
    migrations: migrationOptions(declaration, engine, overrides),
  });
}

/** Keeps the column names of Meridian's own tables independent of the project's naming strategy. */
function nameColumns(meta: EntityMetadata): void {
  const naming = new UnderscoreNamingStrategy();
  for (const property of Object.values<Partial<EntityProperty> & { readonly name: string }>(meta.properties)) {
    property.fieldNames ??= [naming.propertyToColumnName(property.name)];
  }
}

type MigrationOptions = NonNullable<Options['migrations']>;

/** The migration options of the project, if they are for this engine; else those for `migrations/<database>/<engine>/`. */
function migrationOptions(
  declaration: DatabaseDeclaration,
  engine: Engine,
  { migrationsDirectory, silent = false, location = engine.location }: OptionOverrides,
): MigrationOptions {
  const { name, orm, root = projectRoot } = declaration;
  const set = migrationSet(name);
  const folder = join('migrations', set, engine.location.engine);
  // only `migration:create` writes snapshots
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
    // named after the database, since MikroORM would name it after the file
    snapshotName: `.snapshot-${set}`,
    ...decided,
  };
}

/** MikroORM's default snapshot name for the location in the project's options, also if the database is elsewhere or a stand-in. */
function snapshotNameOf(location: DatabaseLocation): string {
  const name = 'file' in location ? (location.file.split(/[\\/]/).at(-1) ?? '') : location.database;
  return `.snapshot-${name.replaceAll(':', '')}`;
}

/** The table's name, qualified with the schema of another. */
function inSchemaOf(qualified: string, table: string): string {
  const [schema, other] = qualified.split('.');
  return other === undefined || table.includes('.') ? table : `${schema}.${table}`;
}
