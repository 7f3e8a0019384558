/** Writes tables as Parquet (https://parquet.apache.org), with an optional package. */
import type { Column, Row } from '../../database/columns.ts';
import { importFor } from '../../shared/optional.ts';
import { canonicalValue } from '../canonical.ts';
import type { Sink, TableWriter } from './writer.ts';

/** The used part of hyparquet-writer, an optional package. */
interface ParquetModule {
  readonly ByteWriter: new () => ByteWriter;
  parquetWriteRows(options: {
    readonly writer: ByteWriter;
    readonly rows: AsyncIterable<Record<string, unknown>>;
    readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
    readonly rowGroupSize: number;
  }): Promise<void>;
}

interface ByteWriter {
  buffer: ArrayBuffer;
  /** Offset of the next byte in the buffer. */
  index: number;
  flush?: () => Promise<void>;
  finish(): void;
}

/** Rows per row group: they are held in memory, and a reader can skip the group. */
const GROUP_ROWS = 10_000;

const TYPES: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  whole: 'INT64',
  float: 'DOUBLE',
  instant: 'TIMESTAMP',
  json: 'JSON',
  bytes: 'BYTE_ARRAY',
};

export async function parquetWriter(columns: readonly Column[], sink: Sink): Promise<TableWriter> {
  const name = 'hyparquet-writer';
  const { ByteWriter, parquetWriteRows } = await importFor('Parquet', () => import(name) as Promise<ParquetModule>);
  const writer = new ByteWriter();
  const flush = async () => {
    const bytes = new Uint8Array(writer.buffer.slice(0, writer.index));
    writer.index = 0;
    await sink(bytes);
  };
  writer.flush = flush;
  writer.finish = () => undefined;
  const queue = new RowQueue();
  const work = parquetWriteRows({
    writer,
    rows: queue.rows(),
    columns: columns.map(({ property, kind }) => ({ name: property, type: typeOf(kind), nullable: true })),
    rowGroupSize: GROUP_ROWS,
  });
  // the write that waits for the error reports it
  work.catch((error: unknown) => queue.fail(error));
  return {
    write: (rows) => queue.add(rows.map((row) => recordOf(columns, row))),
    async end() {
      queue.end();
      await work;
      await flush();
    },
  };
}

function typeOf(kind: string): string {
  return TYPES[kind] ?? 'STRING';
}

function recordOf(columns: readonly Column[], row: Row): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column.property, storedValue(column, row[column.property])]));
}

function storedValue(column: Column, value: unknown): unknown {
  if ((value ?? null) === null) {
    return null;
  }
  const type = typeOf(column.kind);
  if (type === 'BYTE_ARRAY') {
    return value;
  }
  const plain = canonicalValue(column, value);
  switch (type) {
    case 'INT64':
      return BigInt(plain as string | number);
    case 'DOUBLE':
      // infinities are text only in JSON
      return Number(plain);
    case 'TIMESTAMP':
      return new Date(plain as string);
    case 'STRING':
      return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
    default:
      return plain;
  }
}

/** Passes rows from a writer to a reader in batches. */
class RowQueue {
  #batch: readonly Record<string, unknown>[] | undefined;
  #isEnded = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** Settles when the reader has taken the rows. */
  async add(batch: readonly Record<string, unknown>[]): Promise<void> {
    this.#batch = batch;
    this.#changed();
    while (this.#batch !== undefined && this.#failure === undefined) {
      await this.#change();
    }
    if (this.#failure !== undefined) {
      throw this.#failure.error;
    }
  }

  end(): void {
    this.#isEnded = true;
    this.#changed();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#changed();
  }

  async *rows(): AsyncGenerator<Record<string, unknown>> {
    for (;;) {
      if (this.#batch !== undefined) {
        yield* this.#batch;
        this.#batch = undefined;
        this.#changed();
      } else if (this.#isEnded) {
        return;
      } else {
        await this.#change();
      }
    }
  }

  #change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const others = this.#wake;
    this.#wake = () => {
      others?.();
      resolve();
    };
    return promise;
  }

  #changed(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
