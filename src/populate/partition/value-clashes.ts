/** Rejects different values that name the same database, such as `Norway` and `NORWAY`, unless they are mapped. */
import { MeridianError } from '../../shared/errors.ts';
import { quoted } from '../../shared/text/visible.ts';
import type { Spread } from '../options.ts';

interface Met {
  readonly value: string;
  readonly line: number;
}

/** The values for a database: the first mapped one, and the first few unmapped ones. */
interface Values {
  mapped: Met | undefined;
  readonly unmapped: Met[];
}

/** Maximum number of databases, and of values for each, that the error names. */
const MAX_NAMED = 5;

export class ValueClashes {
  readonly #spread: Spread;
  readonly #source: string;
  readonly #byDatabase = new Map<string, Values>();

  constructor(spread: Spread, source: string) {
    this.#spread = spread;
    this.#source = source;
  }

  /** @param line the value's line */
  note(database: string, value: string, line: number): void {
    const values = this.#byDatabase.get(database) ?? { mapped: undefined, unmapped: [] };
    this.#byDatabase.set(database, values);
    if (this.#spread.isMapped?.(value)) {
      values.mapped ??= { value, line };
    } else if (values.unmapped.length < MAX_NAMED && values.unmapped.every((one) => one.value !== value)) {
      values.unmapped.push({ value, line });
    }
  }

  /** @throws MeridianError `source`, with the values and their lines, if several name one database and not all of them are mapped */
  refuse(): void {
    const clashes = [...this.#byDatabase].flatMap(([database, { mapped, unmapped }]) => {
      const all = mapped === undefined ? unmapped : [mapped, ...unmapped];
      return unmapped.length > 0 && all.length > 1
        ? [`${all.map(described).join(' and ')} would all be ${database}`]
        : [];
    });
    if (clashes.length === 0) {
      return;
    }
    const { column, noun } = this.#spread;
    const more = clashes.length > MAX_NAMED ? `; and ${clashes.length - MAX_NAMED} more ${noun}s` : '';
    throw new MeridianError(
      'source',
      `${this.#source}: different values in the column ${column} would become the same ${noun}: ` +
        `${clashes.slice(0, MAX_NAMED).join('; ')}${more}. Nothing was loaded. Say which ${noun} each of them stands for with --${noun}-map.`,
    );
  }
}

/** Shows invisible characters, in which values that look the same differ. */
function described({ value, line }: Met): string {
  return `${quoted(value)} (line ${line})`;
}
