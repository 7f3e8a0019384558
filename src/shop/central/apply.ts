/** Applies events of regions to central: to its facts and to the queue of documents. */
import type { Database } from '../../databases.ts';
import { type Batch, type Failure, type OnDeadLettered, receiveBatch } from '../../replication/index.ts';
import { centralProjection } from './projection.ts';

/** @see receiveBatch */
export function applyBatch(
  central: Database,
  batch: Batch,
  onDeadLettered?: OnDeadLettered,
): Promise<readonly Failure[]> {
  return receiveBatch({ central, projection: centralProjection }, batch, onDeadLettered);
}
