/** `populate` for programs. */
import { dirname } from 'node:path';
import process from 'node:process';
import type { Project } from '../config/module.ts';
import type { DatabasesConfig, MeridianConfig } from '../config/types.ts';
import { allTables, type TableDeclaration } from '../database/declaration.ts';
import type { Entry } from '../loads/ledger.ts';
import type { SkippedFile } from '../populate/only-new.ts';
import type { FileSettings } from '../populate/read/dialect.ts';
import type { Source } from '../populate/read/source.ts';
import type { ColumnMap } from '../populate/record/columns.ts';
import type { ValueSettings } from '../populate/record/value-settings.ts';
import type { ExceededLimit } from '../populate/rejects/limit-report.ts';
import type { DatabaseReport as TableReport } from '../populate/report.ts';
import { validateSettings } from '../populate/validate-settings.ts';
import { MeridianError } from '../shared/errors.ts';
import type { ReportedTable, TableName } from './names.ts';
import { projectOf } from './project-of.ts';

/** A file of records, with settings that neither its content nor the config provides. */
export interface LoadFile extends Omit<FileSettings, 'columns'>, ValueSettings {
  /** From the working directory: a file, a folder, a pattern such as `exports/*.csv`, `https://` or `s3://`; or a list of such, in their order. */
  readonly file: string | readonly string[];
  /** Property -> its column, where their names differ; or the column names of a file without a header. */
  readonly columns?: Readonly<Record<string, string>> | readonly string[];
}

/** What to load, and how to handle conflicts and rejected records. */
export interface PopulateOptions<Databases extends DatabasesConfig = DatabasesConfig> {
  /** Table -> its file or files; only these tables are loaded (default: the files that the config names, else its samples). */
  readonly load?: { readonly [Table in TableName<Databases>]?: string | readonly string[] | LoadFile };
  /** What to do with a record whose id is stored with other content (default: that of the config, else `reject`). */
  readonly onConflict?: 'reject' | 'update';
  /** Reports what would happen, without writing anything. */
  readonly dryRun?: boolean;
  /** Makes a dry run of this many records from the beginning of each file. */
  readonly sample?: number;
  /**
   * Skips files that a finished run has loaded into the same table, with the same content and settings (default: that of the config, else
   * false).
   */
  readonly onlyNew?: boolean;
  /** Starts from the beginning instead of continuing a stopped run of the same files. */
  readonly restart?: boolean;
  /**
   * The folder for files of rejected records, relative to the working directory; `false` for none (default: that of the config, else
   * `rejects`).
   */
  readonly rejects?: string | false;
  /**
   * The maximum number of rejected records over all tables: 50, or a share such as `'1%'`. Beyond it, the run is stopped, and `exceeded`
   * says why (default: that of the config, else no limit).
   */
  readonly maxRejects?: number | string;
  /** Keeps the rows of all tables only when no record is rejected and no load fails; else `reverted` says why not (default: that of the config, else false). */
  readonly allOrNothing?: boolean;
  /** When the signal is aborted, each load ends after its current batch. The same call continues the run. */
  readonly signal?: AbortSignal;
  /** Called with the records of a batch that were rejected. */
  onRejected?(table: ReportedTable<Databases>, records: readonly Entry[]): void;
  /** Called with a warning, such as that a column matches no property. */
  onWarning?(sentence: string): void;
}

/** The outcome of a populate. */
export interface PopulateResult<Databases extends DatabasesConfig = DatabasesConfig> {
  /** The tables that were loaded. Check the `failure` of each: a failed load does not stop the others. */
  readonly tables: { readonly [Table in ReportedTable<Databases>]?: TableReport };
  readonly seconds: number;
  /** Table -> files that were skipped because of `onlyNew`, with the runs that have loaded them. */
  readonly skipped?: { readonly [Table in ReportedTable<Databases>]?: readonly SkippedFile[] };
  /** Why all rows were reverted, where `allOrNothing` is set. The counts of the tables are those before that. */
  readonly reverted?: MeridianError;
  /** Set when the run was stopped because more records were rejected than `maxRejects` allows. */
  readonly exceeded?: ExceededLimit;
  /** Whether the signal was aborted before the end. */
  readonly interrupted: boolean;
}

/**
 * Loads files into the databases of a config, all of them concurrently. Each record is validated and then inserted, updated, left unchanged
 * or rejected; references between databases are checked after all loads. Pending migrations are applied first.
 *
 * ```ts
 * import { populate } from 'meridian';
 * import config from './meridian.config.ts';
 *
 * const { tables } = await populate(config, {
 *   load: { customers: 'customers.csv', 'parcels.depot': { file: 'depots.txt', format: 'csv' } },
 * });
 * console.log(tables.customers?.inserted, tables['parcels.depot']?.rejected);
 * ```
 *
 * @throws MeridianError when nothing could be loaded: `usage`, `source`, `database`, `migration` or `locked`. A rejected record is not an
 * error.
 */
