/** A digest of a table that depends only on its rows: not on their order, the engine, or its representation of values. */
import { createHash } from 'node:crypto';
import type { Column, Row } from '../database/columns.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { canonicalValue } from './canonical.ts';
import { pagesOf, type StoredTable } from './stored-tables.ts';

export interface TableDigest {
  readonly rows: number;
  /** The sum of the rows' SHA-256, modulo 2^256, in hexadecimal digits. */
  readonly digest: string;
}

const MODULUS = 2n ** 256n;

export class Digest {
  readonly #columns: readonly Column[];
  #rows = 0;
  #sum = 0n;

  constructor(columns: readonly Column[]) {
    // engines may order the same properties differently
    this.#columns = [...columns].sort((one, another) => (one.property < another.property ? -1 : 1));
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) {
      const text = JSON.stringify(
        this.#columns.map((column) => [column.property, canonicalValue(column, row[column.property])]),
      );
      // a sum, and not XOR, in which a row that occurs twice would cancel itself
      this.#sum = (this.#sum + BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)) % MODULUS;
    }
    this.#rows += rows.length;
  }

  get result(): TableDigest {
    return { rows: this.#rows, digest: this.#sum.toString(16).padStart(64, '0') };
  }
}

/** Reads the whole table, as seen by the transaction of `em`. */
export async function digestOf(em: EntityManager, database: Database, table: StoredTable): Promise<TableDigest> {
  const digest = new Digest(table.bulk.columns);
  for await (const { rows } of pagesOf(em, database, table)) {
    digest.add(rows);
  }
  return digest.result;
}
