/** Prepares the databases of a populate: migrates them, and opens their rejects files. */
import { urlVariable } from '../database/location.ts';
import { applyPending, migrateUp } from '../database/migrate.ts';
import { MeridianError } from '../shared/errors.ts';
import type { PopulateOptions } from './options.ts';
import { advance, type Participant } from './participant.ts';
import { warnOfColumns } from './record/column-warnings.ts';
import { RejectsFile } from './rejects/rejects-file.ts';

/**
 * Without the database of their targets, all stored references would count as dangling.
 *
 * @throws MeridianError `database` when a database that is not loaded now is missing, and this one has rows that refer to it
 */
export async function refuseMissingTargets(
  { database, em, load }: Participant,
  participants: readonly Participant[],
): Promise<void> {
  const targets = Object.values(database.declaration.references ?? {});
  const missing = participants.find(
    (one) => one.database.isMissing && one.load === undefined && targets.includes(one.database.name),
  );
  if (load === undefined || database.isMissing || !missing || !(await database.holdsRows(em))) {
    return;
  }
  const { name } = missing.database;
  throw new MeridianError(
    'database',
    `${name}: ${missing.database.engine.absence}, but ${database.name} holds rows that refer to it. Restore it, or say where it is with ${urlVariable(name)}.`,
  );
}

/** Migrates a database to its newest schema, and prepares the rejects file of its load. */
export async function prepare(one: Participant, options: PopulateOptions): Promise<void> {
  const { database, em, load } = one;
  const { dryRun, rejectsDirectory, listener } = options;
  if (dryRun) {
    // the whole run is one transaction, its migrations included
    await database.interruptibly(() => applyPending(database, em));
  } else {
    const migrations = await migrateUp(database);
    if (migrations.length > 0) {
      listener?.migrated?.(database.name, migrations);
    }
  }
  // checked before anything is loaded, not only when references are checked
  if (!(await database.hasTable(em))) {
    throw new MeridianError(
      'database',
      `${database.name}: its migrations are recorded, but the table ${database.metadata.tableName} is gone. Restore the database from a backup, or move ${database.place} away to start with an empty one.`,
    );
  }
  if (load === undefined) {
    return;
  }
  const { source, open, columns } = load;
  const rejects =
    dryRun || rejectsDirectory === undefined ? undefined : await RejectsFile.prepare(rejectsDirectory, database.name);
  advance(one, { kind: 'prepared', rejects, readsOwnRejects: (await rejects?.isFile(source.file)) ?? false });
  if (open.columns) {
    warnOfColumns(database.name, source.name, columns, open.used, listener);
  }
}
