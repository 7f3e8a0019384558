/** The settings of inspected files: those of the options, and those of the config for the files of a table. */
import { dirname } from 'node:path';
import process from 'node:process';
import type { Project } from '../../../config/module.ts';
import { matchesRule, type SettingsOfFile } from '../../../populate/file-rules.ts';
import { FORMATS, type Format } from '../../../populate/read/format.ts';
import { MeridianError } from '../../../shared/errors.ts';
import { givenSettings, settingArguments, settingsOfFiles } from '../populate.settings.ts';

export interface SettingArguments extends Readonly<Record<string, unknown>> {
  readonly format?: readonly string[];
}

export interface InspectedPath {
  readonly path: string;
  readonly settings: SettingsOfFile;
  /** The table whose settings in the config are used. */
  readonly settingsOf: string | undefined;
  /** The equivalent options of populate. */
  readonly options: readonly string[];
}

/** @throws MeridianError `usage` for an invalid setting, and for one that applies to none of the files */
export function settingsOfPaths(
  options: SettingArguments,
  paths: readonly string[],
  table: string | undefined,
  project: Project,
): InspectedPath[] {
  const format = formatOf(options.format ?? []);
  // without a table, the settings apply to all files
  const given = givenSettings(options, table === undefined ? [''] : [table]);
  const tables = paths.map((path) => table ?? tableByPattern(path, project));
  const settings = settingsOfFiles(
    given,
    paths.map((path, index) => ({ name: tables[index] ?? '', path, format })),
    project,
  );
  const named = [...(format === undefined ? [] : ['--format', format]), ...settingArguments(options)];
  return paths.map((path, index) => ({
    path,
    settings: settings[index] ?? { file: {}, values: {} },
    settingsOf: tables[index],
    options: named,
  }));
}

function formatOf(given: readonly string[]): Format | undefined {
  const [first, second] = given;
  if (second !== undefined) {
    throw new MeridianError('usage', `--format is given twice: ${given.join(' and ')}. Keep one of them.`);
  }
  const format = FORMATS.find((name) => name === first?.toLowerCase());
  if (first !== undefined && format === undefined) {
    throw new MeridianError('usage', `--format ${first}: the formats are ${FORMATS.join(', ')}.`);
  }
  return format;
}

/** The table whose settings in the config match the path, if there is exactly one. */
function tableByPattern(path: string, { files = {}, config }: Project): string | undefined {
  const root = config === undefined ? process.cwd() : dirname(config);
  const [table, other] = Object.entries(files)
    .filter(([, rules]) => rules.some((rule) => rule.match !== undefined && matchesRule(rule, path, root)))
    .map(([name]) => name);
  return other === undefined ? table : undefined;
}
