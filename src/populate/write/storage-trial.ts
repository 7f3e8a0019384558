/**
 * Finds out how the database would store a record if the application cannot know: a column of a type that only the database knows, a column
 * that differs from the entity's declaration, a trigger that changes values. The rows are updated and read back in a part of the
 * transaction that is rolled back. Without this, such a record would differ from its row in every load.
 */
import { isSameType } from '../../database/column-types.ts';
import type { EntityManager } from '../../database/database.ts';
import type { Table } from '../../database/table.ts';
import { tableIdOf } from '../../database/table-id.ts';
import type { Values } from '../../database/values.ts';
import type { EntityShape } from '../record/shape.ts';
import { differingIn } from './classify.ts';
import type { Savepoint } from './savepoint.ts';
import { updateRows } from './write-rows.ts';

/** A record that differs from its row. */
export interface Candidate {
  readonly given: Values;
  readonly before: Values;
  readonly differing: readonly string[];
}

export class StorageTrial {
  readonly #table: Table;
  readonly #shape: EntityShape;
  #doubtful: ReadonlySet<string> | undefined;

  constructor(table: Table, shape: EntityShape) {
    this.#table = table;
    this.#shape = shape;
  }

  /** @returns the primary keys of the records whose rows would not change */
  async unchanged(
    em: EntityManager,
    savepoint: Savepoint,
    candidates: readonly Candidate[],
  ): Promise<ReadonlySet<unknown>> {
    if (candidates.length === 0) {
      return new Set();
    }
    const doubtful = await this.#findDoubtful(em);
    const open = candidates.filter(({ differing }) => differing.every((name) => doubtful.has(name)));
    const together = open.length === 0 ? [] : await this.#try(em, savepoint, open);
    if (together !== undefined) {
      return new Set(together);
    }
    // the database rejects one of them
    const same = new Set<unknown>();
    for (const one of open) {
      for (const id of (await this.#try(em, savepoint, [one])) ?? []) {
        same.add(id);
      }
    }
    return same;
  }

  async #try(
    em: EntityManager,
    savepoint: Savepoint,
    candidates: readonly Candidate[],
  ): Promise<readonly unknown[] | undefined> {
    const { primaryKey } = this.#shape;
    return savepoint.trial(async () => {
      const updates = candidates.map(({ given, before }) => ({ row: given, before }));
      await updateRows(this.#table, this.#shape, em, updates);
      const ids = candidates.map(({ given }) => primaryKey.of(given));
      const after = new Map(
        (await this.#table.bulk().findByPrimaryKey(em, ids)).map((row) => [primaryKey.of(row), row]),
      );
      return candidates.flatMap(({ given, before }) => {
        const row = after.get(primaryKey.of(given));
        return row !== undefined && differingIn(this.#shape, before, row).length === 0 ? [primaryKey.of(given)] : [];
      });
    });
  }

  /** Looked up once, when a record differs from its row for the first time. */
  async #findDoubtful(em: EntityManager): Promise<ReadonlySet<string>> {
    if (this.#doubtful === undefined) {
      const { metadata } = this.#table;
      const { engine } = this.#table.database;
      const { hasTriggers, columnTypes } = await engine.tableFacts(em, tableIdOf(metadata));
      const isAsDeclared = (name: string, type: string) => isSameType(columnTypes.get(name) ?? '', type);
      const columns = new Map(this.#table.bulk().columns.map((column) => [column.property, column]));
      const names = this.#shape.properties
        .filter(({ name, isOpaque }) => {
          const column = columns.get(name);
          return hasTriggers || isOpaque || (column !== undefined && !isAsDeclared(column.name, column.type));
        })
        .map(({ name }) => name);
      this.#doubtful = new Set(names);
    }
    return this.#doubtful;
  }
}
