/** Applies events of regions to central: to its facts and to the queue of documents. */
import type { Database } from '../../databases.ts';
import type { Batch, Failure } from '../../replication/index.ts';
import { inboxOf } from './inbox.ts';

/** Applies a batch like {@link Inbox.receive}. */
export function applyBatch(
  central: Database,
  batch: Batch,
  onDeadLettered?: (batch: Batch, failures: readonly Failure[]) => void,
): Promise<readonly Failure[]> {
  return inboxOf(central).receive(batch, onDeadLettered);
}
