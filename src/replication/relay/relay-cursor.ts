/** How far a running relay has got with the events of its region. A cursor does not change: each step of the relay makes a new one. */
import type { Transport } from '../transport/transport.ts';
import type { RelayRow } from './relay-row.ts';

export interface RelayCursor {
  /** The row of `relay_state`, as it was last read or written under the lease. */
  readonly row: RelayRow;
  /** The last event that has arrived, whether the row says so yet or not. */
  readonly ackedSeq: number;
  /** The last event that has been published: it has arrived, or is stored on its way. Only the running relay knows. */
  readonly publishedSeq: number;
}

/** Where a relay starts that has just acquired the lease. */
export function cursorAt(row: RelayRow): RelayCursor {
  return { row, ackedSeq: row.ackedSeq, publishedSeq: row.ackedSeq };
}

/** The highest sequence number that the region has assigned. */
export function headSeqOf({ row }: RelayCursor): number {
  return row.nextSeq - 1;
}

/** Whether events are stored by the transport that central has not confirmed. */
export function isAnyOnItsWay(
  cursor: RelayCursor,
  { acknowledgesApplied, stored }: Pick<Transport, 'acknowledgesApplied' | 'stored'>,
): boolean {
  return !acknowledgesApplied && stored !== undefined && cursor.ackedSeq < headSeqOf(cursor);
}
