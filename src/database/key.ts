/** Converts the properties that identify a row to a single value, for use in sets and maps. */

/** Property -> value. */
type Row = Readonly<Record<string, unknown>>;

export interface Key {
  readonly properties: readonly string[];
  /** The value of the only property; for several, a text that encodes all values. `undefined` if one of them has no value. */
  of(row: Row): unknown;
  /** Property -> its value. */
  rowOf(id: unknown): Row;
  /** The values, as many as there are properties. */
  valuesOf(id: unknown): readonly unknown[];
  /** The key as reports show it, which JSON can hold: the value of the only property, or `7, 2`. */
  shown(id: unknown): unknown;
}

export function keyOf(properties: readonly string[]): Key {
  const [only, ...more] = properties;
  return only !== undefined && more.length === 0 ? keyOfOne(only) : keyOfSeveral(properties);
}

function keyOfOne(property: string): Key {
  return {
    properties: [property],
    of: (row) => row[property] ?? undefined,
    rowOf: (id) => ({ [property]: id }),
    valuesOf: (id) => [id],
    shown: (id) => (typeof id === 'bigint' ? String(id) : id),
  };
}

function keyOfSeveral(properties: readonly string[]): Key {
  const valuesOf = (id: unknown) => (JSON.parse(String(id)) as unknown[]).map(decoded);
  return {
    properties,
    of(row) {
      const values = properties.map((name) => row[name] ?? null);
      return values.includes(null) ? undefined : JSON.stringify(values.map(encoded));
    },
    rowOf(id) {
      const values = valuesOf(id);
      return Object.fromEntries(properties.map((name, index) => [name, values[index]]));
    },
    valuesOf,
    shown: (id) => (id === undefined ? undefined : valuesOf(id).map(shownValue).join(', ')),
  };
}

/** Values without a JSON counterpart become an object with one key. */
function encoded(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return { bigint: String(value) };
  }
  return value instanceof Date ? { date: value.toISOString() } : value;
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { bigint, date } = value as { readonly bigint?: string; readonly date?: string };
  return bigint !== undefined ? BigInt(bigint) : date !== undefined ? new Date(date) : value;
}

function shownValue(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
