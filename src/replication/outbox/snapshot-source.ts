/**
 * A snapshot repeats everything that a region holds, as events of a new epoch. The owner of the region's tables provides it as a {@link
 * SnapshotSource}.
 */
import type { Database, EntityManager } from '../../database/database.ts';

/** The progress of a snapshot. Changes of rows that it has already passed write their own events. */
export interface SnapshotProgress {
  /** The epoch of the snapshot. Once it is complete, whatever central still has only from earlier epochs no longer exists in the region. */
  readonly epoch: number;
  /** The current table; `undefined` before the first part. */
  readonly table?: string | undefined;
  /** The last written primary key of the table. */
  readonly after?: number | string | undefined;
}

/** Repeats everything that a region holds as events, when a new epoch begins. */
export interface SnapshotSource {
  /**
   * Writes the next part into the outbox, in the transaction of `em`.
   *
   * @returns the new progress; `undefined` when the snapshot is complete, which its last event records
   */
  write(
    database: Database,
    em: EntityManager,
    progress: SnapshotProgress,
    now: Date,
  ): Promise<SnapshotProgress | undefined>;
  /** Counts the events that are not written yet. */
  countUnwritten(em: EntityManager, progress: SnapshotProgress): Promise<number>;
  /** Whether the region has nothing that a snapshot would write. */
  isEmpty(em: EntityManager): Promise<boolean>;
}
