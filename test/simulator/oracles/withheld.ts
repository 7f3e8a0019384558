/** What a load writes is published only once the load is verified. */
import { UNDECIDED_STATES } from '../../../src/loads/run-tables.ts';
import { regionOfDatabase } from '../plan.ts';
import type { CommitOracle } from './oracle.ts';

const STATES = UNDECIDED_STATES.map((state) => `'${state}'`).join(', ');

const PUBLISHED = `
  select event.seq, event.aggregate_id as id, runs.state from outbox_event as event
  join meridian_runs_orders as runs on runs.id = event.run
  where event.seq is not null and runs.state in (${STATES}) limit 1`;

export const withheldOracle = (): CommitOracle => ({
  name: 'withheld',
  tables: ['outbox_event', 'meridian_runs_orders'],
  check(views, { database }) {
    if (regionOfDatabase(database) === undefined) {
      return undefined;
    }
    const found = views.row<{ seq: number; id: number; state: string }>(database, PUBLISHED);
    return found && `${database}: event ${found.seq} is of order ${found.id}, whose load is ${found.state}`;
  },
});
