/** Makes the plan of a populate from files, with the settings of the config overridden by those of the request. */
import { dirname } from 'node:path';
import process from 'node:process';
import type { PopulatePlan, Project } from '../../config/module.ts';
import { allTables, type DatabaseDeclaration } from '../../database/declaration.ts';
import { filesOfTable, settingsFor, splitSettings } from '../../populate/file-rules.ts';
import { type FileSettings, forFormat, keysOf } from '../../populate/read/dialect.ts';
import { filesSource, nameOfFiles } from '../../populate/read/file.ts';
import { type Format, formatNamed } from '../../populate/read/format.ts';
import { contradictionIn, type ValueSettings } from '../../populate/record/value-settings.ts';
import { suggestion } from '../../shared/text/suggest.ts';
import { shown } from '../../shared/text/visible.ts';
import { Problem } from '../problem.ts';
import { columnsOf, type LoadQuery, refused } from './load-query.ts';

/** @throws Problem 404 for a table that is not in the configuration */
export function refuseUnknownTable(declared: readonly DatabaseDeclaration[], table: string): void {
  const names = allTables(declared).map(({ name }) => name);
  if (!names.includes(table)) {
    throw new Problem(404, 'unknown', `There is no table "${shown(table)}". ${suggestion(table, names)}`);
  }
}

/** A file to load, uploaded or of the server. */
export interface PlannedFile {
  readonly table: string;
  /** Where the file is stored. */
  readonly path: string;
  /** The name for messages and for the patterns of the config. */
  readonly name: string;
  /** The format according to its media type. */
  readonly format?: Format | undefined;
}

/** @param declared the databases of the config and its modules @throws Problem 400 or 404 */
export function planOf(
  project: Project,
  declared: readonly DatabaseDeclaration[],
  files: readonly PlannedFile[],
  query: LoadQuery,
): PopulatePlan {
  for (const { table } of files) {
    refuseUnknownTable(declared, table);
  }
  const planned = files.map((file) => ({ ...file, ...settingsOf(project, file, query) }));
  refuseUnused(query, planned);
  const tables = Map.groupBy(planned, ({ table }) => table);
  const named = allTables(declared).filter(({ name }) => tables.has(name));
  const others = named.map(({ database }) => database).filter((one) => !project.databases.includes(one));
  const byTable = <T>(value: (of: readonly Planned[], table: string) => T) =>
    Object.fromEntries([...tables].map(([table, of]) => [table, value(of, table)]));
  const columns = columnsOf(query.map, [...tables.keys()]);
  return {
    catalog: [...project.databases, ...new Set(others)],
    sources: byTable((of) =>
      filesSource(
        nameOfFiles(of.map(({ name }) => name)),
        filesOfTable(of.map(({ path, name, settings, values }) => ({ path, called: name, settings, values }))).files,
      ),
    ),
    columns: byTable((_, table) => ({ ...project.maps?.[table], ...columns[table] })),
    values: byTable((of) => filesOfTable(of).values),
  };
}

type Planned = PlannedFile & { readonly settings: FileSettings; readonly values: ValueSettings };

/** The settings of the config, overridden by those of the request that apply to this format. */
function settingsOf(
  { files: rules = {}, config }: Project,
  { table, name, format: ofType }: PlannedFile,
  { settings }: LoadQuery,
): Pick<Planned, 'settings' | 'values'> {
  const root = config === undefined ? process.cwd() : dirname(config);
  const configured = settingsFor(rules[table] ?? [], name, root);
  const given = splitSettings(settings);
  const format = given.file.format ?? configured.file.format ?? formatNamed(name) ?? ofType;
  const values = { ...configured.values, ...given.values };
  const contradiction = contradictionIn(values);
  if (contradiction !== undefined) {
    throw refused(contradiction);
  }
  return {
    settings: { ...configured.file, ...forFormat(given.file, format), ...(format === undefined ? {} : { format }) },
    values,
  };
}

/** @throws Problem 400 for a setting that applies to none of the files */
function refuseUnused({ settings }: LoadQuery, files: readonly Planned[]): void {
  const unused = keysOf(splitSettings(settings).file).find((key) =>
    files.every((file) => file.settings[key] === undefined),
  );
  if (unused !== undefined) {
    const formats = [...new Set(files.flatMap((file) => file.settings.format ?? []))].join(', ');
    throw refused(`${unused} is not for files of the format ${formats}. Leave it out, or name another format.`);
  }
}
