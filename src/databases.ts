/**
 * Databases that a module of a project declares and opens itself, besides those that the config names, such as one for each region or one
 * for reports. They are migrated, locked and checked like the databases of the config.
 *
 * @packageDocumentation
 */
export type { EntityManager } from '@mikro-orm/sql';
export { declare } from './config/declare.ts';
export type { Row } from './database/columns.ts';
export { Database, type DatabaseOptions } from './database/database.ts';
export type { DatabaseDeclaration } from './database/declaration.ts';
export { type EntityTables, entityTables } from './database/entity-tables.ts';
export { changeIdentity, isIdentityError } from './database/identity.ts';
export { insertWithNextKeys } from './database/insert-with-next-keys.ts';
export { configuredUrl, DEFAULT_DIRECTORY, urlVariable } from './database/location.ts';
export { lockDatabase } from './database/lock.ts';
export { isThere, type OnMigrated, openIfThere, openMigrated, openToRead } from './database/open-migrated.ts';
export { mikroOrmOptions } from './database/options.ts';
export { placeOf } from './database/place.ts';
export { removeDatabase } from './database/remove.ts';
export { withRetry } from './database/retry.ts';
export { statement } from './database/statement.ts';
export { hasUnfinishedLoad } from './loads/unfinished.ts';
export { loadSamples } from './populate/load-samples.ts';
export { readEnvironmentFile } from './shared/environment-file.ts';
