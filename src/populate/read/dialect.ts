/**
 * The settings that determine how the bytes of a file become records. They are part of a source's description, for other threads, and of
 * its content digest: with other settings, the same file has other records.
 */
import { MeridianError } from '../../shared/errors.ts';
import { isEncoding } from './encoding/names.ts';
import { FORMATS, type Format, isSeparated, isText } from './format.ts';
import type { SettingRules } from './setting-rules.ts';

/** The settings of a file. Missing ones are detected from its content, or have their default. */
export interface FileSettings {
  readonly format?: Format;
  /** The character between fields. */
  readonly delimiter?: string;
  /** A label such as `windows-1252`, as `TextDecoder` accepts it. */
  readonly encoding?: string;
  /** The character around fields with delimiters or line breaks; `none` if quotes have no special meaning. */
  readonly quote?: string;
  /** Whether to drop white space at both ends of a field (`all`) or to keep it in text (`none`). */
  readonly trim?: 'all' | 'none';
  /** Prefix of comment lines, which are skipped. */
  readonly comment?: string;
  /** Number of lines before the header. */
  readonly skipLines?: number;
  /** The column names of a file without a header. */
  readonly columns?: readonly string[];
  /** The name of a sheet, or its number from 1. */
  readonly sheet?: string | number;
  /** The path of the records in a JSON document: `data.items`. */
  readonly jsonPath?: string;
  /** Whether a broken record stops the load, instead of being rejected. */
  readonly strictFormat?: boolean;
}

export const NO_QUOTE = 'none';

/** Each setting with the allowed values. */
export const FILE_SETTINGS: SettingRules<FileSettings> = {
  format: {
    expected: `one of ${FORMATS.join(', ')}`,
    isRight: (value) => FORMATS.some((format) => format === value),
  },
  delimiter: {
    expected: 'one character other than a quote, a letter, a digit or a line break, such as ; (or tab)',
    isRight: (value) => isCharacter(value) && !/["\p{L}\p{N}]/u.test(value),
  },
  encoding: {
    expected: 'an encoding such as utf-8, utf-16le, windows-1252 or iso-8859-15',
    isRight: (value) => typeof value === 'string' && isEncoding(value),
  },
  quote: {
    expected: `one character other than a letter, a digit or a line break, or ${NO_QUOTE}`,
    isRight: (value) => value === NO_QUOTE || (isCharacter(value) && !/[\p{L}\p{N}\s]/u.test(value)),
  },
  trim: { expected: 'all or none', isRight: (value) => value === 'all' || value === 'none' },
  comment: {
    expected: 'what lines begin with that are comments, such as #',
    isRight: (value) => typeof value === 'string' && /^\S[^\r\n]*$/.test(value),
  },
  skipLines: {
    expected: 'a whole number from 0',
    isRight: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
  columns: {
    expected: 'names of columns, each once',
    isRight: (value) =>
      Array.isArray(value) && value.every(isName) && new Set(value).size === value.length && value.length > 0,
  },
  sheet: {
    expected: 'the name of a sheet, or its number from 1',
    isRight: (value) => isName(value) || (Number.isSafeInteger(value) && Number(value) > 0),
  },
  jsonPath: { expected: 'keys with full stops between them, such as data.items', isRight: isName },
  strictFormat: { expected: 'true or false', isRight: (value) => typeof value === 'boolean' },
};

/** A single character that is not a line break. */
function isCharacter(value: unknown): value is string {
  return typeof value === 'string' && value.length === 1 && !/[\r\n\0\ufeff]/.test(value);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

/** Whether the setting applies to files of this format. */
function isForFormat(setting: keyof FileSettings, format: Format): boolean {
  switch (setting) {
    case 'format':
      return true;
    case 'strictFormat':
      return true;
    case 'jsonPath':
      return format === 'json';
    case 'sheet':
      return format === 'xlsx';
    case 'encoding':
      return isText(format);
    case 'skipLines':
    case 'columns':
      return isSeparated(format) || format === 'xlsx';
    default:
      return isSeparated(format);
  }
}

/** @throws MeridianError `usage` for a setting that does not apply to files of this format */
export function refuseOtherSettings(name: string, format: Format, settings: FileSettings): void {
  const other = keysOf(settings).find((setting) => !isForFormat(setting, format));
  if (other !== undefined) {
    throw new MeridianError(
      'usage',
      `${name} is read as ${format}, and ${optionOf(other)} is not for files of this format. Leave it out, or name the format with --format.`,
    );
  }
}

/** The settings that apply to files of this format; all if the format is unknown. */
export function forFormat(settings: FileSettings, format: Format | undefined): FileSettings {
  const used = keysOf(settings).filter((key) => format === undefined || isForFormat(key, format));
  return Object.fromEntries(used.map((key) => [key, settings[key]]));
}

/** The settings that have a value. */
export function keysOf<Settings extends object>(settings: Settings): (keyof Settings & string)[] {
  return (Object.keys(settings) as (keyof Settings & string)[]).filter((key) => settings[key] !== undefined);
}

/** The command line option for a setting: `--skip-lines`. */
export function optionOf(setting: string): string {
  const names: Readonly<Record<string, string>> = { nulls: 'null' };
  return `--${(names[setting] ?? setting).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * The settings that determine the records of a file, as text. Whether a broken record stops the load is not among them, since the records
 * before it are the same.
 */
export function digestLabel(format: Format, { format: _, strictFormat: __, ...settings }: FileSettings): string {
  const given = keysOf(settings)
    .sort()
    .map((key) => [key, settings[key]]);
  return given.length === 0 ? `${format}\n` : `${format} ${JSON.stringify(given)}\n`;
}
