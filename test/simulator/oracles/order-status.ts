/** The status of an order moves only along the diagram: pending to confirmed or cancelled, confirmed to cancelled. */

import { regionOfDatabase } from '../plan.ts';
import { type CommitOracle, isRelay } from './oracle.ts';

const NEXT: Readonly<Record<string, readonly string[]>> = {
  pending: ['confirmed', 'cancelled'],
  confirmed: ['cancelled'],
  cancelled: [],
};

export const orderStatusOracle = (): CommitOracle => {
  const known = new Map<string, Map<number, string>>();
  return {
    name: 'order status',
    check(views, commit) {
      const { database } = commit;
      if (regionOfDatabase(database) === undefined || isRelay(commit)) {
        return undefined;
      }
      const before = known.get(database) ?? new Map<number, string>();
      const now = new Map<number, string>();
      let violation: string | undefined;
      for (const { id, status } of views.rows<{ id: number; status: string }>(
        database,
        'select id, status from orders',
      )) {
        const last = before.get(id);
        if (last !== undefined && last !== status && !NEXT[last]?.includes(status)) {
          violation ??= `${database}: order ${id} was ${last} and is ${status}`;
        }
        now.set(id, status);
      }
      const lost = [...before.keys()].find((id) => !now.has(id));
      known.set(database, now);
      return violation ?? (lost === undefined ? undefined : `${database}: order ${lost} is gone`);
    },
    restored(database) {
      known.delete(database);
    },
  };
};
