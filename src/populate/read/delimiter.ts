/** Detects the delimiter of separated text: the one with which the first rows have as many fields as the header. */
import { MeridianError } from '../../shared/errors.ts';
import { shown } from '../../shared/text/visible.ts';
import { type Row, type RowDialect, RowFault } from './csv-row-reader.ts';
import { Rows } from './csv-rows.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Number of examined rows. */
const ROWS = 100;

/** The beginning of a text. */
export interface Sample {
  readonly text: string;
  /** Whether it is the whole text. */
  readonly isWhole: boolean;
  /** The line of its first character. */
  readonly line: number;
  /** The number of columns, if a setting names them and the text has no header. */
  readonly width: number | undefined;
}

interface Candidate {
  readonly delimiter: string;
  readonly rows: readonly Row[];
  /** The number of fields in the header. */
  readonly width: number;
  /** The share of rows with as many fields. */
  readonly fit: number;
}

/**
 * @param usual the format's default, for text with one column
 * @throws MeridianError `source` if two delimiters fit equally well
 */
export function detectDelimiter(
  name: string,
  sample: Sample,
  dialect: Omit<RowDialect, 'delimiter'>,
  usual: string,
): string {
  const candidates = DELIMITERS.filter((delimiter) => sample.text.includes(delimiter))
    .map((delimiter) => candidateOf(delimiter, sample, dialect))
    .filter(({ width }) => width > 1);
  // if all rows agree, the delimiter with the most fields wins; if not, the one that the most rows agree with
  const ranked = candidates.toSorted(
    (a, b) =>
      Number(isConsistent(b)) - Number(isConsistent(a)) || (isConsistent(a) ? b.width - a.width : b.fit - a.fit),
  );
  const [best, second] = ranked;
  if (best === undefined) {
    return usual;
  }
  if (second === undefined || !isEqual(best, second)) {
    return best.delimiter;
  }
  if (!isConsistent(best)) {
    // no delimiter fits better than the default
    return candidates.some(({ delimiter }) => delimiter === usual) ? usual : best.delimiter;
  }
  const [one, other] = [best, second].map(({ delimiter }) => (delimiter === '\t' ? 'tabs' : `"${delimiter}"`));
  const lines = linesOf(sample.text)
    .slice(0, 2)
    .map((line, index) => `line ${sample.line + index}: "${shown(line)}"`);
  throw new MeridianError(
    'source',
    `${name} can be separated by ${one} or by ${other}, since both give each row ${best.width} fields: ${lines.join('; ')}. Name the delimiter with --delimiter.`,
  );
}

/** Whether each of the first rows has one more field than the header, which is empty. */
export function hasTrailingDelimiters(sample: Sample, dialect: RowDialect): boolean {
  const rows = rowsOf(sample, dialect);
  const width = sample.width ?? rows[0]?.fields.length ?? 0;
  const data = sample.width === undefined ? rows.slice(1) : rows;
  return (
    width > 0 &&
    data.length > 0 &&
    data.every(({ fields }) => fields.length === width + 1 && fields.at(-1)?.trim() === '')
  );
}

function isConsistent({ fit }: Candidate): boolean {
  return fit === 1;
}

function isEqual(a: Candidate, b: Candidate): boolean {
  return isConsistent(a) ? isConsistent(b) && a.width === b.width : a.fit === b.fit;
}

function candidateOf(delimiter: string, sample: Sample, dialect: Omit<RowDialect, 'delimiter'>): Candidate {
  const rows = rowsOf(sample, { ...dialect, delimiter });
  const width = sample.width ?? rows[0]?.fields.length ?? 0;
  const data = sample.width === undefined ? rows.slice(1) : rows;
  const fitting = data.filter(
    ({ fields, problem }) =>
      problem === undefined && (fields.length === width || (fields.length === width + 1 && fields.at(-1) === '')),
  );
  const fit = data.length === 0 ? 1 : fitting.length / data.length;
  // with named columns, the header does not confirm a delimiter
  const isShown = sample.width === undefined || fitting.length > 0 || data.length === 0;
  return { delimiter, rows, width: isShown ? width : 0, fit };
}

/** The first rows, without one that the end of the sample cuts off. */
function rowsOf({ text, isWhole, width }: Sample, dialect: RowDialect): Row[] {
  const cutter = new Rows(dialect, { isStrict: false, ...(width === undefined ? {} : { width }) });
  const found: Row[] = [];
  const pieces = text.match(/.{1,4096}/gs) ?? [];
  try {
    for (const piece of pieces) {
      cutter.read(piece, found);
      while (cutter.hasMore) {
        cutter.more(found);
      }
      if (found.length > ROWS) {
        return found.slice(0, ROWS + 1);
      }
    }
    if (isWhole) {
      cutter.finish(found);
    }
  } catch (error) {
    if (!(error instanceof RowFault)) {
      throw error;
    }
  }
  return found;
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/, 10).filter((line) => line.trim() !== '');
}
