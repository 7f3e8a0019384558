/** The file settings of `meridian populate`: each option applies to all files, or as `<table>=<value>` to those of one table. */
import { dirname } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import type { Project } from '../../config/module.ts';
import { type SettingsOfFile, settingsFor, splitSettings } from '../../populate/file-rules.ts';
import { FILE_SETTINGS, type FileSettings, forFormat, keysOf, optionOf } from '../../populate/read/dialect.ts';
import { type Format, formatNamed } from '../../populate/read/format.ts';
import { contradictionIn, VALUE_SETTINGS, type ValueSettings } from '../../populate/record/value-settings.ts';
import { MeridianError } from '../../shared/errors.ts';
import { ListOption } from '../options/list.option.ts';

type Settings = FileSettings & ValueSettings;
type Name = keyof Settings & string;

interface SettingOption {
  readonly argument: string;
  readonly help: string;
  /** Parses the text of the option. */
  readonly read: (text: string) => unknown;
  /** Whether any text is a valid value, even one that looks like `<table>=<value>`. */
  readonly isFree?: boolean;
  /** Whether the option is repeated for several values. */
  readonly isList?: boolean;
}

const asIs = (text: string) => text;
const listed = (text: string) => text.split(',').map((one) => one.trim());
const wholeNumber = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);

const WORDS: Readonly<Record<string, string>> = {
  tab: '\t',
  '\\t': '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
  space: ' ',
  apostrophe: "'",
};
const character = (text: string) => WORDS[text.toLowerCase()] ?? text;

const OPTIONS: { readonly [Setting in Exclude<Name, 'format' | 'strictFormat'>]: SettingOption } = {
  delimiter: {
    argument: 'character',
    help: 'between two fields: , ; | tab (default: detected)',
    read: character,
    isFree: true,
  },
  encoding: { argument: 'name', help: 'such as windows-1252 or utf-16le (default: detected)', read: asIs },
  quote: { argument: 'character', help: 'around a field, or none (default: ")', read: asIs, isFree: true },
  trim: { argument: 'which', help: 'white space at the ends of text: all of it, or none (default: all)', read: asIs },
  comment: { argument: 'text', help: 'what lines begin with that are comments, such as #', read: asIs, isFree: true },
  skipLines: { argument: 'n', help: 'lines before the header', read: wholeNumber },
  columns: { argument: 'names', help: 'the columns of a file without a header: id,name,email', read: listed },
  sheet: { argument: 'name', help: 'the sheet of a workbook, by its name or number', read: wholeNumber },
  jsonPath: { argument: 'path', help: 'where the records are in a JSON document: data.items', read: asIs },
  decimal: {
    argument: 'sign',
    help: 'the decimal sign of numbers: , or . (default: .)',
    read: character,
    isFree: true,
  },
  thousands: {
    argument: 'sign',
    help: "what groups the digits of numbers: . , ' or space",
    read: character,
    isFree: true,
  },
  currency: { argument: 'signs', help: 'signs of amounts, before or after: €,EUR', read: listed, isFree: true },
  negative: {
    argument: 'form',
    help: 'of numbers below zero, beside -12.50: parentheses for (12.50), trailing for 12.50-',
    read: asIs,
  },
  nulls: { argument: 'texts', help: 'texts that mean no value: NA,N/A,NULL', read: listed, isFree: true },
  dateFormat: {
    argument: 'pattern',
    help: 'of dates and times: dd.MM.yyyy HH:mm',
    read: asIs,
    isFree: true,
    isList: true,
  },
  timezone: { argument: 'zone', help: 'of times that name none: Europe/Berlin', read: asIs },
};

const RULES = { ...FILE_SETTINGS, ...VALUE_SETTINGS };
const NAMES = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];

type SettingArguments = { readonly [Setting in keyof typeof OPTIONS as string]?: unknown };

export function addSettingOptions(command: Command): void {
  command.optionsGroup('How files are read, all of them, or as <table>=<value> those of a table:');
  for (const setting of NAMES) {
    const { argument, help } = OPTIONS[setting];
    command.addOption(new ListOption(`${optionOf(setting)} <${argument}>`, help));
  }
  command.option('--strict-format', 'stop at a record that cannot be read, instead of rejecting it');
  command.optionsGroup('Options:');
}

/** The settings for all files, and those for the files of a table. */
export interface GivenSettings {
  readonly all: Settings;
  readonly byTable: ReadonlyMap<string, Settings>;
}

/** The first given setting option, for a message. */
export function settingOptionIn(options: SettingArguments): string | undefined {
  const given = NAMES.find((setting) => argumentsOf(options, setting).length > 0);
  return given === undefined ? (options['strictFormat'] === true ? '--strict-format' : undefined) : optionOf(given);
}

