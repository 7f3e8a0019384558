/** A load that takes long enough to be disturbed, as a process of its own, and what is left of it afterwards. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedSource } from '../../src/generate/source.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { generators } from '../../src/shop/generators.ts';
import { type CommandOptions, type CommandResult, meridian } from './command.ts';
import { countsOf, populateIn } from './databases.ts';
import { type Place, sqlitePlace } from './engines.ts';
import { makeFolder } from './folder.ts';
import { withSmallTransactions } from './small-transactions.ts';
import { until } from './until.ts';

export const NAMES = catalog.map(({ name }) => name);
const SEED = 1;
const INVALID = 0.05;

export interface Outcome {
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Digests of all rows by id, and of all rejects files. */
  readonly contents: readonly string[];
}

/** `meridian populate` of so many generated records each, some of them invalid or dangling. */
export async function longLoad(
  place: Place,
  count: number,
  { env, during }: Partial<CommandOptions> = {},
): Promise<CommandResult> {
  return meridian(
    ['populate', '--json', '--quiet', '--generate', `${count}`, '--seed', `${SEED}`, '--invalid', `${INVALID}`],
    {
      cwd: place.folder,
      project: await withSmallTransactions(place.folder),
      // what a killed process leaves in the temporary folder goes with the test's
      env: { ...place.environment(...NAMES), TMPDIR: place.folder, ...env },
      ...(during === undefined ? {} : { during }),
    },
  );
}

/** What the same load comes to when nothing disturbs it, in files. */
export async function undisturbed(count: number): Promise<Outcome> {
  const place = sqlitePlace(makeFolder());
  const spec = { count, seed: SEED, invalid: INVALID };
  const sources = Object.fromEntries(NAMES.map((name) => [name, generatedSource(generators, name, spec)]));
  return { counts: countsOf(await populateIn(place, { sources })), contents: await contentsOf(place) };
}

export async function outcomeOf(place: Place, { stdout }: CommandResult): Promise<Outcome> {
  const report: Record<string, Record<string, number>> = JSON.parse(stdout);
  const counts = NAMES.map((name) => {
    const { read = 0, inserted = 0, updated = 0, unchanged = 0, rejected = 0 } = report[name] ?? {};
    return [name, { read, inserted, updated, unchanged, rejected }];
  });
  return { counts: Object.fromEntries(counts), contents: await contentsOf(place) };
}

export async function contentsOf(place: Place): Promise<string[]> {
  const tables = await Promise.all(NAMES.map((name) => place.rowsOf(name)));
  const rejects = NAMES.map((name) => readFileSync(join(place.folder, 'rejects', `${name}.ndjson`)));
  return [...tables.map((rows) => JSON.stringify(rows)), ...rejects].map((content) =>
    createHash('sha256').update(content).digest('hex'),
  );
}

/** How many records of a database the newest run has dealt with; none while there is no run. */
export async function readIn(place: Place, database: string): Promise<number> {
  const [table] = await place.execute(database, `select to_regclass('meridian_runs_${database}') as name`);
  if (table?.['name'] === null) {
    return 0;
  }
  const [run] = await place.execute(database, `select read from meridian_runs_${database} order by id desc limit 1`);
  return Number(run?.['read'] ?? 0);
}

/** Waits until a load has dealt with more than so many records of a database. */
export async function untilRead(place: Place, database: string, more: number): Promise<void> {
  await until(`more than ${more} records of ${database}`, async () => (await readIn(place, database)) > more);
}
