/** What all formats of exported tables have in common. */
import type { Row } from '../../database/columns.ts';

/** Where a file's content goes; settles when there is room for more. */
export type Sink = (content: string | Uint8Array) => Promise<void>;

/** Writes the rows of one table as they come. */
export interface TableWriter {
  write(rows: readonly Row[]): Promise<void>;
  end(): Promise<void>;
}