export async function populate<Databases extends DatabasesConfig>(
  config: MeridianConfig<Databases>,
  options: PopulateOptions<Databases> = {},
): Promise<PopulateResult<Databases>> {
  const project = await projectOf(config);
  const {
    maxRejects = project.defaults?.maxRejects,
    allOrNothing = project.defaults?.allOrNothing,
    onConflict = project.defaults?.onConflict,
    sample,
    dryRun = sample === undefined ? undefined : true,
    // a sample covers only part of a file, so it says nothing about whether the whole file is new
    onlyNew = sample === undefined ? project.defaults?.onlyNew : undefined,
    restart,
    signal,
    onRejected,
    onWarning,
    rejects,
  } = options;
  if (sample !== undefined && !(Number.isSafeInteger(sample) && sample > 0)) {
    throw new MeridianError('usage', `sample has to be a whole number from 1, and not ${sample}.`);
  }
  if (sample !== undefined && !dryRun) {
    throw new MeridianError('usage', 'sample is for a dry run. Leave dryRun: false out.');
  }
  const rejectsDirectory = rejects === false ? undefined : (rejects ?? project.defaults?.rejects ?? 'rejects');
  const { populate: load } = await import('../populate/populate.ts');
  const { databases, seconds, interrupted, exceeded, reverted, skipped } = await load({
    catalog: project.databases,
    ...(await sourcesOf(project, options.load)),
    ...(onConflict === undefined ? {} : { onConflict }),
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(allOrNothing === undefined ? {} : { allOrNothing }),
    ...(maxRejects === undefined ? {} : { maxRejects }),
    ...(sample === undefined ? {} : { sample }),
    ...(onlyNew === undefined ? {} : { onlyNew }),
    ...(restart === undefined ? {} : { restart }),
    ...(signal === undefined ? {} : { signal }),
    ...(rejectsDirectory === undefined ? {} : { rejectsDirectory }),
    ...project.defaults?.limits,
    ...(project.databaseModule === undefined ? {} : { databaseModule: project.databaseModule }),
    listener: {
      rejected: (table, records) => onRejected?.(table as ReportedTable<Databases>, records),
      warned: (_, sentence) => onWarning?.(sentence),
    },
  });
  const tables = databases as PopulateResult<Databases>['tables'];
  return {
    tables,
    seconds,
    interrupted,
    ...(skipped && { skipped: skipped as NonNullable<PopulateResult<Databases>['skipped']> }),
    ...(exceeded && { exceeded }),
    ...(reverted && { reverted }),
  };
}

type Load = Readonly<Record<string, string | readonly string[] | LoadFile | undefined>>;

interface Sources {
  readonly sources: Record<string, Source>;
  readonly columns: Record<string, ColumnMap>;
  readonly values: Record<string, ValueSettings>;
}

async function sourcesOf(project: Project, load: Load | undefined): Promise<Sources> {
  const { databases, files = {}, maps = {}, config } = project;
  const { filesSource, nameOfFiles } = await import('../populate/read/file.ts');
  const { expandPath } = await import('../populate/read/places/expand.ts');
  const { filesOfTable, settingsFor } = await import('../populate/file-rules.ts');
  const root = config === undefined ? process.cwd() : dirname(config);
  const tables = allTables(databases);
  const sources: Sources = { sources: {}, columns: {}, values: {} };
  for (const [name, file] of Object.entries(load ?? (await configuredIn(project)))) {
    if (file !== undefined) {
      const table = tableCalled(name, tables);
      const { file: path, columns = {}, ...given } = isNamed(file) ? { file } : file;
      const isMap = !isList(columns);
      const settings = { ...given, ...(isMap ? {} : { columns }) };
      validateSettings(`load.${name}`, settings);
      const paths = [path].flat();
      const each = paths.flatMap(expandPath).map((one) => {
        const { file: fileSettings, values } = settingsFor([...(files[table] ?? []), settings], one, root);
        return { path: one, settings: fileSettings, values };
      });
      const { values, files: all } = filesOfTable(each);
      sources.sources[table] = filesSource(nameOfFiles(paths), all);
      sources.values[table] = values;
      sources.columns[table] = { ...maps[table], ...(isMap ? columns : {}) };
    }
  }
  return sources;
}

function isNamed(file: string | readonly string[] | LoadFile): file is string | readonly string[] {
  return typeof file === 'string' || Array.isArray(file);
}

function isList(columns: ColumnMap | readonly string[]): columns is readonly string[] {
  return Array.isArray(columns);
}

async function configuredIn(project: Project): Promise<Load> {
  const { configuredFiles } = await import('../config/loads.ts');
  const files = Map.groupBy(configuredFiles(project), ({ name }) => name);
  return Object.fromEntries([...files].map(([name, of]) => [name, of.map(({ path }) => path)]));
}

/** The name of a table in results. */
function tableCalled(name: string, tables: readonly TableDeclaration[]): string {
  const table = tables.find((one) => one.name === name || `${one.database.name}.${one.entity.name}` === name);
  if (table === undefined) {
    const known = tables.map((one) => one.name).join(', ');
    throw new MeridianError('usage', `load names "${name}", and the config has no such table. There are ${known}.`);
  }
  return table.name;
}
