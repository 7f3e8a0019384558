/**
 * The status of an order moves only along the diagram: pending to confirmed or cancelled, confirmed to cancelled, which only a client can ask
 * for.
 */
import { regionOfDatabase } from '../plan.ts';
import type { CommitOracle } from './oracle.ts';

export type IsCancellationRequested = (region: string, key: string) => boolean;

interface OrderRow {
  readonly id: number;
  readonly status: string;
  readonly key: string;
  /** A load has written it, and may yet revert it. */
  readonly isWithheld: 0 | 1;
}

const ORDERS = `
  select id, status, checkout_id as key,
    checkout_id is null and exists (
      select 1 from outbox_event where aggregate = 'order' and aggregate_id = orders.id and seq is null and run is not null
    ) as isWithheld
  from orders`;

const NEXT: Readonly<Record<string, readonly string[]>> = {
  pending: ['confirmed', 'cancelled'],
  confirmed: ['cancelled'],
  cancelled: [],
};

export const orderStatusOracle = (isRequested: IsCancellationRequested): CommitOracle => {
  const known = new Map<string, Map<number, OrderRow>>();
  return {
    name: 'order status',
    tables: ['orders'],
    check(views, commit) {
      const { database } = commit;
      const region = regionOfDatabase(database);
      if (region === undefined) {
        return undefined;
      }
      const before = known.get(database) ?? new Map<number, OrderRow>();
      const rows = views.rows<OrderRow>(database, ORDERS);
      known.set(database, new Map(rows.map((row) => [row.id, row])));
      for (const { id, status, key } of rows) {
        const last = before.get(id)?.status;
        before.delete(id);
        if (last === undefined || last === status) {
          continue;
        }
        if (!NEXT[last]?.includes(status)) {
          return `${database}: order ${id} was ${last} and is ${status}`;
        }
        if (last === 'confirmed' && !isRequested(region, key)) {
          return `${database}: order ${id} was confirmed and is cancelled, which no client has asked for`;
        }
      }
      const lost = [...before.values()].find(({ isWithheld }) => isWithheld === 0);
      return lost && `${database}: order ${lost.id} is gone`;
    },
    restored(database) {
      known.delete(database);
    },
  };
};
