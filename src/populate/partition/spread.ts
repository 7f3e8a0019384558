/**
 * Spreads one source over several databases before anything is loaded. The source is read once, and the records of each database become a
 * source of their own, in a temporary file.
 */
import type { DatabaseDeclaration } from '../../database/declaration.ts';
import { MeridianError } from '../../shared/errors.ts';
import { quoted } from '../../shared/text/visible.ts';
import type { PopulateOptions, Spread } from '../options.ts';
import type { Source } from '../read/source.ts';
import { samplingOf } from '../sources.ts';
import { SpillFiles } from './spill-files.ts';
import { spilledSource, spreadHeadOf } from './spilled-source.ts';
import { ValueClashes } from './value-clashes.ts';
import { ValueColumn } from './value-column.ts';

/** Maximum number of databases: each stays open until the end, with its connection and lock. @internal exported for tests */
export const MAX_SPREAD_DATABASES = 500;

/** Maximum number of values whose databases are cached. */
const MAX_KNOWN = 10_000;

/** Maximum length of a cached value in characters. */
const MAX_KNOWN_CHARACTERS = 1000;

/**
 * @param scratch a directory for the files
 * @returns the options with a source per database in place of the given one; unchanged if there is nothing to spread
 * @throws MeridianError `source` if the source cannot be read to its end, lacks the column, has no value that names a database, or has
 *   several unmapped values that name the same one; `directory` if the files cannot be written
 */
export async function spreadOut(options: PopulateOptions, scratch: string): Promise<PopulateOptions> {
  const { spread, catalog, sources, columns = {}, values = {}, listener } = options;
  const source = spread && sources[spread.database];
  if (spread === undefined || source === undefined) {
    return options;
  }
  const parts = await split(source, spread, scratch, options);
  const { [spread.database]: _, ...others } = sources;
  if (parts.length === 0) {
    listener?.warned?.(spread.database, `${source.name} holds no records: nothing to load for ${spread.database}.`);
  }
  // databases are always locked in this order
  parts.sort((a, b) => (a.declaration.name < b.declaration.name ? -1 : 1));
  const names = parts.map(({ declaration }) => declaration.name);
  return {
    ...options,
    catalog: [...catalog, ...parts.map(({ declaration }) => declaration)],
    sources: { ...others, ...Object.fromEntries(parts.map(({ declaration, part }) => [declaration.name, part])) },
    columns: forEachPart(columns, spread.database, names),
    values: forEachPart(values, spread.database, names),
  };
}

/** Applies what is given for the database of a spread to each of its parts. */
function forEachPart<T>(
  given: Readonly<Record<string, T>>,
  database: string,
  parts: readonly string[],
): Record<string, T> {
  const { [database]: ofParts, ...others } = given;
  return { ...others, ...(ofParts === undefined ? {} : Object.fromEntries(parts.map((name) => [name, ofParts]))) };
}

interface Part {
  readonly declaration: DatabaseDeclaration;
  readonly part: Source;
}

async function split(given: Source, spread: Spread, scratch: string, options: PopulateOptions): Promise<Part[]> {
  // a file may be written to meanwhile, so it is examined
  const kept = await given.keep?.(scratch, samplingOf(options.sample));
  const source = { ...(kept ?? given), name: given.name };
  try {
    return await splitOnce(source, spread, scratch, options);
  } finally {
    await source.release?.();
  }
}

async function splitOnce(
  source: Source,
  spread: Spread,
  scratch: string,
  { listener }: PopulateOptions,
): Promise<Part[]> {
  const open = await source.open();
  try {
    const column = new ValueColumn(spread, source.name, open.columns);
    const files = new SpillFiles(scratch, open.columns);
    const clashes = new ValueClashes(spread, source.name);
    const databaseOf = databaseFinder(spread, source.name, files, clashes);
    let read = 0;
    for await (const chunk of open.records) {
      for (const raw of chunk) {
        const found = raw.problem === undefined ? column.valueOf(raw) : { problem: raw.problem };
        const goal = 'value' in found ? databaseOf(found.value, raw.line) : found;
        if ('database' in goal) {
          files.write(goal.database, raw);
        } else {
          // the fields of a row are an object from here on
          const { number, line, record, file, map, numbers, isSpaced } = raw;
          files.writeToFirst({ number, line, record, file, map, numbers, isSpaced, problem: goal.problem });
        }
      }
      read += chunk.length;
      await files.flushSome();
      listener?.progressed?.(spread.database, open.progress(), read);
    }
    clashes.refuse();
    const spilled = await files.finish();
    if (spilled === undefined) {
      throw new MeridianError(
        'source',
        `${source.name}: no record has a usable value in the column ${spread.column}, so there is no ${spread.noun} to load it into.`,
      );
    }
    const head = spreadHeadOf(open);
    return spilled.map(({ declaration, ...spill }) => ({
      declaration,
      part: spilledSource({
        name: source.name,
        file: source.file,
        identity: source.identity,
        used: column.columns,
        head,
        ...spill,
      }),
    }));
  } finally {
    await open.close();
  }
}

/** The database for records with a value, or why there is none. */
type Goal = { readonly database: string } | { readonly problem: string };

function databaseFinder(
  { column, noun, databaseOf }: Spread,
  source: string,
  files: SpillFiles,
  clashes: ValueClashes,
) {
  const known = new Map<string, Goal>();
  const find = (value: string, line: number): Goal => {
    const declaration = databaseOf(value);
    if (declaration === undefined) {
      return { problem: `${quoted(value)} in the column ${column} cannot be the name of a ${noun}` };
    }
    clashes.note(declaration.name, value, line);
    files.add(declaration);
    if (files.size > MAX_SPREAD_DATABASES) {
      throw new MeridianError(
        'source',
        `${source}: the values in the column ${column} are the names of more than ${MAX_SPREAD_DATABASES} ${noun}s, and each would be a database. Name a column with fewer values, or map several of them to one ${noun}.`,
      );
    }
    return { database: declaration.name };
  };
  return (value: string, line: number): Goal => {
    let goal = known.get(value);
    if (goal === undefined) {
      if (known.size >= MAX_KNOWN) {
        known.clear();
      }
      goal = find(value, line);
      if (value.length <= MAX_KNOWN_CHARACTERS) {
        known.set(value, goal);
      }
    }
    return goal;
  };
}
