/**
 * Ships a region's outbox, in order and without gaps. Only one relay at a time does: whoever holds the lease, with the
 * newest fence.
 */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../databases/database.ts';
import { patiently } from '../databases/patiently.ts';
import { regionOf } from '../databases/regions.ts';
import { RELAY_STATE_ID } from '../orders/relay-state.entity.ts';
import { asError } from '../settle.ts';
import type { Batch } from '../transport/transport.ts';
import { backOffMilliseconds } from './back-off.ts';
import { eventsAfter, IS_RELEASED, stampEvents } from './events.ts';
import { purge } from './purge.ts';
import { reconcile } from './reconcile.ts';
import {
  after,
  changeRelay,
  LeaseLostError,
  type RelayRow,
  readRelay,
  releaseLease,
  renewLease,
  takeLease,
} from './relay-row.ts';
import { RELAY_SETTINGS, type RelayOptions, type RelaySettings } from './settings.ts';
import { type SnapshotProgress, writeSnapshot } from './snapshot.ts';
import { wait } from './wait.ts';
import { onWake } from './wake.ts';

/** What a step has found to do. */
type Step = 'worked' | 'idle' | 'paused';

export class Relay {
  readonly #options: RelayOptions;
  readonly #settings: RelaySettings;
  readonly #database: Database;
  readonly #now: () => Date;
  /** The row as it was when this relay last wrote it; nothing while it does not hold the lease. */
  #row: RelayRow | undefined;
  #leaseUntil = 0;
  /** What has arrived, be it that the row does not say so yet. */
  #ackedSeq = 0;
  #failures = 0;
  #reconciledAt = 0;
  #wakeUp = new AbortController();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#settings = { ...RELAY_SETTINGS, ...options.settings };
    this.#database = options.database;
    this.#now = options.now ?? (() => new Date());
  }

  /** Ships whatever there is until `signal` is aborted. Failures are told, and tried again. */
  async run(): Promise<void> {
    await this.#whileAwake(async () => {
      while (!this.#options.signal.aborted) {
        const step = await this.#attempt();
        if (step instanceof Error) {
          await this.#sleep(await this.#backOff(step));
        } else if (step !== 'worked') {
          await this.#sleep(this.#settings.pollMilliseconds);
        }
      }
    });
  }

  /**
   * Ships until nothing is left, or `signal` is aborted.
   *
   * @returns whether it is paused, so that something may be left
   * @throws what failed too often in a row; MeridianError `locked` when another relay does not let go of the lease
   */
  async drain(): Promise<{ readonly paused: boolean }> {
    let paused = false;
    await this.#whileAwake(async () => {
      let waitingUntil: number | undefined;
      while (!this.#options.signal.aborted) {
        const step = await this.#attempt();
        if (step instanceof LeaseLostError) {
          // one that has died lets go when its lease has run out
          const now = this.#now().getTime();
          waitingUntil ??= now + (this.#settings.leaseSeconds + 2) * 1000;
          if (now >= waitingUntil) {
            throw step;
          }
          await this.#sleep(this.#settings.pollMilliseconds);
          continue;
        }
        waitingUntil = undefined;
        if (step instanceof Error) {
          const isLast = this.#failures + 1 >= this.#settings.drainAttempts;
          const milliseconds = await this.#backOff(step);
          if (isLast) {
            throw step;
          }
          await this.#sleep(milliseconds);
        } else if (step !== 'worked') {
          paused = step === 'paused';
          return;
        }
      }
    });
    return { paused };
  }

  async #whileAwake(work: () => Promise<void>): Promise<void> {
    const stopListening = onWake(this.#database, () => this.#wakeUp.abort());
    try {
      await work();
    } finally {
      stopListening();
      await this.#letGo();
    }
  }

  async #attempt(): Promise<Step | Error> {
    try {
      const step = await this.#step();
      this.#failures = 0;
      return step;
    } catch (error) {
      // whoever fails finds out anew where things are
      this.#reconciledAt = 0;
      if (error instanceof LeaseLostError) {
        this.#row = undefined;
        return error;
      }
      return asError(this.#database.explain(error));
    }
  }

  async #step(): Promise<Step> {
    let row = await this.#held();
    if (this.#isReconciliationDue()) {
      await this.#reconcile(row);
      row = await this.#held();
    }
    if (!(await this.#hasWork(row))) {
      return this.#row?.paused ? 'paused' : 'idle';
    }
    const batch = await this.#prepare(row);
    if (this.#row?.paused) {
      return 'paused';
    }
    if (batch === undefined) {
      return this.#row?.snapshot === null ? 'idle' : 'worked';
    }
    await this.#options.transport.publish(batch);
    this.#ackedSeq = batch.events.at(-1)?.seq ?? this.#ackedSeq;
    this.#options.listener?.shipped?.(batch.events.length);
    return 'worked';
  }

  /** The row, once this relay holds the lease. @throws LeaseLostError as long as another one does */
  async #held(): Promise<RelayRow> {
    if (this.#row === undefined) {
      const { leaseSeconds } = this.#settings;
      // orders that are placed in this process may hold what a blocking wait would be waiting for
      await this.#database.engine.neverBlock(this.#database.fork());
      const row = await this.#own(() => takeLease(this.#database, this.#now(), leaseSeconds));
      if (row === undefined) {
        throw new LeaseLostError(this.#database.name);
      }
      this.#keep(row);
      this.#ackedSeq = row.ackedSeq;
    }
    return this.#row as RelayRow;
  }

  #keep(row: RelayRow): RelayRow {
    this.#row = row;
    this.#leaseUntil = row.leaseUntil === null ? 0 : Date.parse(row.leaseUntil);
    return row;
  }

  #isReconciliationDue(): boolean {
    return this.#now().getTime() - this.#reconciledAt >= this.#settings.reconcileSeconds * 1000;
  }

  /** Looks where central is, and forgets what it has. */
  async #reconcile(held: RelayRow): Promise<void> {
    const { transport, listener } = this.#options;
    const row = this.#ackedSeq > held.ackedSeq ? await this.#renew(held) : held;
    const position = await transport.position(regionOf(this.#database.name));
    const sentence = await this.#own(() => reconcile(this.#database, row, position, transport));
    if (sentence !== undefined) {
      listener?.noticed?.(`${this.#database.name}: ${sentence}.`);
    }
    this.#reconciledAt = this.#now().getTime();
    const now = await readRelay(this.#database, this.#database.fork());
    if (now.fence !== held.fence) {
      // a new epoch has begun
      this.#row = undefined;
      return;
    }
    this.#keep(now);
    this.#ackedSeq = now.ackedSeq;
    await this.#own(() => purge(this.#database, position, { keepDays: this.#settings.keepDays, now: this.#now() }));
  }

  /** Looks without writing, for most of the time there is nothing. */
  async #hasWork(held: RelayRow): Promise<boolean> {
    const halfLease = (this.#settings.leaseSeconds * 1000) / 2;
    const isToBeWritten = this.#ackedSeq > held.ackedSeq || (held.attempts > 0 && !held.paused);
    if (isToBeWritten || this.#leaseUntil - this.#now().getTime() < halfLease) {
      return true;
    }
    const { rows } = await sql<{ fence: number; paused: boolean; snapshot: string | null; waiting: number | null }>`
      select fence, paused, snapshot,
        (select id from outbox_event where seq is null and ${IS_RELEASED} limit 1) as waiting
      from relay_state where id = ${RELAY_STATE_ID}`.execute(this.#database.fork().getKysely());
    const [now] = rows;
    if (now === undefined || now.fence !== held.fence) {
      throw new LeaseLostError(this.#database.name);
    }
    this.#keep({ ...held, paused: Boolean(now.paused), snapshot: now.snapshot });
    return !now.paused && (now.waiting !== null || now.snapshot !== null || held.nextSeq - 1 > held.ackedSeq);
  }

  async #renew(held: RelayRow): Promise<RelayRow> {
    return this.#keep(
      await this.#own(() =>
        this.#database.fork().transactional((em) => {
          const until = after(this.#now(), this.#settings.leaseSeconds);
          return renewLease(this.#database, em, held, this.#ackedSeq, until);
        }),
      ),
    );
  }

  /** One transaction: notes what has arrived, and gives the next events their places. */
  async #prepare(held: RelayRow): Promise<Batch | undefined> {
    const { batchEvents, leaseSeconds } = this.#settings;
    const database = this.#database;
    const prepare = async (em: EntityManager) => {
      let renewed = await renewLease(database, em, held, this.#ackedSeq, after(this.#now(), leaseSeconds));
      const { epoch, nextSeq, ackedSeq, fence } = renewed;
      if (renewed.attempts > 0 && (this.#failures === 0 || nextSeq - 1 === ackedSeq)) {
        // it has gone well since, or what had failed has arrived all the same
        const forgotten = { attempts: 0, nextAttemptAt: null, lastError: null };
        await changeRelay(database, em, fence, forgotten);
        renewed = { ...renewed, ...forgotten };
      }
      if (renewed.paused) {
        return { row: renewed, batch: undefined };
      }
      if (nextSeq - 1 > ackedSeq) {
        // they have their places, and did not arrive
        const events = await eventsAfter(em, epoch, ackedSeq, batchEvents);
        return { row: renewed, batch: batchOf(database, renewed, events) };
      }
      const change: { nextSeq?: number; snapshot?: string | null } = {};
      if (renewed.snapshot !== null) {
        const progress = JSON.parse(renewed.snapshot) as SnapshotProgress;
        const then = await writeSnapshot(database, em, progress, this.#now());
        change.snapshot = then === undefined ? null : JSON.stringify(then);
      }
      const events = await stampEvents(em, epoch, nextSeq, batchEvents);
      if (events.length > 0) {
        change.nextSeq = nextSeq + events.length;
      }
      if (Object.keys(change).length > 0) {
        await changeRelay(database, em, fence, change);
      }
      const changed = { ...renewed, ...change };
      return { row: changed, batch: batchOf(database, changed, events) };
    };
    const { row, batch } = await this.#own(() => database.fork().transactional(prepare));
    this.#keep(row);
    return batch;
  }

  /** Notes a failure where others can see it. @returns how long to wait */
  async #backOff(error: Error): Promise<number> {
    const { pollMilliseconds } = this.#settings;
    if (error instanceof LeaseLostError) {
      return pollMilliseconds;
    }
    this.#failures++;
    const milliseconds = backOffMilliseconds(this.#failures, this.#settings, this.#options.random ?? Math.random);
    this.#options.listener?.failed?.(error, milliseconds);
    const row = this.#row;
    if (row !== undefined) {
      try {
        await this.#own(() =>
          changeRelay(this.#database, this.#database.fork(), row.fence, {
            attempts: this.#failures,
            nextAttemptAt: after(this.#now(), milliseconds / 1000),
            lastError: error.message,
          }),
        );
      } catch (cause) {
        // the region's own database may be what has failed; then only whoever runs the relay is told
        this.#row = undefined;
        if (!(cause instanceof LeaseLostError)) {
          this.#options.listener?.failed?.(asError(this.#database.explain(cause)), milliseconds);
        }
      }
    }
    return milliseconds;
  }

  /** What is done in the region's database waits its turn, and may be done twice. */
  #own<T>(work: () => Promise<T>): Promise<T> {
    return patiently(this.#database, work, this.#settings.leaseSeconds);
  }

  async #sleep(milliseconds: number): Promise<void> {
    await wait(milliseconds, this.#options.signal, this.#wakeUp.signal);
    if (this.#wakeUp.signal.aborted) {
      this.#wakeUp = new AbortController();
    }
  }

  /** Notes what has arrived and lets others ship. */
  async #letGo(): Promise<void> {
    const row = this.#row;
    if (row === undefined) {
      return;
    }
    this.#row = undefined;
    try {
      if (this.#ackedSeq > row.ackedSeq) {
        await this.#renew(row);
        this.#row = undefined;
      }
      await this.#own(() => releaseLease(this.#database, row.fence));
    } catch (error) {
      // nothing is lost: it arrives again and is known, and the lease runs out by itself
      if (!(error instanceof LeaseLostError)) {
        this.#options.listener?.failed?.(asError(this.#database.explain(error)), 0);
      }
    }
  }
}

function batchOf({ name }: Database, { epoch, nextSeq }: RelayRow, events: Batch['events']): Batch | undefined {
  return events.length === 0 ? undefined : { region: regionOf(name), epoch, headSeq: nextSeq - 1, events };
}
