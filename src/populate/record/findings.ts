/** Problems of a record's values that are found before its rules are applied. */
import type { RecordError } from '../../shared/rules/rules.ts';
import type { Layout } from './columns.ts';
import type { EntityShape, PropertyShape } from './shape.ts';

export interface Misfit {
  readonly property: string;
  readonly code: 'parse' | 'column';
  readonly sentence: string;
  readonly advice?: string | undefined;
}

const NONE: readonly never[] = [];

/** The findings of one record. Most records have none, so lists are created on demand. */
export class Findings {
  /** Errors of values that no database can store. */
  errors: readonly RecordError[] = NONE;
  /** Values that do not have the property's type, or do not fit its column. */
  misfits: readonly Misfit[] = NONE;
  /** Properties that the source does not supply, and that the entity initializes or an existing row has. */
  unsupplied: readonly string[];
  /** Properties that the source does not supply, and that get their values later, from `onCreate` or the database. */
  filled: readonly string[];

  constructor({ unsupplied, filled }: Absence) {
    this.unsupplied = unsupplied;
    this.filled = filled;
  }

  addError(error: RecordError): void {
    this.errors = [...this.errors, error];
  }

  addMisfit(misfit: Misfit): void {
    this.misfits = [...this.misfits, misfit];
  }

  addUnsupplied(name: string): void {
    this.unsupplied = [...this.unsupplied, name];
  }

  addFilled(label: string): void {
    this.filled = [...this.filled, label];
  }
}

/** The findings for properties without a column, which are the same for all records with these columns. */
export interface Absence extends Pick<Findings, 'unsupplied' | 'filled'> {
  /** Properties without a value. */
  readonly empty: readonly string[];
  /** The indexes of all other properties, which are checked in each record. */
  readonly looked: readonly number[];
}

const absences = new WeakMap<EntityShape, WeakMap<Layout, Absence>>();

export function absenceOf(shape: EntityShape, layout: Layout): Absence {
  const known = absences.get(shape)?.get(layout);
  if (known !== undefined) {
    return known;
  }
  const { initialised } = shape.defaults;
  const indexes = shape.properties.map((_, index) => index);
  const isLooked = (index: number) => {
    const { name, nullable, isFilled, required, implied } = shape.properties[index] as PropertyShape;
    const isMissed = required && !(nullable && !isFilled) && !initialised.has(name);
    return (layout.indexes[index] ?? -1) !== -1 || isMissed || implied !== undefined;
  };
  const absent = indexes.filter((index) => !isLooked(index)).map((index) => shape.properties[index] as PropertyShape);
  const made = absent.filter(({ name }) => initialised.has(name));
  const rest = absent.filter(({ name }) => !initialised.has(name));
  const absence: Absence = {
    unsupplied: made.map(({ name }) => name),
    empty: rest.map(({ name }) => name),
    filled: rest.filter(({ nullable, isFilled }) => !nullable || isFilled).map(({ label }) => label),
    looked: indexes.filter(isLooked),
  };
  if (!absences.has(shape)) {
    absences.set(shape, new WeakMap());
  }
  absences.get(shape)?.set(layout, absence);
  return absence;
}

/** Checks all properties, since the existing row may have a value for each. */
export function noAbsence({ properties }: EntityShape): Absence {
  return { unsupplied: NONE, filled: NONE, empty: NONE, looked: properties.map((_, index) => index) };
}
