/** The position of a running relay in the events of its region. Cursors are immutable: each step of the relay makes a new one. */
import type { Transport } from '../transport/transport.ts';
import type { RelayRow } from './relay-row.ts';

export interface RelayCursor {
  /** The row of `relay_state`, as last read or written under the lease. */
  readonly row: RelayRow;
  /** The last event that has arrived, which the row may not record yet. */
  readonly ackedSeq: number;
  /** The last published event, which has arrived or is stored in transit. Only the running relay knows it. */
  readonly publishedSeq: number;
}

/** The initial cursor of a relay that has just acquired the lease. */
export function cursorAt(row: RelayRow): RelayCursor {
  return { row, ackedSeq: row.ackedSeq, publishedSeq: row.ackedSeq };
}

/** The highest sequence number that the region has assigned. */
export function headSeqOf({ row }: RelayCursor): number {
  return row.nextSeq - 1;
}

/** Whether the transport stores events that central has not confirmed. */
export function isAnyOnItsWay(
  cursor: RelayCursor,
  { acknowledgesApplied, stored }: Pick<Transport, 'acknowledgesApplied' | 'stored'>,
): boolean {
  return !acknowledgesApplied && stored !== undefined && cursor.ackedSeq < headSeqOf(cursor);
}
