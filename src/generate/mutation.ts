/** Mutations break a record, each with known errors. */

/** The error of a broken record. */
export interface Break {
  readonly property: string;
  /** As in the report: a class-validator rule, `duplicate` or `reference`. */
  readonly code: string;
}

/** Breaks a record in one way, with known errors. */
export interface Mutation {
  readonly breaks: readonly Break[];
  /** Set for a mutation that repeats values of an earlier sound record: whether the record with this number can be repeated. */
  readonly repeats?: (number: number) => boolean;
  /**
   * @param fields of the sound record, in the order of the columns; changed in place
   * @param number of the record
   * @param earlier the fields of the record that is repeated; empty for other mutations
   */
  readonly apply: (fields: string[], number: number, earlier: readonly string[]) => void;
}

/** Makes mutations that change one field, named by its column. */
export function fieldMutations(columns: readonly string[]) {
  const at = (column: string) => {
    const index = columns.indexOf(column);
    if (index === -1) {
      throw new RangeError(`There is no column "${column}".`);
    }
    return index;
  };

  /** @param codes the rules that a changed value violates, all of them together */
  function breaking(property: string, codes: string | readonly string[], change: (value: string) => string): Mutation {
    const index = at(property);
    return {
      breaks: [codes].flat().map((code) => ({ property, code })),
      apply(fields) {
        fields[index] = change(fields[index] ?? '');
      },
    };
  }

  /** Every mutation of a whole number from 1. */
  function breakingWholeNumber(property: string): Mutation[] {
    return [
      breaking(property, 'isNotEmpty', () => ''),
      breaking(property, 'isInt', (value) => `${value}abc`),
      breaking(property, 'isInt', (value) => `${value}.5`),
      breaking(property, 'isInt', () => '9007199254740993'),
      breaking(property, 'isPositive', (value) => `-${value}`),
      breaking(property, 'isPositive', () => '0'),
    ];
  }

  /** Copies fields of an earlier record; the report names the first of them. */
  function repeating(
    properties: readonly [string, ...string[]],
    repeats: (number: number) => boolean = () => true,
    change: (value: string) => string = (value) => value,
  ): Mutation {
    const indexes = properties.map(at);
    return {
      breaks: [{ property: properties[0], code: 'duplicate' }],
      repeats,
      apply(fields, _, earlier) {
        for (const index of indexes) {
          fields[index] = change(earlier[index] ?? '');
        }
      },
    };
  }

  return { at, breaking, breakingWholeNumber, repeating };
}
