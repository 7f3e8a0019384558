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
}

const NEXT: Readonly<Record<string, readonly string[]>> = {
  pending: ['confirmed', 'cancelled'],
  confirmed: ['cancelled'],
  cancelled: [],
};

export const orderStatusOracle = (isRequested: IsCancellationRequested): CommitOracle => {
  const known = new Map<string, Map<number, string>>();
  return {
    name: 'order status',
    tables: ['orders'],
    check(views, commit) {
      const { database } = commit;
      const region = regionOfDatabase(database);
      if (region === undefined) {
        return undefined;
      }
      const before = known.get(database) ?? new Map<number, string>();
      const rows = views.rows<OrderRow>(database, 'select id, status, checkout_id as key from orders');
      known.set(database, new Map(rows.map(({ id, status }) => [id, status])));
      for (const { id, status, key } of rows) {
        const last = before.get(id);
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
      const [lost] = before.keys();
      return lost === undefined ? undefined : `${database}: order ${lost} is gone`;
    },
    restored(database) {
      known.delete(database);
    },
  };
};
