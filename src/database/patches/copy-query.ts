/** One or several `copy … from stdin` as a query of pg 8.23.0, which sends the statements and all their rows at once. */
import type { Connection, QueryResult } from 'pg';
import { Query } from '../postgresql/pg.ts';

/** The part of pg's connection that its types omit. */
interface CopyConnection extends Connection {
  endCopyFrom(): void;
}

const COPY_DATA = 'd'.charCodeAt(0);
const LENGTH_BYTES = 4;

export class CopyQuery extends Query {
  readonly text: string;
  /** The rows of each statement, until they are sent. */
  #rows: readonly string[];

  constructor(
    text: string,
    rows: readonly string[],
    callback: (error: Error | undefined, results: QueryResult | QueryResult[]) => void,
  ) {
    super(text, callback as never);
    this.text = text;
    this.#rows = rows;
  }

  /**
   * The stream encodes the rows: a separate buffer, which pg's own message would copy, would stay in memory until it is collected. A server
   * that rejects a statement ignores the rows (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY).
   */
  override submit = (connection: Connection): null => {
    const { stream } = connection;
    stream.cork();
    connection.query(this.text);
    for (const rows of this.#rows) {
      stream.write(headOf(rows));
      stream.write(rows);
      (connection as CopyConnection).endCopyFrom();
    }
    stream.uncork();
    this.#rows = [];
    return null;
  };

  /** The server is ready for rows, which have been sent already. */
  handleCopyInResponse(): void {}
}

/** The head of a CopyData message, whose length includes itself (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
function headOf(rows: string): Buffer {
  const head = Buffer.alloc(1 + LENGTH_BYTES);
  head.writeUInt8(COPY_DATA);
  head.writeUInt32BE(LENGTH_BYTES + Buffer.byteLength(rows), 1);
  return head;
}
