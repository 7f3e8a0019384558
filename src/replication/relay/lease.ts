/** The lease of a region: only the relay that holds it ships, and its fencing token keeps an earlier holder from writing. */

import type { Database, EntityManager } from '../../database/database.ts';
import { withRetry } from '../../database/retry.ts';
import { monotonic } from '../../shared/environment.ts';
import { LeaseWatch } from './lease-watch.ts';
import {
  type Held,
  isStillHeld,
  LeaseLostError,
  newFencingToken,
  type RelayRow,
  readLease,
  readRelay,
  releaseLease,
  renewLease,
  takeLease,
} from './relay-row.ts';

export class Lease {
  readonly #database: Database;
  readonly #seconds: number;
  readonly #watch: LeaseWatch;
  /** When the lease was last acquired or renewed. */
  #renewedAt = 0;
  /** The last fencing token of this relay. */
  #token: number | undefined;

  constructor(database: Database, seconds: number) {
    this.#database = database;
    this.#seconds = seconds;
    this.#watch = new LeaseWatch(seconds);
  }

  /** @throws LeaseLostError as long as another relay holds it */
  async acquire(): Promise<RelayRow> {
    // a blocking wait could deadlock: orders that are placed in this process may hold the lock
    await this.#database.engine.neverBlock(this.#database.fork());
    const claim = { fencingToken: newFencingToken(), ownFencingToken: this.#token, abandoned: this.#watch.abandoned };
    const before = await this.own(() => readLease(this.#database, claim));
    const at = monotonic();
    // the update checks again: another relay may have acquired the lease since
    const row = before.isFree ? await this.own(() => takeLease(this.#database, this.#seconds, claim)) : undefined;
    if (row === undefined) {
      this.#watch.see(before.row);
      throw new LeaseLostError(this.#database.name);
    }
    this.#renewedAt = at;
    this.#token = row.fencingToken;
    return row;
  }

  /** Reads the row of the region again. @throws LeaseLostError */
  async read(held: Held): Promise<RelayRow> {
    const row = await this.own(() => readRelay(this.#database, this.#database.outside));
    if (!isStillHeld(held, row)) {
      throw new LeaseLostError(this.#database.name);
    }
    return row;
  }

  /** Whether half of its duration is over, so that it must be renewed. */
  get isHalfOver(): boolean {
    return monotonic() - this.#renewedAt > (this.#seconds * 1000) / 2;
  }

  /**
   * Renews the lease, records the arrived events, and runs `work` with the renewed row, in one transaction.
   *
   * @throws LeaseLostError
   */
  async renew<T>(held: Held, ackedSeq: number, work: (em: EntityManager, renewed: RelayRow) => Promise<T>): Promise<T> {
    let at = 0;
    const result = await this.own(() =>
      this.#database.fork().transactional(async (em) => {
        at = monotonic();
        return work(em, await renewLease(this.#database, em, held, ackedSeq, this.#seconds));
      }),
    );
    this.#renewedAt = at;
    return result;
  }

  /** Releases the lease, so that other relays can ship immediately. Does nothing if another relay has taken over. */
  release({ fencingToken }: Held): Promise<void> {
    return this.own(() => releaseLease(this.#database, fencingToken));
  }

  /** Runs work in the region's database, and retries it when the database is locked; the work may run twice. */
  own<T>(work: () => Promise<T>): Promise<T> {
    return withRetry(this.#database, work, this.#seconds);
  }
}
