/** The databases that take part in a populate: those that are loaded and those that they refer to. */
import { Database, type EntityManager } from '../databases/database.ts';
import { choose, type DatabaseDeclaration } from '../databases/declaration.ts';
import { urlVariable } from '../databases/location.ts';
import { applyPending, migrateUp } from '../databases/migrations.ts';
import { MeridianError } from '../errors.ts';
import { settleAll } from '../settle.ts';
import { Ledger } from './ledger.ts';
import type { LinesFile } from './lines.ts';
import type { PopulateOptions } from './options.ts';
import type { OpenSource, Source } from './read/source.ts';
import { Columns } from './record/columns.ts';
import { type EntityShape, shapeOf } from './record/shape.ts';
import { Rejects } from './rejects.ts';

/** One database that is loaded, or that a loaded one refers to. */
export interface Participant {
  readonly database: Database;
  readonly shape: EntityShape;
  readonly em: EntityManager;
  readonly loading: Loading | undefined;
}

export interface Loading {
  readonly source: Source;
  readonly open: OpenSource;
  readonly columns: Columns;
  readonly ledger: Ledger;
  rejects: Rejects | undefined;
  /** The records that this run found valid, as long as their references have not been checked. */
  accepted: LinesFile | undefined;
  isChecked: boolean;
  seconds: number;
  failure: Error | undefined;
}

/** The databases to load and those that they refer to, in the order of the catalog. */
export function participating({ catalog, sources }: PopulateOptions): DatabaseDeclaration[] {
  const names = new Set<string>();
  const include = (wanted: readonly string[], why: string) => {
    for (const { name, references = {} } of wanted.length > 0 ? choose(catalog, wanted, why) : []) {
      if (!names.has(name)) {
        names.add(name);
        include(Object.values(references), `, which ${name} refers to`);
      }
    }
  };
  include(Object.keys(sources), '');
  return catalog.filter(({ name }) => names.has(name));
}

export interface OpenedSource {
  readonly source: Source;
  readonly open: OpenSource;
}

export async function openSources(
  declarations: readonly DatabaseDeclaration[],
  { sources }: PopulateOptions,
): Promise<Map<string, OpenedSource>> {
  const wanted = declarations.flatMap(({ name }) => (sources[name] ? [{ name, source: sources[name] }] : []));
  const opened = new Map<string, OpenedSource>();
  try {
    await settleAll(wanted.map(async ({ name, source }) => opened.set(name, { source, open: await source.open() })));
  } catch (error) {
    await Promise.all([...opened.values()].map(({ open }) => open.close()));
    throw error;
  }
  return opened;
}

export function participant(
  declaration: DatabaseDeclaration,
  opened: OpenedSource | undefined,
  { columns: maps, dryRun, databaseOptions }: PopulateOptions,
): Participant {
  const database = new Database(declaration, { ...databaseOptions?.(declaration.name), create: !dryRun });
  const shape = shapeOf(database.metadata);
  const columns = new Columns(shape, maps?.[declaration.name]);
  if (opened?.open.columns) {
    columns.checkHeader(opened.source.name, opened.open.columns);
  }
  const loading = opened && {
    ...opened,
    columns,
    ledger: new Ledger(),
    rejects: undefined,
    accepted: undefined,
    isChecked: false,
    seconds: 0,
    failure: undefined,
  };
  return { database, shape, em: database.fork(), loading };
}

/**
 * A database that is not where it used to be would make every stored record that refers to it look dangling.
 *
 * @throws MeridianError `database` when one that is not loaded now is missing while this one holds rows
 */
export async function refuseMissingTargets(
  { database, em, loading }: Participant,
  participants: readonly Participant[],
): Promise<void> {
  const targets = Object.values(database.declaration.references ?? {});
  const missing = participants.find(
    (one) => one.database.isMissing && !one.loading && targets.includes(one.database.name),
  );
  if (!loading || database.isMissing || !missing || !(await database.holdsRows(em))) {
    return;
  }
  const { name } = missing.database;
  throw new MeridianError(
    'database',
    `${name}: ${missing.database.place} does not exist, but ${database.name} holds rows that refer to it. Restore it, or say where it is with ${urlVariable(name)}.`,
  );
}

/** Brings a database to its newest schema and makes the rejects file that its load writes. */
export async function prepare(one: Participant, options: PopulateOptions): Promise<void> {
  const { database, em, loading } = one;
  const { dryRun, rejectsDirectory, listener } = options;
  if (dryRun) {
    // the whole run takes place in this transaction, and so do the migrations that it needs
    await applyPending(database, em);
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
      `${database.name}: its migrations are recorded, but the table ${database.metadata.tableName} is gone. Restore the database from a backup, or move ${database.place} away to begin anew.`,
    );
  }
  if (!loading) {
    return;
  }
  if (!dryRun && rejectsDirectory !== undefined) {
    loading.rejects = await Rejects.create(rejectsDirectory, database.name);
  }
  if (loading.open.columns) {
    for (const sentence of columnSentences(loading.source.name, loading.columns)) {
      listener?.warned?.(database.name, sentence);
    }
  }
}

/** What is odd about the columns of a source, in sentences for the user. */
export function columnSentences(source: string, { ignored, unmet }: Columns): string[] {
  const sentences = unmet.map((column) => `${source}: no record has a column "${column}", which --map names.`);
  if (ignored.length > 0) {
    const [columns, they] = ignored.length === 1 ? ['column', 'it is'] : ['columns', 'they are'];
    sentences.push(`${source}: no property takes the ${columns} ${ignored.join(', ')}; ${they} ignored.`);
  }
  return sentences;
}

/** Undoes what is not finished (a dry run, a failure) and closes everything. */
export async function release({ em, database, loading }: Participant): Promise<void> {
  if (em.isInTransaction()) {
    await em.rollback();
  }
  if (loading?.isChecked) {
    await loading.accepted?.remove();
  } else {
    // the next run settles what is in it
    await loading?.accepted?.close();
  }
  await loading?.rejects?.discard();
  await database.close();
}
