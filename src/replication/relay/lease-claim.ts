/** Whether the lease of a region can be acquired, as a condition on the row of `relay_state`. */

import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../database/database.ts';

/** The columns that change whenever the lease is acquired or renewed. */
export interface LeaseMark {
  readonly fencingToken: number;
  readonly leaseUntil: string | null;
}

export interface LeaseClaim {
  /** The fencing token to hold the lease with. The claim can be repeated with the same token. */
  readonly fencingToken: number;
  /** The token that the same relay held last: as long as the row has it, the lease is that relay's own. */
  readonly ownFencingToken?: number | undefined;
  /** A lease that may be acquired whatever the clock says, unless it is renewed meanwhile. */
  readonly abandoned?: LeaseMark | undefined;
}

/** Whether no other relay holds the lease. It ends by the database's clock, which all relays share: their own may be hours apart. */
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
