/** The same for all databases, those of tables and documents on MongoDB, which has indexes where others have migrations. */
import type { Database } from '../../database/database.ts';
import { choose } from '../../database/declaration.ts';
import { type EachOptions, eachDatabase, type Result } from '../../database/each-database.ts';
import type { MigrationStatus } from '../../database/migrations.ts';
import { asError } from '../../shared/async/settle.ts';
import { documents } from '../catalog.ts';
import { allDatabases } from '../regions/databases.ts';
import { mongodbUrl } from './mongodb/configured-url.ts';

/** What there is of migrations on MongoDB: indexes, by their names. */
export interface MongodbIndexes {
  ensure(): Promise<string[]>;
  pending(): Promise<string[]>;
}

/** The same for each database that is named, or all: documents may be where there are no tables. */
export async function eachWithMongodb<T>(
  given: readonly string[],
  options: EachOptions,
  work: (database: Database) => Promise<T>,
  onMongodb: (mongodb: MongodbIndexes) => Promise<T>,
): Promise<Result<T>[]> {
  const { name } = documents;
  const url = mongodbUrl();
  if (url === undefined || (given.length > 0 && !given.includes(name))) {
    return eachDatabase(choose(allDatabases(), given), options, work);
  }
  const others = given.filter((one) => one !== name);
  const isAlone = given.length > 0 && others.length === 0;
  const results = isAlone ? [] : await eachDatabase(choose(allDatabases(), others), options, work);
  try {
    const { ensureMongodbIndexes, pendingMongodbIndexes } = await import('./mongodb/store.ts');
    const mongodb = { ensure: () => ensureMongodbIndexes(url), pending: () => pendingMongodbIndexes(url) };
    return [...results, { name, value: await onMongodb(mongodb) }];
  } catch (error) {
    return [...results, { name, error: asError(error) }];
  }
}

export async function statusOfMongodb(
  mongodb: MongodbIndexes,
): Promise<MigrationStatus & { readonly missing: boolean }> {
  return { executed: [], pending: await mongodb.pending(), unknown: [], drift: false, missing: false };
}
