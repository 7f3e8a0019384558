/** The interface of all export formats. */
import type { Row } from '../../database/columns.ts';

/** Writes a part of a file; settles when there is room for more. */
export type Sink = (content: string | Uint8Array) => Promise<void>;

/** Writes the rows of one table as they arrive. */
export interface TableWriter {
  write(rows: readonly Row[]): Promise<void>;
  end(): Promise<void>;
}
