/** Rejects a file, before anything is loaded, if its first rows show that numbers or dates in it are ambiguous. */
import { HIDDEN_VALUE } from '../../database/property-path.ts';
import { MeridianError } from '../../shared/errors.ts';
import { quoted } from '../../shared/text/visible.ts';
import type { SampleRow } from '../read/source.ts';
import type { Columns } from './columns.ts';
import type { EntityShape } from './shape.ts';
import type { ValueSettings } from './value-settings.ts';

interface Value {
  readonly line: number;
  readonly text: string;
  /** The text as messages show it. */
  readonly shown: string;
}

/** Matches `1,50` and `1.234,50`, but not `1,234`. */
export const DECIMAL_COMMA = /^[+-]?(?:\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+)$/;
/** Matches `1.50`, but not `1.234`. */
const DECIMAL_POINT = /^[+-]?\d+\.(?:\d{1,2}|\d{4,})$/;
const EITHER = /^[+-]?\d{1,3}(?:\.\d{3})+$/;

/** `0.125`, which nobody writes for 125. */
const BELOW_ONE = /^[+-]?0+\.\d+$/;

const DAY_AND_MONTH = /^(\d{1,2})[./-](\d{1,2})[./-](?:\d{4}|\d{2})(?!\d)/;

/**
 * A single value in another notation is left to its record, which is rejected.
 *
 * @throws MeridianError `source`
 */
export function refuseAmbiguous(
  source: string,
  shape: EntityShape,
  columns: Columns,
  header: readonly string[],
  { rows, delimiter }: { readonly rows: readonly SampleRow[]; readonly delimiter: string | undefined },
  settings: ValueSettings,
): void {
  const { indexes } = columns.layoutOf(header);
  const valuesOf = (index: number): Value[] => {
    const at = indexes[index] ?? -1;
    const isSecret = shape.properties[index]?.isSecret === true;
    return at === -1
      ? []
      : rows.flatMap(({ line, fields }) => {
          const text = fields[at]?.trim() ?? '';
          return text === '' || settings.nulls?.includes(text)
            ? []
            : [{ line, text, shown: isSecret ? HIDDEN_VALUE : quoted(text) }];
        });
  };
  const kinds = shape.properties.map(({ coerce }, index) => ({ reads: coerce.reads, index }));
  if (settings.decimal === undefined) {
    const numbers = kinds.flatMap(({ reads, index }) => (reads === 'number' ? valuesOf(index) : []));
    refuseNumbers(source, numbers);
    if (delimiter === ';' && settings.thousands === undefined) {
      refusePoints(source, numbers);
    }
  }
  if (settings.dateFormat === undefined) {
    for (const { reads, index } of kinds) {
      if (reads === 'date' || reads === 'instant') {
        refuseDates(source, valuesOf(index));
      }
    }
  }
}

function refuseNumbers(source: string, values: readonly Value[]): void {
  const [comma, other] = values.filter(({ text }) => DECIMAL_COMMA.test(text));
  if (comma === undefined || values.some(({ text }) => DECIMAL_POINT.test(text))) {
    return;
  }
  const either = values.find(({ text }) => EITHER.test(text));
  const lines = [comma, either ?? other].filter((one) => one !== undefined).map(lineOf);
  const doubt = either === undefined ? '' : `, so ${either.shown} can be a whole number or not`;
  throw new MeridianError(
    'source',
    `${source}: its numbers seem to have a decimal comma${doubt} (${lines.join(', ')}). Name the decimal sign with --decimal , and what groups digits with --thousands.`,
  );
}

/** Programs that separate fields by semicolons do so because the comma is the decimal sign, and the full stop often groups digits. */
function refusePoints(source: string, values: readonly Value[]): void {
  const [first, second] = values.filter(({ text }) => EITHER.test(text));
  if (first === undefined || values.some(({ text }) => DECIMAL_POINT.test(text) || BELOW_ONE.test(text))) {
    return;
  }
  const lines = [first, second].filter((one) => one !== undefined).map(lineOf);
  throw new MeridianError(
    'source',
    `${source}: the full stop in ${first.shown} can be a decimal sign or group digits (${lines.join(', ')}), since the fields are separated by semicolons. Say which it is with --decimal . or with --decimal , --thousands .`,
  );
}

function refuseDates(source: string, values: readonly Value[]): void {
  const dates = values.filter(({ text }) => DAY_AND_MONTH.test(text));
  const [first, second] = dates.filter(({ text }) => isEither(text));
  if (first === undefined || dates.length < values.length) {
    return;
  }
  const other = second ?? dates.find((one) => one !== first);
  const lines = [first, other].filter((one) => one !== undefined).map(lineOf);
  const year = /\d{4}/.test(first.text) ? 'yyyy' : 'yy';
  throw new MeridianError(
    'source',
    `${source}: ${first.shown} can be read with the day or the month first (${lines.join(', ')}). Say how dates are written with --date-format, such as dd/MM/${year} or MM/dd/${year}.`,
  );
}

function isEither(text: string): boolean {
  const [, first = '', second = ''] = DAY_AND_MONTH.exec(text) ?? [];
  return Number(first) <= 12 && Number(second) <= 12 && Number(first) !== Number(second);
}

function lineOf({ line, shown }: Value): string {
  return `line ${line}: ${shown}`;
}
