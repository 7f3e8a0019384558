/** Profiles the values of one column. */
import { shown } from '../../shared/text/visible.ts';
import { type DistinctBudget, DistinctValues } from './distinct-values.ts';
import { isBefore, type Kind, type Reading } from './kinds.ts';

/** The first value of a kind. */
export interface Met {
  readonly value: string;
  readonly line: number;
}

interface OfKind {
  count: number;
  readonly first: Met;
}

interface End {
  readonly reading: Reading;
  readonly text: string;
}

interface Range {
  min: End;
  max: End;
}

/** Number of example values per column. */
const EXAMPLES = 3;

/** If this share of the values has a type, it is the column's, and the others are exceptions. */
const TYPICAL_SHARE = 0.9;

/** What the elements of a list are shown as: `items[]`. */
export const ELEMENTS = '[]';

type Family = 'number' | 'date' | 'local' | 'instant';

const FAMILIES: Readonly<Partial<Record<Kind, Family>>> = {
  whole: 'number',
  digits: 'number',
  decimal: 'number',
  date: 'date',
  local: 'local',
  instant: 'instant',
};

/** Kinds that form one type; a column has the first type that fits. */
const TYPES: readonly (readonly [type: ColumnType, kinds: readonly Kind[]])[] = [
  ['whole number', ['whole']],
  ['digits', ['whole', 'digits']],
  ['decimal number', ['whole', 'digits', 'decimal']],
  ['decimal comma', ['whole', 'comma', 'points']],
  ['grouped number', ['whole', 'decimal', 'comma', 'points', 'grouped']],
  ['true or false', ['truth']],
  ['date', ['date']],
  ['date, day or month first', ['dated']],
  ['time without a zone', ['local']],
  ['time', ['instant']],
  ['UUID', ['uuid']],
  ['list', ['list']],
  ['object', ['object']],
];

export type ColumnType =
  | 'whole number'
  | 'digits'
  | 'decimal number'
  | 'decimal comma'
  | 'grouped number'
  | 'true or false'
  | 'date'
  | 'date, day or month first'
  | 'time without a zone'
  | 'time'
  | 'UUID'
  | 'list'
  | 'object'
  | 'text'
  | 'empty';

export interface ColumnSummary {
  readonly type: ColumnType;
  /** Values of another type, if nearly all have the column's. */
  readonly exceptions?: { readonly count: number; readonly first: Met };
  /** Number of records with a value. */
  readonly values: number;
  /** Number of records whose text is empty or means no value. */
  readonly empty: number;
  /** Number of JSON records with null, or without this key. */
  readonly nulls: number;
  /** Number of distinct values; at least so many with `isMore`. */
  readonly distinct: { readonly count: number; readonly isMore: boolean };
  readonly min?: string;
  readonly max?: string;
  /** Length of the longest text in characters. */
  readonly longest?: number;
  /** The most frequent values, or the first ones if there are too many to count. */
  readonly examples: readonly { readonly value: string; readonly count?: number }[];
}

export class ColumnProfile {
  /** The members of its objects by key, and the elements of its lists as {@link ELEMENTS}. */
  readonly members = new Map<string, ColumnProfile>();
  /** The elements of its lists, null included. */
  elements = 0;
  readonly #kinds = new Map<Kind, OfKind>();
  readonly #ranges = new Map<Family, Range>();
  readonly #distinct: DistinctValues;
  readonly #first: string[] = [];
  #empty = 0;
  #values = 0;
  #longest = 0;
  /** Whether dates such as 31/12/2026 start with the day, if a date has shown it. */
  dayPlace: 'first' | 'second' | undefined;

  constructor(budget: DistinctBudget) {
    this.#distinct = new DistinctValues(budget);
  }

  /** Whether a record has a value, or an empty text. */
  get hasValues(): boolean {
    return this.#values + this.#empty > 0;
  }

  addEmpty(): void {
    this.#empty++;
  }

  add(reading: Reading, text: string, line: number): void {
    this.#values++;
    const known = this.#kinds.get(reading.kind);
    if (known === undefined) {
      this.#kinds.set(reading.kind, { count: 1, first: { value: shown(text), line } });
    } else {
      known.count++;
    }
    this.#distinct.add(text);
    if (reading.kind === 'dated' && this.dayPlace === undefined) {
      const [first = 0, second = 0] = text.split(/[./-]/, 2).map(Number);
      this.dayPlace = first > 12 ? 'first' : second > 12 ? 'second' : undefined;
    }
    if (this.#first.length < EXAMPLES && !this.#first.includes(text)) {
      this.#first.push(text.slice(0, 1000));
    }
    this.#longest = Math.max(this.#longest, text.length);
    const family = FAMILIES[reading.kind];
    if (family !== undefined) {
      this.#widen(family, { reading, text });
    }
  }

  #widen(family: Family, end: End): void {
    const range = this.#ranges.get(family);
    if (range === undefined) {
      this.#ranges.set(family, { min: end, max: end });
    } else if (isBefore(end.reading, end.text, range.min.reading, range.min.text)) {
      range.min = end;
    } else if (isBefore(range.max.reading, range.max.text, end.reading, end.text)) {
      range.max = end;
    }
  }

  /** The number of values of a kind, and the first one. */
  ofKind(kind: Kind): { readonly count: number; readonly first: Met } | undefined {
    return this.#kinds.get(kind);
  }

  /** @param records the number of records in the file */
  summary(records: number): ColumnSummary {
    const { type, kinds } = this.#type();
    const others = [...this.#kinds].filter(([kind]) => !kinds.includes(kind)).map(([, one]) => one);
    const [other] = others.toSorted((a, b) => a.first.line - b.first.line);
    const range = this.#rangeOf(kinds);
    return {
      type,
      ...(type === 'text' || other === undefined
        ? {}
        : { exceptions: { count: others.reduce((sum, { count }) => sum + count, 0), first: other.first } }),
      values: this.#values,
      empty: this.#empty,
      nulls: records - this.#values - this.#empty,
      distinct: this.#distinct.count,
      ...(range === undefined ? {} : { min: shown(range.min.text), max: shown(range.max.text) }),
      ...(type === 'text' ? { longest: this.#longest } : {}),
      examples: this.#examples(),
    };
  }

  #type(): { readonly type: ColumnType; readonly kinds: readonly Kind[] } {
    if (this.#values === 0) {
      return { type: 'empty', kinds: [] };
    }
    const shares = TYPES.map(([type, kinds]) => {
      const count = kinds.reduce((sum, kind) => sum + (this.#kinds.get(kind)?.count ?? 0), 0);
      return { type, kinds, share: count / this.#values };
    });
    const best = shares.reduce((one, other) => (other.share > one.share ? other : one));
    return best.share >= TYPICAL_SHARE ? best : { type: 'text', kinds: [] };
  }

  #rangeOf(kinds: readonly Kind[]): Range | undefined {
    const [family] = kinds.flatMap((kind) => FAMILIES[kind] ?? []);
    return family === undefined || kinds.includes('comma') ? undefined : this.#ranges.get(family);
  }

  #examples(): ColumnSummary['examples'] {
    const frequent = this.#distinct.mostFrequent(EXAMPLES);
    return frequent.length > 0 && (frequent[0]?.count ?? 0) > 1
      ? frequent.map(({ value, count }) => ({ value: shown(value), count }))
      : this.#first.map((value) => ({ value: shown(value) }));
  }
}
