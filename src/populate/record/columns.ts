/** Assigns the columns of a source to properties. */
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { looseName, loosePath } from '../../shared/text/column-name.ts';
import { quoted, shown, withoutInvisible } from '../../shared/text/visible.ts';

/** Property -> column, as given with --map. */
export type ColumnMap = Readonly<Record<string, string>>;

/** Maximum number of ignored columns that the warning names. */
const MAX_NAMED = 20;

/** Maximum number of cached column names, since each JSON record may have new ones. */
const MAX_KNOWN = 10_000;

/** Maximum number of cached column lists, since JSON records that omit empty values have several. */
const MAX_LAYOUTS = 16;

/** Longer lists are cached only until the next one. */
const MAX_LAYOUT_COLUMNS = 1000;

/** The positions of the properties in a list of columns. */
export interface Layout {
  readonly columns: readonly string[];
  /** For each property of the shape, in order, the index of its column; -1 if it has none. */
  readonly indexes: readonly number[];
  /** A sentence about two columns that match the same property. */
  readonly problem: string | undefined;
}

/** The properties that columns are assigned to. */
export interface Properties {
  /** The entity that owns them, for messages. */
  readonly entity: { readonly name: string };
  readonly properties: readonly {
    readonly name: string;
    /** Advice for the case that it has no column. */
    readonly absence?: string;
    readonly required: boolean;
    /** Other names for its column. */
    readonly aliases?: readonly string[];
  }[];
}

export class Columns {
  readonly #shape: Properties;
  readonly #map: ColumnMap;
  readonly #known = new Map<string, string | undefined>();
  readonly #ignored = new Set<string>();
  readonly #met = new Set<string>();
  /** The assignments for records with their own maps, by map. */
  readonly #mapped = new Map<string, Columns | string>();
  #layouts: Layout[] = [];
  #last: Layout | undefined;

  /** @throws MeridianError `usage` if the map names a property that the entity does not have */
  constructor(shape: Properties, map: ColumnMap = {}) {
    const named = Object.entries(map).map(([property, column]) => [nameIn(shape, property), column] as const);
    const twice = Object.values(map).find((column, index, all) => all.indexOf(column) !== index);
    if (twice !== undefined) {
      throw new MeridianError(
        'usage',
        `--map: the column "${twice}" is named for two properties of ${shape.entity.name}.`,
      );
    }
    this.#shape = shape;
    this.#map = Object.fromEntries(named);
  }

  /** Columns so far that match no property, for a message; beyond twenty, only their number. */
  get ignored(): readonly string[] {
    return this.ignoredBeside([]);
  }

