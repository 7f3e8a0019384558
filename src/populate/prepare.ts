/** Prepares the databases of a populate: migrates them, and opens the rejects files. */
import { urlVariable } from '../database/location.ts';
import { applyPending, migrateUp, migrationStatus } from '../database/migrate.ts';
import type { Table } from '../database/table.ts';
import { tableIdOf } from '../database/table-id.ts';
import { refersTo } from '../integrity/references.ts';
import { settleAll } from '../shared/async/settle.ts';
import { MeridianError } from '../shared/errors.ts';
import type { PopulateOptions } from './options.ts';
import { advance, type Participant } from './participant.ts';
import { warnOfColumns } from './record/column-warnings.ts';
import { RejectsFile } from './rejects/rejects-file.ts';

/**
 * Without the targets' database, all stored references would appear to be dangling.
 *
 * @throws MeridianError `database` if a database that is not loaded now is missing, and rows of this one refer to it
 */
export async function refuseMissingTargets(
  { table, em, load }: Participant,
  participants: readonly Participant[],
): Promise<void> {
  const missing = participants.find(
    (one) => one.table.database.isMissing && one.load === undefined && refersTo(table, one.table),
  );
  if (load === undefined || table.database.isMissing || !missing || !(await table.holdsRows(em))) {
    return;
  }
  const { name } = missing.table.database;
  throw new MeridianError(
    'database',
    `${name}: ${missing.table.database.engine.absence}, but ${table.name} holds rows that refer to it. Restore it, or say where it is with ${urlVariable(name)}.`,
  );
}

/** Migrates the databases of the participants to their newest schemas. */
export async function migrateAll(
  participants: readonly Participant[],
  { dryRun, listener }: PopulateOptions,
): Promise<void> {
  const databases = new Map(participants.map(({ table, em }) => [table.database, em]));
  await settleAll(
    [...databases].map(async ([database, em]) => {
      if (dryRun) {
        // the whole run is one transaction, including its migrations
        await database.interruptibly(() => applyPending(database, em));
        return;
      }
      const migrations = await migrateUp(database);
      if (migrations.length > 0) {
        listener?.migrated?.(database.name, migrations);
      }
    }),
  );
}

/** Prepares the rejects file of a load. The database has to be migrated. */
export async function prepare(one: Participant, options: PopulateOptions): Promise<void> {
  const { table, em, load } = one;
  const { dryRun, rejectsDirectory, listener } = options;
  // checked before anything is loaded, not only when references are checked
  if (!(await table.isThere(em))) {
    throw await missingTable(table, dryRun);
  }
  if (load === undefined) {
    return;
  }
  const { source, open, columns } = load;
  const rejects =
    dryRun || rejectsDirectory === undefined ? undefined : await RejectsFile.prepare(rejectsDirectory, table.name);
  advance(one, { kind: 'prepared', rejects, readsOwnRejects: (await rejects?.isFile(source.file)) ?? false });
  if (open.columns) {
    warnOfColumns(table.name, source.name, columns, open.used, listener);
  }
}

async function missingTable(table: Table, dryRun = false): Promise<MeridianError> {
  const { database, metadata } = table;
  // within a dry run's transaction, the only connection is taken
  const hasMigrations = dryRun || (await migrationStatus(database)).executed.length > 0;
  return new MeridianError(
    hasMigrations ? 'database' : 'migration',
    hasMigrations
      ? `${table.name}: its migrations are recorded, but the table ${tableIdOf(metadata)} is gone. Restore the database from a backup, or move ${database.place} away to start with an empty one.`
      : `${table.name}: no migration makes the table ${tableIdOf(metadata)}. Make one with npx meridian migrate:create ${database.name}.`,
  );
}
