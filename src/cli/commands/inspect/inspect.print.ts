/** Prints the result of an inspection. */
import type { ColumnType } from '../../../populate/inspect/column-profile.ts';
import { quoted, shown } from '../../../shared/text/visible.ts';
import { countOf, formatNumber } from '../../output/format.ts';
import { renderTable } from '../../output/table.ts';
import type { Output } from '../../output/terminal.ts';
import type { FitReport, InspectedColumn, Inspection } from './inspection.ts';

/** The maximum number of names that a sentence lists. */
const MAX_NAMED = 20;

const TYPE_NAMES: Readonly<Partial<Record<ColumnType, string>>> = {
  digits: 'whole number, with leading zeros',
  'decimal comma': 'number with a decimal comma',
  'grouped number': 'number with grouped digits',
};

export function printInspection(output: Output, inspection: Inspection): void {
  const { file, records, isSample, columns, hasMoreColumns, hints, broken, fits } = inspection;
  output.say(`${file}: ${isSample ? 'the first ' : ''}${countOf(records, 'record')}`);
  output.say(readSentence(inspection));
  if (columns.length > 0) {
    output.say(renderTable(['column', 'property', 'type', 'empty', 'distinct', 'values'], columns.map(rowOf)));
  }
  if (hasMoreColumns) {
    output.say('It has more columns, or its objects more members, than are shown.', 'warning');
  }
  if (broken.count > 0) {
    const reasons = broken.examples.map(({ line, problem }) => `line ${line}: ${problem}`).join('; ');
    output.say(`${countOf(broken.count, 'record')} cannot be read (${reasons}).`, 'warning');
  }
  for (const sentence of fitSentences(fits, inspection)) {
    output.say(sentence);
  }
  for (const { option, sentence } of hints) {
    output.say(`${sentence} Say so with ${option}.`, 'warning');
  }
  if (inspection.command !== undefined) {
    const isWhole = !/<[a-z-]+>/.test(inspection.command);
    output.say(
      `${isWhole ? 'Load it' : 'Fill in what stands in angle brackets, and load it'} with: ${inspection.command}`,
    );
  }
  output.say('');
}

/** How the file was read. */
function readSentence({ format, settings, settingsOf, detected }: Inspection): string {
  const given = Object.entries(settings).filter(([name]) => name !== 'format');
  const where = settingsOf === undefined ? 'given' : `given, or in the config for ${settingsOf}`;
  const found = detected.map(({ setting, value, why }) => `${setting} ${value} (${why})`);
  const usual =
    format === 'csv' || format === 'tsv'
      ? [
          ...(isSaid('delimiter', settings, detected)
            ? []
            : [`delimiter ${format === 'csv' ? '","' : 'tab'} (as usual)`]),
          ...(isSaid('encoding', settings, detected) ? [] : ['encoding utf-8 (as usual)']),
        ]
      : [];
  const parts = [
    ...(detected.some(({ setting }) => setting === 'format') ? [] : [`format ${format ?? 'unknown'}`]),
    ...found,
    ...usual,
    ...given.map(([name, value]) => `${name} ${shown(String(value))} (${where})`),
  ];
  return `Read with ${parts.join(', ')}.`;
}

function isSaid(setting: string, settings: Inspection['settings'], detected: Inspection['detected']): boolean {
  return Object.hasOwn(settings, setting) || detected.some((one) => one.setting === setting);
}

function rowOf(column: InspectedColumn) {
  const { name, property = '', type, exceptions, empty, nulls, distinct } = column;
  const except =
    exceptions === undefined
      ? ''
      : `, except ${formatNumber(exceptions.count)}: ${quoted(exceptions.first.value)} (line ${exceptions.first.line})`;
  return [
    shown(name),
    property,
    `${TYPE_NAMES[type] ?? type}${except}`,
    empty + nulls,
    distinct.isMore ? `more than ${formatNumber(distinct.count)}` : distinct.count,
    valuesOf(column),
  ];
}

function valuesOf({ min, max, longest, examples }: InspectedColumn): string {
  if (min !== undefined && max !== undefined) {
    return min === max ? min : `${min} to ${max}`;
  }
  const listed = examples.map(
    ({ value, count }) => `${quoted(value)}${count === undefined ? '' : ` ${formatNumber(count)}×`}`,
  );
  const length = longest === undefined ? '' : `; up to ${countOf(longest, 'character')}`;
  return `${listed.join(', ')}${length}`;
}

function fitSentences(fits: readonly FitReport[], { columns, settingsOf }: Inspection): string[] {
  const [best, ...others] = fits;
  if (best === undefined) {
    return columns.length === 0 ? [] : ['No table of the config has any of these columns.'];
  }
  const { table, matched, missing, absent, unknown, problem } = best;
  const count = Object.keys(matched).length;
  const all = count + missing.length + absent.length;
  const fit = best.isLoadable
    ? `Fits ${table}: ${formatNumber(count)} of its ${countOf(all, 'property').replace('propertys', 'properties')} have a column.`
    : `Nearest to ${table}, which cannot be loaded from it as it is: ${problem ?? `no column for ${listed(missing)}`}.`;
  const also = others.filter((other) => other.isLoadable).map((other) => other.table);
  return [
    [
      fit,
      ...(absent.length > 0 ? [`Not in the file, which the table can do without: ${listed(absent)}.`] : []),
      ...(unknown.length > 0 ? [`Taken by no property: ${listed(unknown)}.`] : []),
      ...(also.length > 0 ? [`Also fits ${listed(also)}.`] : []),
    ].join(' '),
    ...(settingsOf === undefined || settingsOf === table ? [] : [`It was read as a file of ${settingsOf}.`]),
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return [...names.slice(0, MAX_NAMED).map(shown), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
