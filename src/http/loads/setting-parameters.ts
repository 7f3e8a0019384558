/** The query parameters for file settings, with their schemas. */
import type { Parameter } from '../../config/route.ts';
import type { FileSettings } from '../../populate/read/dialect.ts';
import { FORMATS } from '../../populate/read/format.ts';
import { THOUSANDS, type ValueSettings } from '../../populate/record/value-settings.ts';

export type Settings = FileSettings & ValueSettings;

interface Setting {
  readonly parameter: Parameter;
  readonly read?: (given: string | number | boolean) => unknown;
}

const listed = (given: string | number | boolean) =>
  String(given)
    .split(',')
    .map((one) => one.trim());
const text = (description: string, pattern: string): Parameter => ({ type: 'string', description, pattern });
const words = (description: string, of: readonly string[]): Parameter => ({ type: 'string', description, enum: of });
const character = (given: string | number | boolean) => (given === 'tab' ? '\t' : given);

/** A pattern for one or more items, separated by commas. */
const listOf = (item: string) => `^${item}(?:,${item})*$`;

/** A pattern for text that is not only white space. */
const NOT_BLANK = '[^,\\u0000]*[^\\s,\\u0000][^,\\u0000]*';

/** Programs in many languages read the schemas, so patterns have no Unicode classes, and accept letters of other scripts. */
export const SETTINGS: { readonly [Each in keyof Settings]-?: Setting } = {
  format: { parameter: words('Of the files, where neither their names nor their types say it', FORMATS) },
  delimiter: {
    parameter: text('Between two fields: , ; | tab (default: detected)', '^(?:tab|[^\\u0000\\ufeff"\\r\\nA-Za-z0-9])$'),
    read: character,
  },
  encoding: {
    parameter: text('Such as windows-1252 or utf-16le (default: detected)', '^\\s*[A-Za-z0-9][A-Za-z0-9_:-]*\\s*$'),
  },
  quote: { parameter: text('Around a field, or none (default: ")', '^(?:none|[^\\u0000\\ufeff\\sA-Za-z0-9])$') },
  trim: { parameter: words('White space at the ends of text (default: all)', ['all', 'none']) },
  comment: {
    parameter: text('What lines begin with that are comments, such as #', '^[^\\s\\u0000][^\\r\\n\\u0000]*$'),
  },
  skipLines: { parameter: { type: 'integer', minimum: 0, description: 'Lines before the header' } },
  columns: {
    parameter: text('The columns of a file without a header, each once: id,name,email', listOf(NOT_BLANK)),
    read: listed,
  },
  sheet: {
    parameter: text(
      'The sheet of a workbook, by its name, or its number from 1',
      '^(?!0+$)[^\\u0000]*[^\\s\\u0000][^\\u0000]*$',
    ),
    read: (given) => (/^\d+$/.test(String(given)) ? Number(given) : given),
  },
  jsonPath: {
    parameter: text('Where the records are in a JSON document: data.items', '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$'),
  },
  strictFormat: {
    parameter: { type: 'boolean', description: 'Stop at a record that cannot be read, instead of rejecting it' },
  },
  decimal: { parameter: words('The decimal sign of numbers (default: .)', [',', '.']) },
  thousands: { parameter: words('What groups the digits of numbers', THOUSANDS) },
  currency: {
    parameter: text('Signs of amounts, before or after: €,EUR', listOf('\\s*[^\\s0-9.,+\\u0000-][^0-9.,+\\u0000-]*')),
    read: listed,
  },
  negative: {
    parameter: words('How numbers below zero are written beside -12.50: (12.50), or 12.50-', [
      'parentheses',
      'trailing',
    ]),
  },
  nulls: { parameter: text('Texts that mean no value: NA,N/A', listOf(NOT_BLANK)), read: listed },
  dateFormat: {
    parameter: text(
      'The pattern of dates and times: dd.MM.yyyy HH:mm',
      '^(?=[^\\u0000]*yy)(?=[^\\u0000]*M)(?=[^\\u0000]*d)[^\\u0000]+$',
    ),
  },
  timezone: { parameter: text('Of times that name none: Europe/Berlin', '^[A-Za-z+-][A-Za-z0-9_+/:-]*$') },
};
