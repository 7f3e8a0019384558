/** File settings in a config: for all files of a table, or for those whose paths match a pattern. */
import { matchesGlob, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { FILE_SETTINGS, type FileSettings } from './read/dialect.ts';
import { VALUE_SETTINGS, type ValueSettings } from './record/value-settings.ts';

/** How to read files of a table. */
export interface FileRule extends FileSettings, ValueSettings {
  /** The files that it applies to, as a path pattern relative to the config, such as `exports/*.txt`; by default, all. */
  readonly match?: string;
}

/** The settings of a file, by purpose. */
export interface SettingsOfFile {
  readonly file: FileSettings;
  readonly values: ValueSettings;
}

/**
 * @param rules all matching rules are applied; later ones take precedence
 * @param path the file's path, relative to the working directory
 * @param root the folder that patterns are relative to
 */
export function settingsFor(rules: readonly FileRule[], path: string, root: string): SettingsOfFile {
  const all: FileRule = Object.assign({}, ...rules.filter((rule) => matchesRule(rule, path, root)));
  return splitSettings(all);
}

/** Whether a rule applies to a file. */
export function matchesRule({ match }: FileRule, path: string, root: string): boolean {
  return match === undefined || isMatch(path, match, root);
}

export function splitSettings(settings: FileSettings & ValueSettings): SettingsOfFile {
  const only = (names: object) =>
    Object.fromEntries(
      Object.entries(settings).filter(([name, value]) => value !== undefined && Object.hasOwn(names, name)),
    );
  return { file: only(FILE_SETTINGS), values: only(VALUE_SETTINGS) };
}

interface ReadFile {
  readonly values: ValueSettings;
}

/** The files of a table, with the value settings of the table. */
export interface FilesOfTable<File extends ReadFile> {
  readonly values: ValueSettings;
  /** A file has value settings only if they differ from those of the table. */
  readonly files: readonly (Omit<File, 'values'> & Partial<ReadFile>)[];
}

/** The value settings of the first file become those of the table. */
export function filesOfTable<File extends ReadFile>(files: readonly File[]): FilesOfTable<File> {
  const first = files[0]?.values ?? {};
  return {
    values: first,
    files: files.map(({ values, ...file }) => (isDeepStrictEqual(values, first) ? file : { ...file, values })),
  };
}

function isMatch(path: string, pattern: string, root: string): boolean {
  return isUrl(path) || isUrl(pattern)
    ? matchesGlob(path, pattern)
    : matchesGlob(resolve(path), resolve(root, pattern));
}

function isUrl(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
}
