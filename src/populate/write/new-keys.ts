/** Generates primary keys for new rows of records without one. */
import type { EntityManager } from '../../database/database.ts';
import type { Table } from '../../database/table.ts';
import { tableIdOf } from '../../database/table-id.ts';
import type { NewKey } from '../record/new-key.ts';

export class NewKeys {
  readonly #table: Table;
  readonly #newKey: NewKey;
  readonly #drawn = new Set<unknown>();
  /** Keys of rows in the batch. */
  #taken = new Set<unknown>();

  constructor(table: Table, newKey: NewKey) {
    this.#table = table;
    this.#newKey = newKey;
  }

  /** Unused keys. */
  get drawn(): readonly unknown[] {
    return [...this.#drawn];
  }

  /** @param keys keys that records of the batch contain, which must not be given to others */
  begin(keys: readonly unknown[]): void {
    this.#taken = new Set();
    this.use(keys);
  }

  /** @param keys keys that rows of the batch have by now */
  use(keys: readonly unknown[]): void {
    for (const key of keys) {
      this.#drawn.delete(key);
      this.#taken.add(key);
    }
  }

  /** Draws so many more keys. */
  async draw(em: EntityManager, count: number): Promise<void> {
    const enough = this.#drawn.size + count;
    let asked = count;
    while (this.#drawn.size < enough) {
      const before = this.#drawn.size;
      const keys = await this.#next(em, asked);
      const free = new Set(await this.#table.bulk().free(em, keys));
      for (const key of keys) {
        if (this.#drawn.size < enough && free.has(key) && !this.#taken.has(key)) {
          this.#drawn.add(key);
        }
      }
      if (free.size < keys.length) {
        await this.#skipTaken(em);
      }
      // an engine without sequences returns the same keys again
      asked = this.#drawn.size === before ? asked * 2 : enough - this.#drawn.size;
    }
  }

  async #next(em: EntityManager, count: number): Promise<readonly unknown[]> {
    const { engine, isReadOnly } = this.#table.database;
    const { source, from } = this.#newKey;
    if (typeof source === 'object') {
      return (await engine.evaluate(em, source.expression, count)).map((value) => this.#column.fromColumn(value));
    }
    const table = tableIdOf(this.#table.metadata);
    const numbers = isReadOnly
      ? await engine.trialKeys(em, table, count, this.#column.name)
      : await engine.nextKeys(em, table, count, this.#column.name);
    return numbers.map((number) => from(String(number)));
  }

  async #skipTaken(em: EntityManager): Promise<void> {
    const { engine, isReadOnly } = this.#table.database;
    if (this.#newKey.source === 'sequence' && !isReadOnly) {
      await engine.skipTakenKeys(em, tableIdOf(this.#table.metadata), this.#column.name);
    }
  }

  get #column() {
    const { property } = this.#newKey;
    const column = this.#table.bulk().columns.find((one) => one.property === property);
    if (column === undefined) {
      throw new Error(`${this.#table.name} has no column for ${property}`);
    }
    return column;
  }
}
