/**
 * Ships a region's outbox, in order and without gaps. Only one relay at a time does: whoever holds the lease, with the
 * newest fence.
 */
import type { Database, EntityManager } from '../databases/database.ts';
import { regionOf } from '../databases/regions.ts';
import { asError } from '../settle.ts';
import { backOffMilliseconds } from './back-off.ts';
import { Lease } from './lease.ts';
import { nextBatch } from './next-batch.ts';
import { purge } from './purge.ts';
import { reconcile } from './reconcile.ts';
import { after, changeRelay, LeaseLostError, type RelayRow } from './relay-row.ts';
import { RELAY_SETTINGS, type RelayOptions, type RelaySettings } from './settings.ts';
import { wait } from './wait.ts';
import { onWake } from './wake.ts';

/** What a step has found to do. */
type Step = 'worked' | 'idle' | 'paused';

export class Relay {
  readonly #options: RelayOptions;
  readonly #settings: RelaySettings;
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #lease: Lease;
  #failures = 0;
  #reconciledAt = 0;
  #wakeUp = new AbortController();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#settings = { ...RELAY_SETTINGS, ...options.settings };
    this.#database = options.database;
    this.#now = options.now ?? (() => new Date());
    this.#lease = new Lease(this.#database, this.#settings.leaseSeconds, this.#now);
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
        this.#lease.drop();
        return error;
      }
      return asError(this.#database.explain(error));
    }
  }

  async #step(): Promise<Step> {
    const lease = this.#lease;
    if (this.#isReconciliationDue()) {
      await this.#reconcile(await lease.hold());
    }
    const row = await lease.hold();
    if (!(await lease.hasWork(row))) {
      return lease.row?.paused ? 'paused' : 'idle';
    }
    const { batch } = await lease.write(row, async (em, renewed) => {
      const { batchEvents } = this.#settings;
      const forgiven = await this.#forgetFailures(em, renewed);
      return nextBatch(this.#database, em, forgiven, { batchEvents, now: this.#now() });
    });
    if (lease.row?.paused) {
      return 'paused';
    }
    if (batch === undefined) {
      return lease.row?.snapshot === null ? 'idle' : 'worked';
    }
    await this.#options.transport.publish(batch);
    lease.ackedSeq = batch.events.at(-1)?.seq ?? lease.ackedSeq;
    this.#options.listener?.shipped?.(batch.events.length);
    return 'worked';
  }

  #isReconciliationDue(): boolean {
    return this.#now().getTime() - this.#reconciledAt >= this.#settings.reconcileSeconds * 1000;
  }

  /** Looks where central is, and forgets what it has. */
  async #reconcile(held: RelayRow): Promise<void> {
    const { transport, listener } = this.#options;
    const database = this.#database;
    const row = await this.#lease.note(held);
    const position = await transport.position(regionOf(database.name));
    const sentence = await this.#lease.own(() => reconcile(database, row, position, transport));
    if (sentence !== undefined) {
      listener?.noticed?.(`${database.name}: ${sentence}.`);
    }
    this.#reconciledAt = this.#now().getTime();
    if ((await this.#lease.refresh(held)) !== undefined) {
      const { keepDays } = this.#settings;
      await this.#lease.own(() => purge(database, position, { keepDays, now: this.#now() }));
    }
  }

  /** Once it has gone well again, or what had failed has arrived all the same. */
  async #forgetFailures(em: EntityManager, row: RelayRow): Promise<RelayRow> {
    const { attempts, nextSeq, ackedSeq, fence } = row;
    if (attempts === 0 || (this.#failures > 0 && nextSeq - 1 > ackedSeq)) {
      return row;
    }
    const forgotten = { attempts: 0, nextAttemptAt: null, lastError: null };
    await changeRelay(this.#database, em, fence, forgotten);
    return { ...row, ...forgotten };
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
    try {
      await this.#lease.change({
        attempts: this.#failures,
        nextAttemptAt: after(this.#now(), milliseconds / 1000),
        lastError: error.message,
      });
    } catch (cause) {
      // the region's own database may be what has failed; then only whoever runs the relay is told
      this.#lease.drop();
      if (!(cause instanceof LeaseLostError)) {
        this.#options.listener?.failed?.(asError(this.#database.explain(cause)), milliseconds);
      }
    }
    return milliseconds;
  }

  async #sleep(milliseconds: number): Promise<void> {
    await wait(milliseconds, this.#options.signal, this.#wakeUp.signal);
    if (this.#wakeUp.signal.aborted) {
      this.#wakeUp = new AbortController();
    }
  }

  async #letGo(): Promise<void> {
    try {
      await this.#lease.release();
    } catch (error) {
      // nothing is lost: it arrives again and is known, and the lease runs out by itself
      if (!(error instanceof LeaseLostError)) {
        this.#options.listener?.failed?.(asError(this.#database.explain(error)), 0);
      }
    }
  }
}
