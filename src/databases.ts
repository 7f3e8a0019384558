/**
 * Databases that a module of a project declares and opens itself, beside those that the config names: one for each region, say, or one
 * for reports. They are migrated, locked and checked as the databases of the config are.
 *
 * @packageDocumentation
 */
export type { EntityManager } from '@mikro-orm/sql';
export { declare } from './config/declare.ts';
export type { Row } from './database/columns.ts';
export { Database, type DatabaseOptions } from './database/database.ts';
export type { DatabaseDeclaration } from './database/declaration.ts';
export { eachDatabase, type Result } from './database/each-database.ts';
export type { Engine } from './database/engine.ts';
export { engineOf } from './database/engines.ts';
export { type EntityTables, entityTables } from './database/entity-tables.ts';
export { explained } from './database/explained.ts';
export { changeIdentity, IdentityError, isIdentityError } from './database/identity.ts';
export type { Comparison, Scalar } from './database/json.ts';
export {
  configuredUrl,
  type DatabaseLocation,
  DEFAULT_DIRECTORY,
  locate,
  urlVariable,
} from './database/location.ts';
export { lockDatabase } from './database/lock.ts';
export { refusePending } from './database/migrate.ts';
export { isThere, type OnMigrated, openIfThere, openMigrated } from './database/open-migrated.ts';
export { mikroOrmOptions } from './database/options.ts';
export { ownEntities } from './database/own-migrations.ts';
export { removeDatabase } from './database/remove.ts';
export { withRetry } from './database/retry.ts';
export { statement } from './database/statement.ts';
export { type Table, tablesOf } from './database/table.ts';
export { isOpen } from './loads/plan-run.ts';
export { RunStore } from './loads/run-store.ts';
export { type RunRow, runTables, UNDECIDED_STATES } from './loads/run-tables.ts';
export { loadSamples } from './populate/load-samples.ts';
export { readEnvironmentFile } from './shared/environment-file.ts';
export { type Clocks, clocksOf, type ElapsedClock } from './shared/time/clock.ts';
