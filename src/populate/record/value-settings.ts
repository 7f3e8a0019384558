/**
 * The settings that determine how the text of a file becomes values. They are stored with a run, since a continued run needs the same, and
 * passed to the threads of loads.
 */
import type { SettingRules } from '../read/setting-rules.ts';
import { isDatePattern } from './date-pattern.ts';
import { isTimeZone } from './time-zone.ts';

/** Without a setting, nothing is guessed: ambiguous values are rejected. */
export interface ValueSettings {
  /** The decimal separator (default: a full stop). */
  readonly decimal?: ',' | '.';
  /** The separator of digit groups: `.`, `,`, an apostrophe, or a space, which matches every kind of space. */
  readonly thousands?: string;
  /** Currency signs before or after an amount, which are ignored. */
  readonly currency?: readonly string[];
  /** The notation of negative numbers besides `-12.50`: `(12.50)`, or `12.50-`. */
  readonly negative?: 'parentheses' | 'trailing';
  /** Texts that mean that there is no value. */
  readonly nulls?: readonly string[];
  /** The pattern of dates and times, such as `dd.MM.yyyy HH:mm`; one, or several. */
  readonly dateFormat?: string | readonly string[];
  /** The time zone of times without one, such as `Europe/Berlin`. */
  readonly timezone?: string;
}

/** The settings for the files of a table. */
export interface TableValueSettings extends ValueSettings {
  /** File name -> its settings, for the files with other ones. */
  readonly byFile?: Readonly<Record<string, ValueSettings>>;
}

export const THOUSANDS = ['.', ',', "'", '’', ' ', '_'];

/** Each setting with the allowed values. */
export const VALUE_SETTINGS: SettingRules<ValueSettings> = {
  decimal: { expected: 'a comma or a full stop', isRight: (value) => value === ',' || value === '.' },
  thousands: {
    expected: `one of . , ' ’ _ and a space`,
    isRight: (value) => THOUSANDS.some((one) => one === value),
  },
  currency: {
    expected: 'signs without digits, such as € or EUR',
    isRight: (value) => isList(value) && value.every((sign) => sign.trim() !== '' && !/[\d.,+-]/.test(sign)),
  },
  negative: {
    expected: 'parentheses, for (12.50), or trailing, for 12.50-',
    isRight: (value) => value === 'parentheses' || value === 'trailing',
  },
  nulls: {
    expected: 'texts such as NA',
    isRight: (value) => isList(value) && value.every((text) => text.trim() !== ''),
  },
  dateFormat: {
    expected: 'a pattern of yyyy (or yy), MM (or MMM), dd, HH, mm and ss such as dd.MM.yyyy',
    isRight: (value) =>
      isList(value) ? value.every(isDatePattern) : typeof value === 'string' && isDatePattern(value),
  },
  timezone: {
    expected: 'a time zone such as Europe/Berlin or UTC',
    isRight: (value) => typeof value === 'string' && isTimeZone(value),
  },
};

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}

/** A sentence about contradictory settings. */
export function contradictionIn({ decimal = '.', thousands }: ValueSettings): string | undefined {
  return decimal === thousands
    ? `"${decimal}" cannot both be the decimal sign and group the digits of numbers. Give the other with --decimal or --thousands.`
    : undefined;
}
