/** Opens the database of the server: `MERIDIAN_DATABASE_URL`, else `databases/meridian.db` of the project. */
import { dirname, join } from 'node:path';
import type { Project } from '../../config/module.ts';
import type { Database } from '../../database/database.ts';
import type { DatabaseDeclaration } from '../../database/declaration.ts';
import { type DatabaseLocation, DEFAULT_DIRECTORY } from '../../database/location.ts';
import { openMigrated } from '../../database/open-migrated.ts';
import { MeridianError } from '../../shared/errors.ts';
import { projectRoot } from '../../shared/project.ts';
import { serverTables } from './tables.ts';

const NAME = 'meridian';

/** @throws MeridianError `usage` where a database of the project has its name */
function serverDatabase({ databases, config }: Pick<Project, 'databases' | 'config'>): DatabaseDeclaration {
  if (databases.some(({ name }) => name === NAME)) {
    throw new MeridianError(
      'usage',
      `The project has a database "${NAME}", which is the name of the server's own, with its tokens and audit log. Give the project's another name.`,
    );
  }
  const root = config === undefined ? undefined : dirname(config);
  const isElsewhere = root !== undefined && root !== projectRoot;
  return {
    name: NAME,
    entities: [],
    own: [serverTables],
    ...(isElsewhere ? { location: { engine: 'sqlite', file: join(root, DEFAULT_DIRECTORY, `${NAME}.db`) }, root } : {}),
  };
}

/** Creates the database if it does not exist, and applies pending migrations.
 *
 * @param location overrides the one that the environment configures
 */
export async function openServerDatabase(
  project: Pick<Project, 'databases' | 'config'>,
  location?: DatabaseLocation,
): Promise<Database> {
  const database = await openMigrated(serverDatabase(project), undefined, location && { location });
  // a statement that waits for another process must not block all requests
  await database.engine.neverBlock(database.fork());
  return database;
}
