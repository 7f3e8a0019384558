/**
 * Asks from time to time where central is: what it has is forgotten, and what was lost on the way is sent again.
 * It belongs to one relay, and works under its lease.
 */
import type { Clocks, ElapsedClock } from '../../shared/time/clock.ts';
import { purge } from '../outbox/purge.ts';
import { regionOf } from '../region-name.ts';
import type { Lease } from './lease.ts';
import { findStoredAndPosition, UNKNOWN } from './position.ts';
import { publishedUpTo } from './published.ts';
import { reconcile, sendAgain } from './reconcile.ts';
import type { RelayOptions, RelaySettings } from './settings.ts';

export class Reconciler {
  readonly #lease: Lease;
  readonly #options: RelayOptions;
  readonly #settings: RelaySettings;
  readonly #now: () => Date;
  readonly #elapsed: ElapsedClock;
  #at = Number.NEGATIVE_INFINITY;
  #purgedAt = Number.NEGATIVE_INFINITY;

  constructor(lease: Lease, options: RelayOptions, settings: RelaySettings, clocks: Clocks) {
    this.#lease = lease;
    this.#options = options;
    this.#settings = settings;
    this.#now = clocks.now;
    this.#elapsed = clocks.elapsed;
  }

  /** Stored by the transport, and not confirmed by central. */
  get isSomethingOnItsWay(): boolean {
    const { transport } = this.#options;
    const { row, ackedSeq } = this.#lease;
    return !transport.acknowledgesApplied && transport.stored !== undefined && ackedSeq < (row?.nextSeq ?? 1) - 1;
  }

  /** Makes it due at once: somebody has found out that things may be elsewhere. */
  soon(): void {
    this.#at = Number.NEGATIVE_INFINITY;
  }

  /**
   * Whether it is time to ask: before anything is done with a lease that is to be taken, and more often while something is on its
   * way.
   */
  get isDue(): boolean {
    if (this.#lease.row === undefined) {
      return true;
    }
    const { reconcileSeconds, confirmSeconds } = this.#settings;
    const seconds = this.isSomethingOnItsWay ? confirmSeconds : reconcileSeconds;
    return this.#elapsed() - this.#at >= seconds * 1000;
  }

  /** Looks where central is, and forgets what it has. The lease is dropped when a new epoch begins. @throws LeaseLostError */
  async run(): Promise<void> {
    const { database, transport, snapshots, listener } = this.#options;
    const lease = this.#lease;
    // not the row in memory: the database may have been restored under it
    const row = await lease.refresh(await lease.hold());
    const region = regionOf(database.name);
    const { stored, position } = await findStoredAndPosition(transport, region, row.epoch);
    const { sentence, isNewEpoch } = await lease.own(() =>
      reconcile(database, row, position, { transport, stored, snapshots }),
    );
    if (sentence !== undefined) {
      listener?.noticed?.(`${database.name}: ${sentence}.`);
    }
    if (isNewEpoch) {
      lease.drop();
      return;
    }
    this.#at = this.#elapsed();
    const { publishedSeq } = lease;
    const { nextSeq } = await lease.refresh(row);
    const onItsWay = { epoch: row.epoch, ackedSeq: lease.ackedSeq, publishedSeq };
    lease.publishedSeq = transport.stored === undefined ? lease.ackedSeq : publishedUpTo(stored, position, onItsWay);
    if (transport.stored !== undefined && lease.publishedSeq < publishedSeq) {
      const seq = lease.publishedSeq;
      const lost = `${database.name}: events were on their way and have been lost there`;
      if (stored !== undefined && position !== UNKNOWN) {
        listener?.noticed?.(`${lost}; ${await lease.own(() => sendAgain(database, row.epoch, seq))}.`);
        lease.drop();
        return;
      }
      listener?.noticed?.(`${lost}; events from ${seq + 1} on are sent again.`);
    }
    listener?.confirmed?.({
      isCentralThere: position !== UNKNOWN,
      headSeq: nextSeq - 1,
      publishedSeq: lease.publishedSeq,
      ackedSeq: lease.ackedSeq,
    });
    if (position !== UNKNOWN && this.#at - this.#purgedAt >= this.#settings.reconcileSeconds * 1000) {
      this.#purgedAt = this.#at;
      const { keepDays } = this.#settings;
      await lease.own(() => purge(database, position, { keepDays, now: this.#now() }));
    }
  }
}
