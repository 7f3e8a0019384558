/** From uploaded files to what a populate loads: the settings of the config, and over them those of the request. */
import { dirname } from 'node:path';
import process from 'node:process';
import type { PopulatePlan, Project } from '../../config/module.ts';
import { allTables, type DatabaseDeclaration } from '../../database/declaration.ts';
import { settingsFor, splitSettings } from '../../populate/file-rules.ts';
import { type FileSettings, isForFormat, keysOf } from '../../populate/read/dialect.ts';
import { filesSource } from '../../populate/read/file.ts';
import { type Format, formatNamed } from '../../populate/read/format.ts';
import { contradictionIn, type ValueSettings } from '../../populate/record/value-settings.ts';
import { suggestion } from '../../shared/text/suggest.ts';
import { shown } from '../../shared/text/visible.ts';
import { Problem } from '../problem.ts';
import { columnsOf, type LoadQuery, refused } from './load-query.ts';
import type { UploadedFile } from './upload.ts';

/** @throws Problem 404 for a table that is not in the configuration */
export function refuseUnknownTable(declared: readonly DatabaseDeclaration[], table: string): void {
  const names = allTables(declared).map(({ name }) => name);
  if (!names.includes(table)) {
    throw new Problem(404, 'unknown', `There is no table "${shown(table)}". ${suggestion(table, names)}`);
  }
}

/** @param declared the databases of the configuration and of its modules @throws Problem 400 or 404 */
export function planOf(
  project: Project,
  declared: readonly DatabaseDeclaration[],
  files: readonly UploadedFile[],
  query: LoadQuery,
): PopulatePlan {
  for (const { table } of files) {
    refuseUnknownTable(declared, table);
  }
  const tables = Map.groupBy(files, ({ table }) => table);
  const named = allTables(declared).filter(({ name }) => tables.has(name));
  const others = named.map(({ database }) => database).filter((one) => !project.databases.includes(one));
  const settings = [...tables].map(
    ([table, of]) => [table, of.map((file) => settingsOf(project, file, query))] as const,
  );
  return {
    catalog: [...project.databases, ...new Set(others)],
    sources: Object.fromEntries(
      settings.map(([table, of]) => {
        const given = (tables.get(table) ?? []).map(({ path, name }, index) => ({
          path,
          called: name,
          settings: of[index]?.file ?? {},
        }));
        return [table, filesSource(given.map(({ called }) => called).join(', '), given)];
      }),
    ),
    columns: columnsOf(query.map, [...tables.keys()]),
    values: Object.fromEntries(settings.map(([table, of]) => [table, of[0]?.values ?? {}])),
  };
}

function settingsOf(
  { files: rules = {}, config }: Project,
  { table, name, format: ofType }: UploadedFile,
  { settings }: LoadQuery,
): { readonly file: FileSettings; readonly values: ValueSettings } {
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
    file: { ...configured.file, ...forFormat(given.file, format), ...(format === undefined ? {} : { format }) },
    values,
  };
}

/** Those that files of this format are read with; all where the format is not known. */
function forFormat(settings: FileSettings, format: Format | undefined): FileSettings {
  const wrong = keysOf(settings).find((key) => format !== undefined && !isForFormat(key, format));
  if (wrong !== undefined) {
    throw refused(`${wrong} is not for files of the format ${format}. Leave it out, or name another format.`);
  }
  return settings;
}
