/**
 * Ships a region's outbox, in order and without gaps. Only one relay at a time does: whoever holds the lease, with the
 * newest fence.
 */
import type { Database, EntityManager } from '../../database/database.ts';
import { asError } from '../../shared/async/settle.ts';
import { wait } from '../../shared/async/wait.ts';
import { MeridianError } from '../../shared/errors.ts';
import { type Clocks, clocksOf } from '../../shared/time/clock.ts';
import { onWake } from '../outbox/wake.ts';
import { backOffMilliseconds } from './back-off.ts';
import { Lease } from './lease.ts';
import { nextBatch } from './next-batch.ts';
import { OtherRelay } from './other-relay.ts';
import { Reconciler } from './reconciler.ts';
import { after, changeRelay, LeaseLostError, type RelayRow } from './relay-row.ts';
import { RELAY_SETTINGS, type RelayOptions, type RelaySettings } from './settings.ts';

/** What a step has found to do. */
type Step = 'worked' | 'idle' | 'paused';

/** How often a drain looks whether central has taken what is on its way. */
const ARRIVAL_MILLISECONDS = 25;

export class Relay {
  readonly #options: RelayOptions;
  readonly #settings: RelaySettings;
  readonly #database: Database;
  readonly #clocks: Clocks;
  readonly #lease: Lease;
  readonly #reconciler: Reconciler;
  #failures = 0;
  #wakeUp = new AbortController();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#settings = { ...RELAY_SETTINGS, ...options.settings };
    this.#database = options.database;
    this.#clocks = clocksOf(options);
    this.#lease = new Lease(this.#database, this.#settings.leaseSeconds, this.#clocks.elapsed);
    this.#reconciler = new Reconciler(this.#lease, options, this.#settings, this.#clocks);
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
   * Ships until nothing is left, or `signal` is aborted. Where another relay is at work, that one is waited for until central has
   * what had been told by then.
   *
   * @param untilArrived whether to wait until central has taken what is stored on the way
   * @returns whether it is paused, so that something may be left
   * @throws what failed too often in a row; MeridianError `locked` when another relay gets no further, `transport` when central
   *   takes nothing
   */
  async drain({ untilArrived = false } = {}): Promise<{ readonly paused: boolean }> {
    let paused = false;
    await this.#whileAwake(async () => {
      let other: OtherRelay | undefined;
      const stall = { ackedSeq: -1, until: 0 };
      while (!this.#options.signal.aborted) {
        const step = await this.#attempt();
        if (step instanceof LeaseLostError) {
          other ??= new OtherRelay(this.#options, this.#settings, this.#clocks.elapsed);
          const seen = await other.look();
          if (seen !== 'waiting') {
            paused = seen === 'paused';
            return;
          }
          // one that has died lets go when its lease has run out
          await this.#sleep(this.#settings.pollMilliseconds);
          continue;
        }
        other = undefined;
        if (step instanceof Error) {
          const isLast = this.#failures + 1 >= this.#settings.drainAttempts;
          const milliseconds = await this.#backOff(step);
          if (isLast) {
            throw step;
          }
          await this.#sleep(milliseconds);
        } else if (step === 'idle' && untilArrived && this.#reconciler.isSomethingOnItsWay) {
          this.#refuseStall(stall);
          this.#reconciler.soon();
          await this.#sleep(ARRIVAL_MILLISECONDS);
        } else if (step !== 'worked') {
          paused = step === 'paused';
          return;
        }
      }
    });
    return { paused };
  }

  /** @param stall how far central was when it was last seen to go on, and until when it may stay there */
  #refuseStall(stall: { ackedSeq: number; until: number }): void {
    const { drainStallSeconds } = this.#settings;
    const { ackedSeq, row } = this.#lease;
    const now = this.#clocks.elapsed();
    if (ackedSeq !== stall.ackedSeq) {
      stall.ackedSeq = ackedSeq;
      stall.until = now + drainStallSeconds * 1000;
    } else if (now >= stall.until) {
      throw new MeridianError(
        'transport',
        `${this.#database.name}: central has taken ${ackedSeq} of ${(row?.nextSeq ?? 1) - 1} events and none more for ${drainStallSeconds} seconds. ` +
          'Nothing is lost: the rest is on its way. See that npx meridian central run is at work, and what it says.',
      );
    }
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
      this.#reconciler.soon();
      if (error instanceof LeaseLostError) {
        const wasHeld = this.#lease.row !== undefined;
        this.#lease.drop();
        // one that was lost may be another relay's, or free to be taken again, which only another attempt shows
        return wasHeld ? 'worked' : error;
      }
      return asError(this.#database.explain(error));
    }
  }

  async #step(): Promise<Step> {
    const lease = this.#lease;
    if (this.#reconciler.isDue) {
      await this.#reconciler.run();
    }
    const { row } = lease;
    if (row === undefined) {
      // a new epoch has begun, and this relay restarts in it
      return 'worked';
    }
    if (!(await lease.hasWork(row))) {
      return lease.row?.paused ? 'paused' : 'idle';
    }
    const { batch } = await lease.write(row, async (em, renewed) => {
      const { batchEvents } = this.#settings;
      const { publishedSeq } = lease;
      const forgiven = await this.#forgetFailures(em, renewed);
      return nextBatch(this.#database, em, forgiven, {
        publishedSeq,
        batchEvents,
        snapshots: this.#options.snapshots,
        now: this.#clocks.now(),
      });
    });
    if (lease.row?.paused) {
      return 'paused';
    }
    if (batch === undefined) {
      return lease.row?.snapshot === null ? 'idle' : 'worked';
    }
    await this.#options.transport.publish(batch);
    lease.publishedSeq = batch.events.at(-1)?.seq ?? lease.publishedSeq;
    if (this.#options.transport.acknowledgesApplied) {
      lease.ackedSeq = lease.publishedSeq;
    }
    this.#options.listener?.shipped?.(batch.events.length);
    return 'worked';
  }

  /** Once it has gone well again, or what had failed has arrived all the same. */
  async #forgetFailures(em: EntityManager, row: RelayRow): Promise<RelayRow> {
    const { attempts, nextSeq, fence } = row;
    if (attempts === 0 || (this.#failures > 0 && nextSeq - 1 > this.#lease.publishedSeq)) {
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
        nextAttemptAt: after(this.#clocks.now(), milliseconds / 1000),
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
