/**
 * Ships a region's outbox to central, in order and without gaps. Only one relay of a region ships at a time: the one that holds the
 * lease, with the newest fencing token.
 */

import { asError } from '../../shared/async/settle.ts';
import { wait } from '../../shared/async/wait.ts';
import { currentTime, random } from '../../shared/environment.ts';
import { MeridianError } from '../../shared/errors.ts';
import { inBatchSpan } from '../events/batch-span.ts';
import { onWake } from '../outbox/wake.ts';
import type { Batch } from '../transport/transport.ts';
import { backOffMilliseconds } from './back-off.ts';
import { findWork } from './find-work.ts';
import { Lease } from './lease.ts';
import { nextBatch } from './next-batch.ts';
import { hasApplied } from './position.ts';
import { Reconciler } from './reconciler.ts';
import { cursorAt, type RelayCursor } from './relay-cursor.ts';
import { after, changeRelay, LeaseLostError } from './relay-row.ts';
import { RELAY_SETTINGS, type RelayOptions, type RelaySettings } from './settings.ts';

/** The result of a round. After `worked`, the next round follows immediately. */
export type Round = 'worked' | 'idle' | 'paused';

/** Ships the events of one outbox, in order, each until it has arrived. Of several relays of one outbox, the one with the lease ships. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #settings: RelaySettings;
  readonly #lease: Lease;
  readonly #reconciler: Reconciler;
  /** `undefined` while the relay does not hold the lease. */
  #cursor: RelayCursor | undefined;
  #failures = 0;
  #wakeUp = new AbortController();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#settings = { ...RELAY_SETTINGS, ...options.settings };
    this.#lease = new Lease(options.database, this.#settings.leaseSeconds);
    this.#reconciler = new Reconciler(this.#lease, options, this.#settings);
  }

  get cursor(): RelayCursor | undefined {
    return this.#cursor;
  }

  /** Consecutive failures. */
  get failures(): number {
    return this.#failures;
  }

  /** Ships events until the signal is aborted. Failures are reported and retried. */
  async run(): Promise<void> {
    await this.whileAwake(async () => {
      while (!this.#options.signal.aborted) {
        const round = await this.round();
        if (round instanceof Error) {
          await this.sleep(await this.recordFailure(round));
        } else if (round !== 'worked') {
          await this.sleep(this.#settings.pollMilliseconds);
        }
      }
    });
  }

  /** Ships the next batch. @returns an error if it failed; a LeaseLostError if another relay holds the lease */
  async round(): Promise<Round | Error> {
    try {
      const done = await this.#ship();
      this.#failures = 0;
      return done;
    } catch (error) {
      // after a failure, the relay queries the position of central again
      this.reconcileSoon();
      if (error instanceof LeaseLostError) {
        const wasHeld = this.#cursor !== undefined;
        this.#cursor = undefined;
        // a lost lease may be free to be acquired again, which only another round shows
        return wasHeld ? 'worked' : error;
      }
      return asError(this.#options.database.explain(error));
    }
  }

  async #ship(): Promise<Round> {
    const { database, transport, snapshots, listener } = this.#options;
    // 1. acquire the lease
    const cursor = this.#cursor ?? (await this.#acquire());
    // 2. query the position of central, if that is due
    const corrected = this.#reconciler.isDue(cursor) ? await this.#reconcile(cursor) : cursor;
    if (corrected === undefined) {
      // a new epoch has begun, in which this relay restarts
      return 'worked';
    }
    // 3. check whether there is anything to do
    const { cursor: held, isAny } = await findWork(database, corrected, this.#lease);
    this.#cursor = held;
    if (!isAny) {
      return held.row.paused ? 'paused' : 'idle';
    }
    // 4. in one transaction, renew the lease, record the arrived events, and assign sequence numbers to the next events
    const { row, batch } = await this.#lease.renew(held.row, held.ackedSeq, async (em, renewed) => {
      const options = { batchEvents: this.#settings.batchEvents, snapshots, now: currentTime() };
      return nextBatch(database, em, { ...held, row: renewed }, { ...options, hasFailed: this.#failures > 0 });
    });
    this.#cursor = { ...held, row };
    if (row.paused) {
      return 'paused';
    }
    if (batch === undefined) {
      return row.snapshot === null ? 'idle' : 'worked';
    }
    // 5. publish the events
    await inBatchSpan('publish', batch, () => transport.publish(batch));
    if (transport.acknowledgesApplied) {
      await this.#refuseUnapplied(batch);
    }
    // 6. move the cursor; the next round records the arrived events
    const publishedSeq = batch.events.at(-1)?.seq ?? held.publishedSeq;
    const ackedSeq = transport.acknowledgesApplied ? publishedSeq : held.ackedSeq;
    this.#cursor = { row, publishedSeq, ackedSeq };
    listener?.shipped?.(batch.events.length);
    return 'worked';
  }

  /** @throws MeridianError if an acknowledged batch was not applied, so that the next round diagnoses which database was restored */
  async #refuseUnapplied(batch: Batch): Promise<void> {
    const { database, transport } = this.#options;
    const position = await transport.position(batch.region);
    if (!hasApplied(position, batch)) {
      const where =
        position === undefined ? 'does not know this region' : `is at event ${position.seq} of epoch ${position.epoch}`;
      throw new MeridianError(
        'transport',
        `${database.name}: central has acknowledged event ${batch.events.at(-1)?.seq} of epoch ${batch.epoch}, which it has not applied: it ${where}. The relay compares the two, and sends again what is missing.`,
      );
    }
  }

  async #acquire(): Promise<RelayCursor> {
    const cursor = cursorAt(await this.#lease.acquire());
    this.#cursor = cursor;
    this.reconcileSoon();
    return cursor;
  }

  async #reconcile(before: RelayCursor): Promise<RelayCursor | undefined> {
    const { cursor, position } = await this.#reconciler.run(before);
    this.#cursor = cursor;
    if (cursor !== undefined) {
      await this.#reconciler.purge(position);
    }
    return cursor;
  }

  /** Makes the next round query the position of central. */
  reconcileSoon(): void {
    this.#reconciler.soon();
  }

  /** Records a failure in the relay's row, for status commands. @returns the delay in milliseconds */
  async recordFailure(error: Error): Promise<number> {
    const { database, listener } = this.#options;
    if (error instanceof LeaseLostError) {
      return this.#settings.pollMilliseconds;
    }
    this.#failures++;
    const milliseconds = backOffMilliseconds(this.#failures, this.#settings, random);
    listener?.failed?.(error, milliseconds);
    const fencingToken = this.#cursor?.row.fencingToken;
    if (fencingToken === undefined) {
      return milliseconds;
    }
    const nextAttemptAt = after(currentTime(), milliseconds / 1000);
    const change = { attempts: this.#failures, nextAttemptAt, lastError: error.message };
    try {
      await this.#lease.own(() => changeRelay(database, database.outside, fencingToken, change));
    } catch (cause) {
      // the region's own database may have failed; then only the listener is notified
      this.#cursor = undefined;
      if (!(cause instanceof LeaseLostError)) {
        listener?.failed?.(asError(database.explain(cause)), milliseconds);
      }
    }
    return milliseconds;
  }

  /** Sleeps for the given time, or until the signal is aborted or events are written in this process. */
  async sleep(milliseconds: number): Promise<void> {
    await wait(milliseconds, this.#options.signal, this.#wakeUp.signal);
    if (this.#wakeUp.signal.aborted) {
      this.#wakeUp = new AbortController();
    }
  }

  /** Runs rounds, woken by events that are written in this process, and releases the lease afterwards. */
  async whileAwake(rounds: () => Promise<void>): Promise<void> {
    const stopListening = onWake(this.#options.database, () => this.#wakeUp.abort());
    try {
      await rounds();
    } finally {
      stopListening();
      await this.#release();
    }
  }

  async #release(): Promise<void> {
    const { database, listener } = this.#options;
    const held = this.#cursor;
    this.#cursor = undefined;
    if (held === undefined) {
      return;
    }
    try {
      if (held.ackedSeq > held.row.ackedSeq) {
        await this.#lease.renew(held.row, held.ackedSeq, async () => undefined);
      }
      await this.#lease.release(held.row);
    } catch (error) {
      // this is harmless: events that arrive again are deduplicated, and the lease expires
      if (!(error instanceof LeaseLostError)) {
        listener?.failed?.(asError(database.explain(error)), 0);
      }
    }
  }
}
