/** Prepares the databases of a populate: migrated, and with a place for what is rejected. */
import { urlVariable } from '../database/location.ts';
import { applyPending, migrateUp } from '../database/migrations.ts';
import { MeridianError } from '../shared/errors.ts';
import type { PopulateOptions } from './options.ts';
import { advance, type Participant } from './participant.ts';
import { warnOfColumns } from './record/column-warnings.ts';
import { RejectsFile } from './rejects/rejects-file.ts';

/**
 * A database that is not where it used to be would make every stored record that refers to it look dangling.
 *
 * @throws MeridianError `database` when one that is not loaded now is missing while this one holds rows
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

/** Brings a database to its newest schema and makes the rejects file that its load writes. */
export async function prepare(one: Participant, options: PopulateOptions): Promise<void> {
  const { database, em, load } = one;
  const { dryRun, rejectsDirectory, listener } = options;
  if (dryRun) {
    // the whole run takes place in this transaction, and so do the migrations that it needs
    await database.interruptibly(() => applyPending(database, em));
  } else {
    const migrations = await migrateUp(database);
    if (migrations.length > 0) {
      listener?.migrated?.(database.name, migrations);
    }
  }
  // better now, before anything is loaded, than when references are checked
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
