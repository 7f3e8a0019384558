/** The outbox of a region's database: what programs do with it, beside the relay that ships it. */
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

/** How far an outbox has been shipped. */
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

  /** @param database declared with `outbox: true`; open, at its newest schema */
  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes events in the given order. After the commit, {@link wake} ships them at once. */
  write(em: EntityManager, events: readonly NewEvent[]): Promise<void> {
    return writeEvents(this.#database, em, events);
  }

  /** Wakes relays in this process. Relays in other processes look for new events several times a second. */
  wake(): void {
    wakeRelay(this.#database);
  }

  /**
   * Begins a new epoch, in which everything is sent again, or all from a sequence number on. May be called while a relay runs.
   *
   * @returns the new epoch
   * @throws MeridianError `purged` when events from that sequence number on are not there any more, `usage` when it is not assigned
   */
  beginEpoch(newEpoch?: NewEpoch): Promise<number> {
    return beginEpoch(this.#database, newEpoch);
  }

  /** Begins an epoch in which everything is sent again, in the transaction of `em`, and deletes the events of the epochs before. */
  async restartIn(em: EntityManager): Promise<void> {
    await beginEpochIn(this.#database, em);
    await em.nativeDelete(OutboxEvent, {});
  }

  /** How far it has been shipped, as the transaction of `em` sees it. @throws MeridianError `database` when that is lost */
  state(em: EntityManager = this.#database.fork()): Promise<OutboxState> {
    return readRelay(this.#database, em);
  }

  /** How far it has been shipped, with figures for people. @param snapshots count the events that are still to be written */
  status(snapshots: SnapshotSource, now: Date): Promise<OutboxStatus> {
    return outboxStatus(this.#database, snapshots, now);
  }

  /** Lets no relay ship it until it is resumed, or resumes it. */
  setPaused(paused: boolean): Promise<OutboxState> {
    return setPaused(this.#database, paused);
  }

  /** Lets no relay begin to ship it for as long as a lease lasts. @throws MeridianError `locked` while a relay is shipping it */
  excludeRelays(): Promise<void> {
    return excludeRelays(this.#database);
  }

  /** Removes events that central has dealt with, by its position. @returns how many */
  purge(position: Position | undefined, options: PurgeOptions): Promise<number> {
    return purge(this.#database, position, options);
  }

  /** Whether the database has an outbox, which one of an older schema has not. @throws MeridianError when it cannot be read */
  async isThere(): Promise<boolean> {
    const em = this.#database.fork();
    return (await this.#database.hasTable(em, OutboxEvent)) && (await this.#database.hasTable(em, RelayState));
  }
}
