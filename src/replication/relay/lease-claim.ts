/** The condition on the row of `relay_state` under which the lease of a region can be acquired. */

import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../database/database.ts';

/** The columns that change whenever the lease is acquired or renewed. */
export interface LeaseMark {
  readonly fencingToken: number;
  readonly leaseUntil: string | null;
}

export interface LeaseClaim {
  /** The fencing token of the claim. The claim can be repeated with the same token. */
  readonly fencingToken: number;
  /** The previous token of the same relay: as long as the row has it, the lease is still that relay's own. */
  readonly ownFencingToken?: number | undefined;
  /** A lease that may be acquired regardless of its expiry time, unless it is renewed meanwhile. */
  readonly abandoned?: LeaseMark | undefined;
}

/** Whether no other relay holds the lease. It expires by the database's clock, since the clocks of relays may differ by hours. */
export function isFreeFor(
  { engine }: Database,
  { fencingToken, ownFencingToken = fencingToken, abandoned }: LeaseClaim,
): RawBuilder<boolean> {
  const now = sql.raw(engine.instant(0));
  const isAbandoned =
    abandoned === undefined
      ? sql`1 = 0`
      : sql`(fence = ${abandoned.fencingToken} and lease_until = ${abandoned.leaseUntil})`;
  return sql<boolean>`(lease_until is null or lease_until <= ${now} or fence in (${fencingToken}, ${ownFencingToken}) or ${isAbandoned})`;
}