/** The given setting options as arguments for another command. */
export function settingArguments(options: SettingArguments): string[] {
  return [
    ...NAMES.flatMap((setting) => argumentsOf(options, setting).flatMap((one) => [optionOf(setting), one])),
    ...(options['strictFormat'] === true ? ['--strict-format'] : []),
  ];
}

/**
 * @param tables those that files are given for @throws MeridianError `usage` for an invalid value, one that is given twice, and one for no
 * file
 */
export function givenSettings(options: SettingArguments, tables: readonly string[]): GivenSettings {
  const option = settingOptionIn(options);
  if (option !== undefined && tables.length === 0) {
    throw new MeridianError('usage', `${option} is for files, and no file is given.`);
  }
  const all: Settings = options['strictFormat'] === true ? { strictFormat: true } : {};
  const byTable = new Map<string, Settings>();
  for (const setting of NAMES) {
    for (const [table, value] of valuesOf(setting, argumentsOf(options, setting), tables)) {
      if (table === undefined) {
        Object.assign(all, { [setting]: value });
      } else {
        byTable.set(table, { ...byTable.get(table), [setting]: value });
      }
    }
  }
  return { all, byTable };
}

function argumentsOf(options: SettingArguments, setting: string): readonly string[] {
  // commander's name for the value of --null
  return (options[setting === 'nulls' ? 'null' : setting] ?? []) as readonly string[];
}

/** Table (`undefined` for all tables) -> value of a setting. */
function valuesOf(
  setting: keyof typeof OPTIONS,
  given: readonly string[],
  tables: readonly string[],
): Map<string | undefined, unknown> {
  const { read, isList = false } = OPTIONS[setting];
  const values = new Map<string | undefined, unknown>();
  const option = optionOf(setting);
  for (const one of given) {
    const { table, text } = splitArgument(setting, one, tables);
    const value = read(text);
    const before = values.get(table);
    if (before !== undefined && !isList) {
      throw new MeridianError(
        'usage',
        `${option} is given twice for ${table ?? 'all files'}: ${given.join(' and ')}. Keep one of them.`,
      );
    }
    const { expected, isRight } = RULES[setting];
    const whole = before === undefined ? value : [before, value].flat();
    if (!isRight(whole)) {
      throw new MeridianError('usage', `${option} ${one}: it has to be ${expected}.`);
    }
    values.set(table, whole);
  }
  return values;
}

/** `orders=;` applies to the table orders, `;` to all. */
function splitArgument(
  setting: keyof typeof OPTIONS,
  argument: string,
  tables: readonly string[],
): { readonly table: string | undefined; readonly text: string } {
  const [, table, text = ''] = /^([^=]+)=(.+)$/s.exec(argument) ?? [];
  if (table === undefined || (OPTIONS[setting].isFree === true && !tables.includes(table))) {
    return { table: undefined, text: argument };
  }
  if (!tables.includes(table)) {
    throw new MeridianError('usage', `${optionOf(setting)} ${argument}: no file is given for "${table}".`);
  }
  return { table, text };
}

interface FileOfTable {
  /** The name of the table. */
  readonly name: string;
  readonly path: string;
  readonly format: Format | undefined;
}

/**
 * Combines the settings of the config and the options for each file. Options take precedence.
 *
 * @returns the settings of each file, in the same order
 * @throws MeridianError `usage` for an option that applies to none of the files
 */
export function settingsOfFiles(
  given: GivenSettings,
  files: readonly FileOfTable[],
  { files: rules = {}, config }: Pick<Project, 'files' | 'config'>,
): SettingsOfFile[] {
  const settings = files.map(({ name, path, format }) => {
    const root = config === undefined ? process.cwd() : dirname(config);
    const configured = settingsFor(rules[name] ?? [], path, root);
    const all = splitSettings(given.all);
    const own = splitSettings(given.byTable.get(name) ?? {});
    const known = format ?? configured.file.format ?? formatNamed(path);
    const values = { ...configured.values, ...all.values, ...own.values };
    refuseContradiction(name, values);
    return {
      file: {
        ...configured.file,
        ...forFormat(all.file, known),
        ...own.file,
        ...(format === undefined ? {} : { format }),
      },
      values,
    };
  });
  const unused = keysOf(splitSettings(given.all).file).find((key) =>
    settings.every(({ file }) => file[key] === undefined),
  );
  if (unused !== undefined) {
    throw new MeridianError(
      'usage',
      `${optionOf(unused)} is for none of the files: their formats are read without it.`,
    );
  }
  return settings;
}

function refuseContradiction(table: string, values: ValueSettings): void {
  const sentence = contradictionIn(values);
  if (sentence !== undefined) {
    throw new MeridianError('usage', `${table}: ${sentence}`);
  }
}
