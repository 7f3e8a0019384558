/** Applies events of regions to central: to its facts and to the queue of documents. */
import type { Database } from '../../database/database.ts';
import type { Failure } from '../../replication/inbox/dead-letters.ts';
import { type OnDeadLettered, receiveBatch } from '../../replication/inbox/receive.ts';
import type { Batch } from '../../replication/transport/transport.ts';
import { centralProjection } from './projection.ts';

/** @see receiveBatch */
export function applyBatch(
  central: Database,
  batch: Batch,
  onDeadLettered?: OnDeadLettered,
): Promise<readonly Failure[]> {
  return receiveBatch({ central, projection: centralProjection }, batch, onDeadLettered);
}
