/** Converts the arguments of `meridian populate` to sources and column maps. */
import { configuredFiles, hasLoads } from '../../config/loads.ts';
import type { Project } from '../../config/module.ts';
import { allTables } from '../../database/declaration.ts';
import { generatedSource } from '../../generate/source.ts';
import { filesOfTable } from '../../populate/file-rules.ts';
import { filesSource, nameOfFiles } from '../../populate/read/file.ts';
import { FORMATS, type Format } from '../../populate/read/format.ts';
import type { Source } from '../../populate/read/source.ts';
import { STANDARD_INPUT } from '../../populate/read/text.ts';
import type { ColumnMap } from '../../populate/record/columns.ts';
import type { ValueSettings } from '../../populate/record/value-settings.ts';
import type { OnConflict } from '../../populate/write/classify.ts';
import { MeridianError } from '../../shared/errors.ts';
import { generatedDatabases, generatorsOf } from '../project.ts';
import { specOf } from './generate.arguments.ts';
import { filesOf } from './populate.files.ts';
import { givenSettings, settingOptionIn, settingsOfFiles } from './populate.settings.ts';

/** The options of a load that do not depend on its sources. */
export interface LoadOptions {
  readonly onConflict: OnConflict;
  readonly rejects: string;
  readonly maxRejects?: number | string;
  readonly allOrNothing?: boolean;
  readonly log: string;
  readonly restart?: boolean;
  readonly dryRun?: boolean;
  readonly sample?: number;
  readonly onlyNew?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export interface PopulateArguments extends LoadOptions, Readonly<Record<string, unknown>> {
  readonly format?: readonly string[];
  readonly map?: readonly string[];
  readonly load?: readonly string[];
  readonly generate?: string;
  readonly seed?: string;
  readonly invalid?: string;
}

export interface GivenSources {
  /** Table -> its source. */
  readonly sources: Record<string, Source>;
  /** Table -> settings for the conversion of text to values. */
  readonly values: Record<string, ValueSettings>;
  /** The tables with files from options or the config, without samples. */
  readonly tables: readonly string[];
}

/** @throws MeridianError `usage` for standard input twice, an unknown format, an invalid setting, or files together with `--generate` */
export function sourcesOf(options: PopulateArguments, project: Project): GivenSources {
  const given = filesOf(options, project);
  const generated = generatedSources(options, project, given[0]?.option);
  if (generated) {
    return { sources: generated, values: {}, tables: [] };
  }
  const files = given.length > 0 ? given : configuredFiles(project);
  const named = given.length > 0 || hasLoads(project) ? [...new Set(files.map(({ name }) => name))] : [];
  const formats = formatsOf(options.format ?? [], named);
  if (given.filter(({ path }) => path === STANDARD_INPUT).length > 1) {
    throw new MeridianError('usage', 'Standard input (-) can be given for one table only.');
  }
  for (const { name, path, option } of given) {
    if (path === '') {
      throw new MeridianError('usage', `${option} needs the name of a file.`);
    }
    if (path === STANDARD_INPUT && !formats.has(name)) {
      throw new MeridianError(
        'usage',
        `${option}${option.startsWith('--load ') ? '' : ' -'}: standard input has no extension. Name its format with --format ${FORMATS.join('|')}.`,
      );
    }
  }
  const settings = settingsOfFiles(
    givenSettings(options, named),
    files.map(({ name, path }) => ({ name, path, format: formats.get(name) })),
    project,
  );
  const byTable = Map.groupBy(
    files.map((file, index) => ({
      ...file,
      settings: settings[index]?.file ?? {},
      values: settings[index]?.values ?? {},
    })),
    ({ name }) => name,
  );
  return {
    sources: Object.fromEntries(
      [...byTable].map(([name, of]) => [
        name,
        filesSource(nameOfFiles(of.map(({ given }) => given)), filesOfTable(of).files),
      ]),
    ),
    values: Object.fromEntries([...byTable].map(([name, of]) => [name, filesOfTable(of).values])),
    tables: named,
  };
}

/** A source for every database that can be generated; `undefined` without `--generate`. */
function generatedSources(
  options: PopulateArguments,
  project: Project,
  fileOption: string | undefined,
): Record<string, Source> | undefined {
  const { generate, seed, invalid, format } = options;
  const lone = seed !== undefined ? '--seed' : '--invalid';
  if (generate === undefined) {
    if (seed !== undefined || invalid !== undefined) {
      throw new MeridianError('usage', `${lone} needs --generate <n>.`);
    }
    return undefined;
  }
  if (options.onlyNew) {
    throw new MeridianError('usage', '--only-new is for files, and --generate generates records.');
  }
  if (options.sample !== undefined) {
    throw new MeridianError('usage', '--sample is for files, and --generate says itself how many records there are.');
  }
  const other = fileOption ?? (format ? '--format' : settingOptionIn(options));
  if (other !== undefined) {
    throw new MeridianError('usage', `--generate generates the records, and ${other} is for files: give one of them.`);
  }
  const spec = specOf('--generate', generate, seed, invalid);
  const generators = generatorsOf(project);
  return Object.fromEntries(generatedDatabases(project).map((name) => [name, generatedSource(generators, name, spec)]));
}

/** `ndjson` applies to all files, `<database>=ndjson` to one. @throws MeridianError `usage` for a format that applies to no file */
function formatsOf(given: readonly string[], databases: readonly string[]): Map<string, Format> {
  const formats = new Map<string, Format>();
  const ofEach = new Set<string | undefined>();
  if (given.length > 0 && databases.length === 0) {
    throw new MeridianError('usage', `--format ${given[0]} is for files, and no file is given.`);
  }
  for (const one of given) {
    const [, database, format] = /^(?:([^=]+)=)?(.+)$/.exec(one) ?? [];
    const known = FORMATS.find((name) => name === format?.toLowerCase());
    if (known === undefined) {
      throw new MeridianError('usage', `--format ${one}: the formats are ${FORMATS.join(', ')}.`);
    }
    if (database !== undefined && !databases.includes(database)) {
      throw new MeridianError('usage', `--format ${one}: no file is given for "${database}".`);
    }
    if (ofEach.has(database)) {
      throw new MeridianError(
        'usage',
        `--format is given twice for ${database ?? 'all files'}: ${given.join(' and ')}. Keep one of them.`,
      );
    }
    ofEach.add(database);
    for (const name of database === undefined ? databases : [database]) {
      if (database !== undefined || !formats.has(name)) {
        formats.set(name, known);
      }
    }
  }
  return formats;
}

/** @throws MeridianError `usage` for an unknown table, one that is not loaded, or a property that is mapped twice */
export function columnsOf(
  given: readonly string[] | undefined,
  loaded: readonly string[],
  { databases }: Project,
): Record<string, ColumnMap> {
  const names = allTables(databases).map(({ name }) => name);
  const maps: Record<string, Record<string, string>> = {};
  for (const one of given ?? []) {
    // parcels.depot.name=Name: the table is the longest matching prefix
    const table = names.filter((name) => one.startsWith(`${name}.`)).sort((a, b) => b.length - a.length)[0];
    const [, property = '', column = ''] = /^([^=]+)=(.+)$/.exec(one.slice((table?.length ?? 0) + 1)) ?? [];
    if (table === undefined || property === '') {
      const kind = names.every((name) => !name.includes('.')) ? 'database' : 'table';
      throw new MeridianError(
        'usage',
        `--map ${one}: write <${kind}>.<property>=<column>, where <${kind}> is one of ${names.join(', ')}.`,
      );
    }
    if (!loaded.includes(table)) {
      throw new MeridianError('usage', `--map ${one}: no file is given for "${table}".`);
    }
    const before = maps[table] ?? {};
    if (Object.hasOwn(before, property)) {
      throw new MeridianError(
        'usage',
        `--map names two columns for ${table}.${property}: "${before[property]}" and "${column}". Keep one of them.`,
      );
    }
    maps[table] = { ...before, [property]: column };
  }
  return maps;
}
