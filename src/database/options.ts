/** Turns the declaration of a database into the options of its MikroORM instance. */
import 'reflect-metadata';
import { join } from 'node:path';
import process from 'node:process';
import type { Options } from '@mikro-orm/sql';
import { buildRoot, projectRoot } from '../shared/project.ts';
import { type DatabaseDeclaration, migrationSet } from './declaration.ts';
import { noteDeclared } from './declared.ts';
import type { ConnectionOptions, Engine } from './engine.ts';
import { engineOf } from './engines.ts';
import { identityTable, migratorFor } from './identity.ts';
import { type DatabaseLocation, locate } from './location.ts';

/** What a test or a command wants to be different. */
export interface OptionOverrides extends ConnectionOptions {
  readonly location?: DatabaseLocation;
  /** Instead of the one that the location says. */
  readonly engine?: Engine;
  readonly migrationsDirectory?: string;
  /** Leave the logging of migrations to the caller. */
  readonly silent?: boolean;
}

/**
 * The options of one database, for `MikroORM.init` and for the MikroORM command line.
 *
 * @throws MeridianError `usage` when the URL in the environment is not understood
 */
export function mikroOrmOptions(declaration: DatabaseDeclaration, overrides: OptionOverrides = {}): Options {
  const location = overrides.location ?? locate(declaration.name, process.env, declaration.otherUrls);
  const engine = overrides.engine ?? engineOf(location, declaration.name);
  const set = migrationSet(declaration.name);
  const migrations = join('migrations', set, location.engine);
  const ofEngine = engine.options(overrides);
  return {
    ...ofEngine,
    entities: [
      ...declaration.entities.map(({ entity }) => entity),
      ...(declaration.others ?? []),
      identityTable(declaration.name),
      ...(declaration.tables ?? []),
    ],
    extensions: [migratorFor({ declaration, engine })],
    // nothing is flushed, so nothing need know of assignments; setters that do make a new entity many times slower
    propagationOnPrototype: false,
    discovery: {
      warnWhenNoEntities: false,
      ...ofEngine.discovery,
      onMetadata(meta, platform) {
        noteDeclared(meta);
        return ofEngine.discovery?.onMetadata?.(meta, platform);
      },
    },
    migrations: {
      path: overrides.migrationsDirectory ?? join(buildRoot, migrations),
      pathTs: overrides.migrationsDirectory ?? join(projectRoot, migrations),
      tableName: engine.migrationTable,
      // named after the database, not after its file, and written by `migration:create` only
      snapshotName: `.snapshot-${set}`,
      snapshotOnMigrate: false,
      silent: overrides.silent ?? false,
    },
  };
}
