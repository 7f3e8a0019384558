/** What a relay holds of its region while it is the one that ships. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { patiently } from '../../database/patiently.ts';
import { isReleased } from '../../loads/withheld.ts';
import type { ElapsedClock } from '../../shared/time/clock.ts';
import { LeaseWatch } from './lease-watch.ts';
import {
  changeRelay,
  type Held,
  isStillHeld,
  LeaseLostError,
  newFencingToken,
  type RelayRow,
  readRelay,
  releaseLease,
  renewLease,
  takeLease,
} from './relay-row.ts';
import { RELAY_STATE_ID } from './relay-state.entity.ts';

export class Lease {
  readonly #database: Database;
  readonly #seconds: number;
  readonly #elapsed: ElapsedClock;
  readonly #watch: LeaseWatch;
  #row: RelayRow | undefined;
  /** When it was last taken or renewed. */
  #renewedAt = 0;
  /** The fencing token that was held last. */
  #fence: number | undefined;
  /** What has arrived, be it that the row does not say so yet. */
  ackedSeq = 0;
  /** What has been published, whether it has arrived or is stored on the way; nobody but the relay at work knows. */
  publishedSeq = 0;

  constructor(database: Database, seconds: number, elapsed: ElapsedClock) {
    this.#database = database;
    this.#seconds = seconds;
    this.#elapsed = elapsed;
    this.#watch = new LeaseWatch(seconds, elapsed);
  }

  /** The row as it was when it was last read or written; nothing while the lease is not held. */
  get row(): RelayRow | undefined {
    return this.#row;
  }

  /** Takes the lease unless it is held. @throws LeaseLostError as long as another relay holds it */
  async hold(): Promise<RelayRow> {
    if (this.#row !== undefined) {
      return this.#row;
    }
    // orders that are placed in this process may hold what a blocking wait would be waiting for
    await this.#database.engine.neverBlock(this.#database.fork());
    const at = this.#elapsed();
    const claim = { fence: newFencingToken(), ownFence: this.#fence, abandoned: this.#watch.abandoned };
    const row = await this.own(() => takeLease(this.#database, this.#seconds, claim));
    if (row === undefined) {
      this.#watch.see(await readRelay(this.#database, this.#database.fork()));
      throw new LeaseLostError(this.#database.name);
    }
    this.#renewedAt = at;
    this.ackedSeq = row.ackedSeq;
    this.publishedSeq = row.ackedSeq;
    return this.#keep(row);
  }

  /** It is another's, or nobody knows. */
  drop(): void {
    this.#row = undefined;
  }

  /** Reads the row again, once what has arrived is recorded in it. @throws LeaseLostError */
  async refresh(held: RelayRow): Promise<RelayRow> {
    if (this.ackedSeq > held.ackedSeq) {
      return (await this.write(held, async (_, row) => ({ row }))).row;
    }
    const now = await this.own(() => readRelay(this.#database, this.#database.fork()));
    if (!isStillHeld(held, now)) {
      throw new LeaseLostError(this.#database.name);
    }
    this.ackedSeq = now.ackedSeq;
    return this.#keep(now);
  }

  /** Looks without writing whether there is anything to do, for most of the time there is nothing. */
  async hasWork(held: RelayRow): Promise<boolean> {
    const isToBeWritten = this.ackedSeq > held.ackedSeq || (held.attempts > 0 && !held.paused);
    const isHalfOver = this.#elapsed() - this.#renewedAt > (this.#seconds * 1000) / 2;
    if (isToBeWritten || isHalfOver) {
      return true;
    }
    const { rows } = await sql<Held & { paused: boolean; snapshot: string | null; waiting: number | null }>`
      select fence, epoch, next_seq as "nextSeq", paused, snapshot,
        (select id from outbox_event where seq is null and ${isReleased(this.#database)} limit 1) as waiting
      from relay_state where id = ${RELAY_STATE_ID}`.execute(this.#database.fork().getKysely());
    const [now] = rows;
    if (now === undefined || !isStillHeld(held, now)) {
      throw new LeaseLostError(this.#database.name);
    }
    this.#keep({ ...held, paused: Boolean(now.paused), snapshot: now.snapshot });
    return !now.paused && (now.waiting !== null || now.snapshot !== null || held.nextSeq - 1 > this.publishedSeq);
  }

  /**
   * One transaction of the one relay: renews the lease, notes what has arrived, and does `work` with the row as it is then.
   *
   * @param work gives the row as it leaves it
   * @throws LeaseLostError
   */
  async write<T>(
    held: RelayRow,
    work: (em: EntityManager, renewed: RelayRow) => Promise<{ readonly row: RelayRow } & T>,
  ): Promise<T> {
    let at = 0;
    const done = await this.own(() =>
      this.#database.fork().transactional(async (em) => {
        at = this.#elapsed();
        return work(em, await renewLease(this.#database, em, held, this.ackedSeq, this.#seconds));
      }),
    );
    this.#renewedAt = at;
    this.#keep(done.row);
    return done;
  }

  /** Changes the row, if the lease is held. @throws LeaseLostError */
  async change(change: Partial<Omit<RelayRow, 'fence'>>): Promise<void> {
    const row = this.#row;
    if (row !== undefined) {
      await this.own(() => changeRelay(this.#database, this.#database.fork(), row.fence, change));
    }
  }

  /** Notes what has arrived and lets others ship. */
  async release(): Promise<void> {
    const row = this.#row;
    if (row !== undefined) {
      this.drop();
      if (this.ackedSeq > row.ackedSeq) {
        await this.refresh(row);
      }
      this.drop();
      await this.own(() => releaseLease(this.#database, row.fence));
    }
  }

  /** What is done in the region's database waits its turn, and may be done twice. */
  own<T>(work: () => Promise<T>): Promise<T> {
    return patiently(this.#database, work, this.#seconds);
  }

  #keep(row: RelayRow): RelayRow {
    this.#row = row;
    this.#fence = row.fence;
    return row;
  }
}
