/** The files that the options of `meridian populate` name, with the tables that they are for. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Option } from 'commander';
import type { Project } from '../../config/module.ts';
import { allTables, type DatabaseDeclaration, type TableDeclaration } from '../../database/declaration.ts';
import { FORMATS } from '../../populate/read/format.ts';
import { expandPath } from '../../populate/read/places/expand.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { ListOption } from '../options/list.option.ts';

interface FileArguments extends Readonly<Record<string, unknown>> {
  readonly load?: readonly string[];
}

/** A file, and the table that it is loaded into. */
export interface GivenFile {
  /** The name of the table. */
  readonly name: string;
  readonly path: string;
  /** The given path; a pattern or a folder is expanded to several files. */
  readonly given: string;
  /** The option that named it, for messages: `--users`. */
  readonly option: string;
}

/** File names start with a table or entity name, followed by the format: `depot.csv.gz`. */
const DATA_FILE = new RegExp(`^(.+?)\\.(${FORMATS.join('|')}|jsonl)(\\.(?:gz|bz2|zst|zip))?$`, 'i');

/** The option for the file of a database, or for the folder of a database with several entities. */
export function fileOption({ name, entities }: Pick<DatabaseDeclaration, 'name' | 'entities'>): Option {
  return entities.length === 1
    ? new ListOption(
        `--${name} <file>`,
        `records of ${name}: a file, a folder, a pattern such as '${name}-*.csv', https:// or s3://; several times for several; - reads standard input`,
      )
    : new ListOption(
        `--${name} <folder>`,
        `records of ${name}: a folder with a file for each entity, such as ${entities[0]?.name ?? 'entity'}.csv`,
      );
}

export function loadOption({ databases }: Project): Option {
  const example = allTables(databases).at(-1)?.name ?? 'users';
  return new ListOption(
    '--load <table=file>',
    `the file of a table, such as ${example}=${example}.csv; or a folder with a file for each table, such as ${example}.csv`,
  );
}

/**
 * The files, in the order in which they are loaded.
 *
 * @throws MeridianError `usage` for a file that is given twice, and for an unknown table; `source` for a folder or a pattern without files
 */
export function filesOf(options: FileArguments, { databases }: Project): GivenFile[] {
  const tables = allTables(databases);
  const files = [
    ...databases.flatMap((database) => fromOption(database, options)),
    ...(options.load ?? []).flatMap((one) => fromLoad(one, databases, tables)),
  ];
  const optionsByFile = new Map<string, string>();
  for (const { name, path, option } of files) {
    const key = JSON.stringify([name, path]);
    const before = optionsByFile.get(key);
    if (before !== undefined) {
      const twice = before === option ? `${option} names ${path} twice` : `${before} and ${option} both name ${path}`;
      throw new MeridianError('usage', `${twice} for ${name}. Keep one of them.`);
    }
    optionsByFile.set(key, option);
  }
  return files;
}

/** Expands a path to its files. */
function expanded({ path, ...one }: Omit<GivenFile, 'given'>): GivenFile[] {
  return path === ''
    ? [{ ...one, path, given: path }]
    : expandPath(path).map((file) => ({ ...one, path: file, given: path }));
}

function fromOption(database: DatabaseDeclaration, options: FileArguments): GivenFile[] {
  const { name, entities } = database;
  const paths = (options[fileOption(database).attributeName()] ?? []) as readonly string[];
  const option = `--${name}`;
  return paths.flatMap((path) =>
    entities.length === 1 ? expanded({ name, path, option }) : fromFolder(path, option, tablesOf(database), entityOf),
  );
}

function fromLoad(
  given: string,
  databases: readonly DatabaseDeclaration[],
  tables: readonly TableDeclaration[],
): GivenFile[] {
  const option = `--load ${given}`;
  const [, name, path = ''] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (name === undefined) {
    return fromFolder(given, option, tables, (table) => table.name);
  }
  if (path === '') {
    throw new MeridianError('usage', `${option}: the name of a file is missing after the equals sign.`);
  }
  if (tables.some((table) => table.name === name)) {
    return expanded({ name, path, option });
  }
  const database = databases.find((one) => one.name === name);
  const only = database?.entities.length === 1 ? tablesOf(database)[0] : undefined;
  const named = tables.find((table) => `${table.database.name}.${table.entity.name}` === name) ?? only;
  if (named !== undefined) {
    return expanded({ name: named.name, path, option });
  }
  if (database !== undefined) {
    return fromFolder(path, option, tablesOf(database), entityOf);
  }
  throw new MeridianError(
    'usage',
    `${option}: there is no table "${name}". There are ${tables.map((table) => table.name).join(', ')}.`,
  );
}

function tablesOf(database: DatabaseDeclaration): TableDeclaration[] {
  return allTables([database]);
}

function entityOf({ entity }: TableDeclaration): string {
  return entity.name;
}

/** @param nameOf the file name of a table, without its extension */
function fromFolder(
  folder: string,
  option: string,
  tables: readonly TableDeclaration[],
  nameOf: (table: TableDeclaration) => string,
): GivenFile[] {
  const expected = tables.map((table) => `${nameOf(table)}.csv`).join(', ');
  const files = dataFilesIn(folder, option, expected).map((file) => {
    const base = DATA_FILE.exec(file)?.[1] ?? '';
    const table = tables.find((one) => nameOf(one).toLowerCase() === base.toLowerCase());
    if (table === undefined) {
      throw new MeridianError(
        'usage',
        `${option}: ${join(folder, file)} is named after no table. The files of the folder are called ${expected}. Rename it, or move it away.`,
      );
    }
    return { name: table.name, path: join(folder, file), given: join(folder, file), option: `${option} (${file})` };
  });
  const twice = files.find(({ name }, index) => files.findIndex((one) => one.name === name) < index);
  if (twice !== undefined) {
    throw new MeridianError(
      'usage',
      `${option}: the folder ${folder} holds several files for ${twice.name}: ${files.flatMap(({ name, path }) => (name === twice.name ? path : [])).join(', ')}. Name them with --load, or move all but one away.`,
    );
  }
  if (files.length === 0) {
    throw new MeridianError(
      'usage',
      `${option}: the folder ${folder} holds no data files. They are called ${expected}.`,
    );
  }
  return files;
}

function dataFilesIn(folder: string, option: string, expected: string): string[] {
  try {
    if (statSync(folder).isDirectory()) {
      return readdirSync(folder)
        .filter((file) => DATA_FILE.test(file))
        .sort();
    }
  } catch (error) {
    throw new MeridianError('source', `${option}: the folder ${folder} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  throw new MeridianError('usage', `${option}: ${folder} is no folder. Name one with the files ${expected}.`);
}
