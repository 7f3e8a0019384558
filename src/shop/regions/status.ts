/** The status of a region: the contents of its database, and the state of its outbox. */

import { sql } from 'kysely';
import type { Database } from '../../databases.ts';
import { Outbox, type OutboxStatus } from '../../replication/index.ts';
import { currentTime } from '../../types.ts';
import { regionSnapshots } from '../trading/snapshot.ts';

export interface RegionStatus extends OutboxStatus {
  readonly orders: number;
  /** Orders whose user or product could not be checked yet. */
  readonly pending: number;
  /** Products in stock. */
  readonly products: number;
  /** Pieces in stock. */
  readonly onHand: number;
}

interface Figures {
  readonly orders: number;
  readonly pending: number;
  readonly products: number;
  readonly onHand: number | null;
}

/** @param database open, without pending migrations */
export async function regionStatus(database: Database, now = currentTime()): Promise<RegionStatus> {
  try {
    const { rows } = await sql<Figures>`
      select
        (select count(*) from orders) as orders,
        (select count(*) from orders where status = 'pending') as pending,
        (select count(*) from stock) as products,
        (select cast(sum(on_hand) as bigint) from stock) as "onHand"`.execute(database.fork().getKysely());
    const { orders, pending, products, onHand } = rows[0] as Figures;
    return {
      orders,
      pending,
      products,
      onHand: onHand ?? 0,
      ...(await new Outbox(database).status(regionSnapshots, now)),
    };
  } catch (error) {
    throw database.explain(error);
  }
}