  /** The same without columns that have another use. */
  ignoredBeside(used: readonly string[]): readonly string[] {
    const all = [...new Set(this.#all.flatMap((one) => [...one.#ignored]))]
      .filter((name) => !used.includes(name))
      .map(shown);
    return all.length > MAX_NAMED ? [...all.slice(0, MAX_NAMED), `${all.length - MAX_NAMED} more`] : all;
  }

  /** Columns that the map names and no record so far has. */
  get unmet(): readonly string[] {
    return Object.values(this.#map).filter((column) => !this.#all.some((one) => one.#met.has(column)));
  }

  /**
   * Checks a header before anything is loaded.
   *
   * @param advise returns advice for a missing column, given the number of columns that match properties
   * @throws MeridianError `source` if a required property, or a column that the map names, is not among the columns
   */
  checkHeader(source: string, columns: readonly string[], advise?: (assigned: number) => string): void {
    const found = `Columns found: ${listed(columns)}.`;
    for (const [property, column] of Object.entries(this.#map)) {
      if (!columns.some((name) => isSame(name, column))) {
        throw new MeridianError(
          'source',
          `${source}: no column "${column}", which --map names for ${property}. ${found}`,
        );
      }
    }
    const assigned = this.assign(columns);
    if (typeof assigned === 'string') {
      throw new MeridianError('source', `${source}: ${assigned}. Name one of them with --map. ${found}`);
    }
    const missing = this.#shape.properties.filter(({ name, required }) => required && !assigned.has(name));
    if (missing.length > 0) {
      const names = missing.map(({ name }) => name).join(', ');
      const [only] = missing.length === 1 ? missing : [];
      const advice = only?.absence ?? separatorAdvice(columns) ?? advise?.(assigned.size);
      const sentence = `${source}: no column for ${names}. ${found}${advice === undefined ? '' : ` ${advice}`}`;
      throw new MeridianError('source', sentence);
    }
  }

  /** Property -> its column; or a sentence about two columns that match the same property. */
  assign(columns: readonly string[]): Map<string, string> | string {
    const assigned = new Map<string, string>();
    for (const column of columns) {
      const property = this.#propertyOf(column);
      if (property !== undefined && this.#isExact(property, column)) {
        assigned.set(property, column);
      }
    }
    for (const column of columns) {
      const property = this.#propertyOf(column);
      const holder = property === undefined ? undefined : assigned.get(property);
      if (property === undefined || (holder !== undefined && holder !== column && this.#isExact(property, holder))) {
        this.#ignore(column);
      } else if (holder !== undefined && holder !== column) {
        return `Columns ${quoted(holder)} and ${quoted(column)} both fit ${property}`;
      } else {
        assigned.set(property, column);
      }
    }
    return assigned;
  }

  /**
   * Like `assign`, but cached for the same columns in the same order.
   *
   * @param own the map of the record itself; this map takes precedence
   */
  layoutOf(columns: readonly string[], own?: ColumnMap): Layout {
    if (own !== undefined) {
      return this.#layoutOfMapped(columns, own);
    }
    // all rows of a source share one array
    if (this.#last?.columns !== columns) {
      this.#last = this.#layouts.find((layout) => isSameList(layout.columns, columns)) ?? this.#newLayout(columns);
    }
    return this.#last;
  }

  /** The combined map for a record with its own map; this map takes precedence for its properties and columns. */
  mapOf(own?: ColumnMap): ColumnMap {
    if (own === undefined) {
      return this.#map;
    }
    const named = Object.values(this.#map);
    const left = Object.entries(own).filter(([, column]) => !named.some((name) => isSame(name, column)));
    return { ...Object.fromEntries(left), ...this.#map };
  }

  /** A corrected record may use property names again, so its map is applied only to columns that it has. */
  #layoutOfMapped(columns: readonly string[], own: ColumnMap): Layout {
    const met = Object.entries(own).filter(([, column]) => columns.some((name) => isSame(name, column)));
    const map = this.mapOf(Object.fromEntries(met));
    const key = JSON.stringify(map);
    let mapped = this.#mapped.get(key);
    if (mapped === undefined) {
      if (this.#mapped.size >= MAX_LAYOUTS) {
        this.#mapped.clear();
      }
      mapped = columnsOrProblem(this.#shape, map);
      this.#mapped.set(key, mapped);
    }
    return typeof mapped === 'string' ? { columns, indexes: [], problem: mapped } : mapped.layoutOf(columns);
  }

  get #all(): Columns[] {
    return [this, ...[...this.#mapped.values()].filter((one) => typeof one !== 'string')];
  }

  #newLayout(columns: readonly string[]): Layout {
    const assigned = this.assign(columns);
    const layout =
      typeof assigned === 'string'
        ? { columns, indexes: [], problem: assigned }
        : {
            columns,
            indexes: this.#shape.properties.map(({ name }) => {
              const column = assigned.get(name);
              return column === undefined ? -1 : columns.indexOf(column);
            }),
            problem: undefined,
          };
    if (columns.length <= MAX_LAYOUT_COLUMNS) {
      this.#layouts = [...this.#layouts.slice(1 - MAX_LAYOUTS), layout];
    }
    return layout;
  }

  #propertyOf(column: string): string | undefined {
    if (!this.#known.has(column)) {
      if (this.#known.size >= MAX_KNOWN) {
        this.#known.clear();
      }
      this.#known.set(column, this.#match(column));
    }
    return this.#known.get(column);
  }

  #match(column: string): string | undefined {
    const mapped = Object.entries(this.#map).find(([, name]) => isSame(name, column));
    if (mapped) {
      this.#met.add(mapped[1]);
      return mapped[0];
    }
    const open = this.#shape.properties.filter(({ name }) => !Object.hasOwn(this.#map, name));
    const given = looseName(column);
    const found =
      open.find(({ name }) => name === column.trim()) ??
      open.find(({ name }) => looseName(name) === given) ??
      open.find(({ aliases = [] }) => aliases.some((alias) => loosePath(alias) === loosePath(column)));
    return found?.name;
  }

  #isExact(property: string, column: string): boolean {
    return (this.#map[property] ?? property).trim() === column.trim();
  }

  #ignore(column: string): void {
    if (this.#ignored.size < MAX_KNOWN) {
      this.#ignored.add(column);
    }
  }
}

/** An edited line of a rejects file may have an invalid map, which is an error of its record and not of the command. */
function columnsOrProblem(shape: Properties, map: ColumnMap): Columns | string {
  try {
    return new Columns(shape, map);
  } catch (error) {
    return messageOf(error)
      .replace(/^--map: /, 'The map of the record: ')
      .replace(/[.]$/, '');
  }
}

/** Whether the columns are the same, in the same order. */
export function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

/** Whether two names look the same: byte order marks and copied text contain invisible characters. */
function isSame(one: string, other: string): boolean {
  return withoutInvisible(one).trim() === withoutInvisible(other).trim();
}

/** As many names as fit into a message. */
function listed(columns: readonly string[]): string {
  const names = columns.slice(0, MAX_NAMED).map(shown);
  return [...names, ...(columns.length > MAX_NAMED ? [`${columns.length - MAX_NAMED} more`] : [])].join(', ');
}

/** The property for a given name: its name, or the path or column of an embeddable's member: `address.street`, `address_street`. */
function nameIn({ entity, properties }: Properties, given: string): string {
  const found =
    properties.find(({ name }) => name === given) ??
    properties.find(({ aliases = [] }) => aliases.some((alias) => loosePath(alias) === loosePath(given)));
  if (found === undefined) {
    const names = properties.map(({ name }) => name).join(', ');
    throw new MeridianError('usage', `--map: ${entity.name} has no property "${given}". It has ${names}.`);
  }
  return found.name;
}

/** For a header with one column: its probable separator, and advice. */
function separatorAdvice(columns: readonly string[]): string | undefined {
  const [only = '', ...others] = columns;
  const separator = others.length > 0 ? undefined : ['\t', ';', '|', ','].find((one) => only.includes(one));
  const [what, option] = separator === '\t' ? ['tabs', 'tab'] : [quoted(separator ?? ''), `'${separator}'`];
  return separator && `Its columns seem to be separated by ${what}: use --delimiter ${option}.`;
}

/** Advice about the columns of a file. @param assigned the number of columns that match properties */
export function headerAdvice(assigned: number): string {
  return assigned === 0
    ? 'If they are not the header, skip the lines before it with --skip-lines, or name the columns with --columns.'
    : 'If a column has another name, say so with --map.';
}
