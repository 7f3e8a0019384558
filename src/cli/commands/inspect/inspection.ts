/** The result of `meridian inspect` for a file, for people and programs. */
import type { Table } from '../../../database/table.ts';
import type { ColumnSummary } from '../../../populate/inspect/column-profile.ts';
import { type Broken } from '../../../populate/inspect/file-profile.ts';
import { type Fit, fitsOf, isLoadable } from '../../../populate/inspect/fit.ts';
import { type Hint, hintsOf } from '../../../populate/inspect/hints.ts';
import type { InspectedFile } from '../../../populate/inspect/inspect.ts';
import type { Detected } from '../../../populate/read/source.ts';
import type { ColumnMap } from '../../../populate/record/columns.ts';
import { commandLine } from '../../menu/command-line.ts';
import type { InspectedPath } from './inspect.settings.ts';

export interface InspectedColumn extends ColumnSummary {
  readonly name: string;
  /** The property of the best table that matches the column. */
  readonly property?: string;
}

export interface FitReport extends Omit<Fit, 'shape' | 'matched'> {
  /** Whether the table can be loaded from the file. */
  readonly isLoadable: boolean;
  readonly matched: Readonly<Record<string, string>>;
}

export interface Inspection {
  readonly file: string;
  readonly format?: string;
  readonly records: number;
  /** Whether there are more records than were read. */
  readonly isSample: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The table whose settings in the config were used. */
  readonly settingsOf?: string;
  readonly detected: readonly Omit<Detected, 'file'>[];
  readonly broken: { readonly count: number; readonly examples: readonly Broken[] };
  /** Each column, followed by the members of its objects. */
  readonly columns: readonly InspectedColumn[];
  /** Whether the file has more columns, or its objects more members, than are shown. */
  readonly hasMoreColumns: boolean;
  /** Matching tables, the best first. */
  readonly fits: readonly FitReport[];
  readonly hints: readonly Hint[];
  /** The command that loads the file; `undefined` if it fits no table. */
  readonly command?: string;
  /** The error that stopped the inspection before the end of the file. */
  readonly error?: string;
}

/** @param maps table -> property -> column, also part of the options in `given` */
export function inspectionOf(
  inspected: InspectedFile,
  { path, settings, settingsOf, options }: InspectedPath,
  tables: readonly Table[],
  maps: Readonly<Record<string, ColumnMap>>,
  given: readonly string[],
): Inspection {
  const { name, format, detected, profile, isSample, failure } = inspected;
  const all = profile.all();
  const fits = fitsOf(name, profile.structure(), tables, maps);
  const [best] = fits;
  const hints =
    best === undefined ? [] : hintsOf(best, new Map(all.map(({ path: column, profile: one }) => [column, one])));
  const properties = new Map([...(best?.matched ?? [])].map(([property, column]) => [column, property]));
  return {
    file: name,
    ...(format === undefined ? {} : { format }),
    records: profile.records,
    isSample,
    settings: { ...settings.file, ...settings.values },
    ...(settingsOf === undefined ? {} : { settingsOf }),
    detected: detected.map(({ file: _, ...one }) => one),
    broken: { count: profile.brokenRecords, examples: profile.broken },
    columns: all.map(({ path: column, profile: one, records }) => {
      const property = properties.get(column);
      return { name: column, ...(property === undefined ? {} : { property }), ...one.summary(records) };
    }),
    hasMoreColumns: profile.hasMoreColumns,
    fits: fits.map(reportOf),
    hints,
    ...(best === undefined
      ? {}
      : { command: commandOf(best, path, tables, [...options, ...mapOptions(given, best)], hints) }),
    ...(failure === undefined ? {} : { error: failure.message }),
  };
}

function reportOf({ shape: _, matched, ...fit }: Fit): FitReport {
  return { ...fit, isLoadable: isLoadable({ shape: _, matched, ...fit }), matched: Object.fromEntries(matched) };
}

function mapOptions(given: readonly string[], { table }: Fit): string[] {
  return given.filter((one) => one.startsWith(`${table}.`)).flatMap((one) => ['--map', one]);
}

/** The command, with placeholders in angle brackets for values that the file does not show. */
function commandOf(
  { table: name, missing }: Fit,
  path: string,
  tables: readonly Table[],
  options: readonly string[],
  hints: readonly Hint[],
): string {
  const table = tables.find((one) => one.name === name);
  const isOnly = table?.database.declaration.entities.length === 1;
  const wanted = hints.filter(({ option }) => !options.includes(option));
  return commandLine([
    'populate',
    ...(isOnly ? [`--${name}`, path] : ['--load', `${name}=${path}`]),
    ...options,
    ...missing.flatMap((property) => ['--map', `${name}.${property}=<column>`]),
    ...wanted.flatMap(({ option, value }) => [option, value ?? `<${option.slice(2)}>`]),
  ]);
}
