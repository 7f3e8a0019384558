/**
 * A snapshot repeats everything that a region holds, as events of a new epoch. What that is, the owner of the region's tables knows and
 * passes in as a {@link SnapshotSource}.
 */
import type { Database, EntityManager } from '../../database/database.ts';

/** How far a snapshot has got. Changes behind that point write events of their own. */
export interface SnapshotProgress {
  /** The epoch in which it began: when it is complete, what central has of earlier epochs is gone from the region. */
  readonly epoch: number;
  /** The table that is being written; missing before the first part. */
  readonly table?: string | undefined;
  /** The last primary key of it that was written. */
  readonly after?: number | string | undefined;
}

/** Repeats everything that a region holds as events, when a new epoch begins. */
export interface SnapshotSource {
  /**
   * Writes the next part into the outbox, in the transaction of `em`.
   *
   * @returns the progress afterwards; nothing when the snapshot is complete, which its last event says
   */
  write(
    database: Database,
    em: EntityManager,
    progress: SnapshotProgress,
    now: Date,
  ): Promise<SnapshotProgress | undefined>;
  /** Counts the events that are still to be written. */
  countUnwritten(em: EntityManager, progress: SnapshotProgress): Promise<number>;
  /** Whether the region holds nothing that a snapshot would write. */
  isEmpty(em: EntityManager): Promise<boolean>;
}
