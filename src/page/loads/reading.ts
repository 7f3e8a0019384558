/** File settings that override the detected ones. */
import { shellWord } from '../frame/text.ts';

/** File setting -> input text. */
export type Reading = Readonly<Record<string, string>>;

interface Setting {
  readonly name: string;
  readonly label: string;
  readonly option: string;
  readonly example: string;
}

export const SETTINGS: readonly Setting[] = [
  { name: 'delimiter', label: 'Delimiter', option: '--delimiter', example: 'detected, or ; or tab' },
  { name: 'encoding', label: 'Encoding', option: '--encoding', example: 'detected, or windows-1252' },
  { name: 'skipLines', label: 'Lines before the header', option: '--skip-lines', example: '0' },
  { name: 'columns', label: 'Columns, without a header', option: '--columns', example: 'id,name,email' },
  { name: 'quote', label: 'Quote', option: '--quote', example: '", or none' },
  { name: 'sheet', label: 'Sheet of a workbook', option: '--sheet', example: 'its name, or its number' },
  { name: 'jsonPath', label: 'Path to the records in JSON', option: '--json-path', example: 'data.items' },
  { name: 'decimal', label: 'Decimal sign', option: '--decimal', example: '. or ,' },
  { name: 'thousands', label: 'Sign between groups of digits', option: '--thousands', example: '. or , or space' },
  { name: 'currency', label: 'Currency signs', option: '--currency', example: '€,EUR' },
  { name: 'negative', label: 'Numbers below zero', option: '--negative', example: 'parentheses, or trailing' },
  { name: 'dateFormat', label: 'Dates', option: '--date-format', example: 'ISO 8601, or dd.MM.yyyy' },
  { name: 'timezone', label: 'Time zone of times without one', option: '--timezone', example: 'Europe/Berlin' },
  { name: 'nulls', label: 'No value', option: '--null', example: 'empty, or NA' },
];

/** The settings as query parameters. */
export function readingQuery(reading: Reading): Reading {
  return Object.fromEntries(Object.entries(reading).filter(([, value]) => value !== ''));
}

/** The settings as command options. */
export function readingOptions(reading: Reading): readonly string[] {
  return SETTINGS.flatMap(({ name, option }) => {
    const value = reading[name] ?? '';
    return value === '' ? [] : [`${option} ${shellWord(value)}`];
  });
}
