/** The API of the outbox of a region's database, which a relay ships. */
import type { Database, EntityManager } from '../../database/database.ts';
import type { NewEvent } from '../events/event.ts';
import { excludeRelays } from '../relay/exclude-relays.ts';
import { type RelayRow, readRelay, setPaused } from '../relay/relay-row.ts';
import { RelayState } from '../relay/relay-state.entity.ts';
import type { Position } from '../transport/transport.ts';
import { beginEpoch, beginEpochIn, type NewEpoch } from './epoch.ts';
import { OutboxEvent } from './outbox-event.entity.ts';
import { type PurgeOptions, purge } from './purge.ts';
import type { SnapshotSource } from './snapshot-source.ts';
import { type OutboxStatus, outboxStatus } from './status.ts';
import { wakeRelay } from './wake.ts';
import { writeEvents } from './write.ts';

/** The shipping state of an outbox. */
export type OutboxState = Pick<RelayRow, 'epoch' | 'nextSeq' | 'ackedSeq' | 'paused'>;

/**
 * Events are written in the transaction of the change that they describe, and shipped after its commit.
 *
 * ```ts
 * import type { Database } from 'meridian/databases';
 * import { type NewEvent, Outbox } from 'meridian/outbox';
 *
 * export async function change(database: Database, events: readonly NewEvent[]) {
 *   const outbox = new Outbox(database);
 *   await database.transaction((em) => outbox.write(em, events));
 *   outbox.wake();
 * }
 * ```
 */
export class Outbox {
  readonly #database: Database;

  /** @param database an open database, declared with `outbox: true`, without pending migrations */
  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes events in the given order. After the commit, call {@link wake} to ship them immediately. */
  write(em: EntityManager, events: readonly NewEvent[]): Promise<void> {
    return writeEvents(this.#database, em, events);
  }

  /** Wakes relays in this process. Relays in other processes poll for new events several times a second. */
  wake(): void {
    wakeRelay(this.#database);
  }

  /**
   * Begins a new epoch, in which everything is sent again, or all events from a sequence number on. May be called while a relay is running.
   *
   * @returns the new epoch
   * @throws MeridianError `purged` when events from that sequence number on have been purged, `usage` when the number is not assigned
   */
  beginEpoch(newEpoch?: NewEpoch): Promise<number> {
    return beginEpoch(this.#database, newEpoch);
  }

  /** Begins an epoch in which everything is sent again, in the transaction of `em`, and deletes the events of earlier epochs. */
  async restartIn(em: EntityManager): Promise<void> {
    await beginEpochIn(this.#database, em);
    await em.nativeDelete(OutboxEvent, {});
  }

  /** The shipping state, read in the transaction of `em`. @throws MeridianError `database` when its row is missing */
  state(em: EntityManager = this.#database.fork()): Promise<OutboxState> {
    return readRelay(this.#database, em);
  }

  /** The shipping status with the backlog and lag. @param snapshots counts the events that a snapshot has not written yet */
  status(snapshots: SnapshotSource, now: Date): Promise<OutboxStatus> {
    return outboxStatus(this.#database, snapshots, now);
  }

  /** Pauses or resumes shipping. */
  setPaused(paused: boolean): Promise<OutboxState> {
    return setPaused(this.#database, paused);
  }

  /** Prevents relays from starting for the duration of a lease. @throws MeridianError `locked` while a relay is shipping */
  excludeRelays(): Promise<void> {
    return excludeRelays(this.#database);
  }

  /** Deletes events that central has processed, according to its position. @returns the number of deleted events */
  purge(position: Position | undefined, options: PurgeOptions): Promise<number> {
    return purge(this.#database, position, options);
  }

  /** Whether the database has an outbox, which older schemas lack. @throws MeridianError when it cannot be read */
  async isThere(): Promise<boolean> {
    const em = this.#database.fork();
    return (await this.#database.hasTable(em, OutboxEvent)) && (await this.#database.hasTable(em, RelayState));
  }
}
