/** A digest of a table that depends on its rows alone: not on their order, the engine, or how the engine stores a value. */
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
    // engines may have the same properties in another order
    this.#columns = [...columns].sort((one, another) => (one.property < another.property ? -1 : 1));
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) {
      const text = JSON.stringify(
        this.#columns.map((column) => [column.property, canonicalValue(column, row[column.property])]),
      );
      // a sum, in which a row that is there twice is not cancelled
      this.#sum = (this.#sum + BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)) % MODULUS;
    }
    this.#rows += rows.length;
  }

  get result(): TableDigest {
    return { rows: this.#rows, digest: this.#sum.toString(16).padStart(64, '0') };
  }
}

/** Reads the whole table, as the transaction of `em` sees it. */
export async function digestOf(em: EntityManager, database: Database, table: StoredTable): Promise<TableDigest> {
  const digest = new Digest(table.bulk.columns);
  for await (const { rows } of pagesOf(em, database, table)) {
    digest.add(rows);
  }
  return digest.result;
}
