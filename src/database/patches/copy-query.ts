/** A `copy … from stdin` as a query of pg 8.23.0, which sends the statement and all of its rows at once. */
import type { Connection, QueryResult } from 'pg';
import { Query } from '../postgresql/pg.ts';

/** The parts of pg's connection that its types leave out. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

export class CopyQuery extends Query {
  readonly text: string;
  readonly #rows: Buffer;

  constructor(text: string, rows: string, callback: (error: Error | undefined, result: QueryResult) => void) {
    super(text, callback as never);
    this.text = text;
    this.#rows = Buffer.from(rows);
  }

  /** A server that refuses the statement ignores the rows (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY). */
  override submit = (connection: Connection): null => {
    const { stream } = connection;
    stream.cork();
    connection.query(this.text);
    (connection as CopyConnection).sendCopyFromChunk(this.#rows);
    (connection as CopyConnection).endCopyFrom();
    stream.uncork();
    return null;
  };

  /** The server expects rows: they are under way. */
  handleCopyInResponse(): void {}
}
