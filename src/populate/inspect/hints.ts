/** Suggests settings for the values of a file, where a table requires numbers or times and the file writes them differently. */
import { quoted } from '../../shared/text/visible.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { Fit } from './fit.ts';
import type { Kind } from './kinds.ts';

export interface Hint {
  /** The command line option. */
  readonly option: string;
  /** `undefined` if the file does not determine it. */
  readonly value?: string;
  readonly sentence: string;
}

/** Columns by the type that their properties expect. */
interface Read {
  readonly column: string;
  readonly profile: ColumnProfile;
}

export function hintsOf({ matched, shape }: Fit, columns: ReadonlyMap<string, ColumnProfile>): Hint[] {
  const reading = (...kinds: readonly string[]): Read[] =>
    shape.properties.flatMap(({ name, coerce: { reads = '' } }) => {
      const column = matched.get(name);
      const profile = column === undefined ? undefined : columns.get(column);
      return column === undefined || profile === undefined || !kinds.includes(reads) ? [] : [{ column, profile }];
    });
  return [
    ...numberHints(reading('number')),
    ...dateHints(reading('date', 'instant')),
    ...zoneHints(reading('instant')),
  ];
}

/** The first column with values of a kind, and its first such value. */
function firstOf(read: readonly Read[], kind: Kind) {
  return read.flatMap(({ column, profile }) => {
    const met = profile.ofKind(kind);
    return met === undefined ? [] : [{ column, ...met.first }];
  })[0];
}

function numberHints(read: readonly Read[]): Hint[] {
  const points = firstOf(read, 'points');
  const comma = points ?? firstOf(read, 'comma');
  const grouped = firstOf(read, 'grouped');
  const hints: Hint[] = [];
  if (comma !== undefined) {
    const isClear = firstOf(read, 'decimal') === undefined;
    hints.push({
      option: '--decimal',
      ...(isClear ? { value: ',' } : {}),
      sentence: `${shownIn(comma)} has a decimal comma${isClear ? '' : ', and other values have a full stop: correct them, or name the sign that is right'}.`,
    });
  }
  if (points !== undefined) {
    hints.push({ option: '--thousands', value: '.', sentence: `${shownIn(points)} has grouped digits.` });
  } else if (grouped !== undefined) {
    const [, sign = ''] = /\d([., '\u2019\u00a0\u202f])\d{3}/.exec(grouped.value) ?? [];
    const value = sign === '\u00a0' || sign === '\u202f' ? ' ' : sign;
    const isClear = /\d{3}\D+\d{3}|[., ]\d{3}[.,]\d/.test(grouped.value) || !',.'.includes(value);
    hints.push({
      option: '--thousands',
      ...(isClear ? { value } : {}),
      sentence: `${shownIn(grouped)} has grouped digits${isClear ? '' : ', or a decimal sign'}.`,
    });
  }
  return hints;
}

function dateHints(read: readonly Read[]): Hint[] {
  const dated = read.flatMap(({ column, profile }) => {
    const of = profile.ofKind('dated');
    return of === undefined ? [] : [{ column, profile, ...of.first }];
  })[0];
  if (dated === undefined) {
    return [];
  }
  const value = patternOf(dated.value, dated.profile.dayPlace);
  return [
    {
      option: '--date-format',
      ...(value === undefined ? {} : { value }),
      sentence: `${shownIn(dated)} ${value === undefined ? 'can be read with the day or the month first, such as dd/MM/yyyy or MM/dd/yyyy' : 'is not written as ISO 8601 says'}.`,
    },
  ];
}

/** The pattern of a date such as 31.12.2026, if the position of the day is known and only a time of day follows. */
function patternOf(text: string, dayPlace: 'first' | 'second' | undefined): string | undefined {
  const [, separator = '', rest = ''] = /^\d{1,2}([./-])\d{1,2}\1\d{4}(.*)$/.exec(text) ?? [];
  const time = /^$|^ \d{2}:\d{2}(:\d{2})?$/.exec(rest);
  if (dayPlace === undefined || time === null) {
    return undefined;
  }
  const date = (dayPlace === 'first' ? ['d', 'M', 'yyyy'] : ['M', 'd', 'yyyy']).join(separator);
  return `${date}${rest === '' ? '' : ` HH:mm${time[1] === undefined ? '' : ':ss'}`}`;
}

function zoneHints(read: readonly Read[]): Hint[] {
  const local = firstOf(read, 'local');
  return local === undefined
    ? []
    : [{ option: '--timezone', sentence: `${shownIn(local)} names no time zone, such as Europe/Berlin.` }];
}

function shownIn({ column, value, line }: { readonly column: string; readonly value: string; readonly line: number }) {
  return `${quoted(value)} in ${column} (line ${line})`;
}
