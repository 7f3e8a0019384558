/**
 * Periodically queries the position of central: events that central has are purged from the outbox, and events that were lost in transit
 * are sent again. It belongs to one relay, and works under its lease.
 */
import { currentTime, monotonic } from '../../shared/environment.ts';
import { purge } from '../outbox/purge.ts';
import { regionOf } from '../region-name.ts';
import type { Lease } from './lease.ts';
import { type Found, findStoredAndPosition, type KnownPosition, UNKNOWN } from './position.ts';
import { publishedUpTo } from './published.ts';
import { reconcile, sendAgain } from './reconcile.ts';
import { headSeqOf, isAnyOnItsWay, type RelayCursor } from './relay-cursor.ts';
import type { RelayOptions, RelaySettings } from './settings.ts';

export interface Reconciliation {
  /** `undefined` if a new epoch has begun, which revokes the lease of every relay. */
  readonly cursor: RelayCursor | undefined;
  readonly position: KnownPosition;
}

export class Reconciler {
  readonly #lease: Lease;
  readonly #options: RelayOptions;
  readonly #settings: RelaySettings;
  #at = Number.NEGATIVE_INFINITY;
  #purgedAt = Number.NEGATIVE_INFINITY;

  constructor(lease: Lease, options: RelayOptions, settings: RelaySettings) {
    this.#lease = lease;
    this.#options = options;
    this.#settings = settings;
  }

  /** Makes a reconciliation due immediately, because the relay's view of central may be wrong. */
  soon(): void {
    this.#at = Number.NEGATIVE_INFINITY;
  }

  /** Whether a reconciliation is due; it is more frequent while events are in transit. */
  isDue(cursor: RelayCursor): boolean {
    const { reconcileSeconds, confirmSeconds } = this.#settings;
    const seconds = isAnyOnItsWay(cursor, this.#options.transport) ? confirmSeconds : reconcileSeconds;
    return monotonic() - this.#at >= seconds * 1000;
  }

  /** Queries the position of central, and corrects the cursor accordingly. @throws LeaseLostError */
  async run(before: RelayCursor): Promise<Reconciliation> {
    const { database, transport, snapshots, listener } = this.#options;
    // the row in memory may be stale: the database may have been restored
    const cursor = await this.#refresh(before);
    const { row } = cursor;
    const { stored, position } = await findStoredAndPosition(transport, regionOf(database.name), row.epoch);
    const surroundings = { transport, stored, snapshots };
    const { sentence, isNewEpoch } = await this.#lease.own(() => reconcile(database, row, position, surroundings));
    if (sentence !== undefined) {
      listener?.info?.(`${database.name}: ${sentence}.`);
    }
    if (isNewEpoch) {
      return { cursor: undefined, position };
    }
    this.#at = monotonic();
    const after = await this.#correct(await this.#refresh(cursor), { stored, position });
    if (after !== undefined) {
      const { ackedSeq, publishedSeq } = after;
      listener?.confirmed?.({
        isCentralThere: position !== UNKNOWN,
        headSeq: headSeqOf(after),
        publishedSeq,
        ackedSeq,
      });
    }
    return { cursor: after, position };
  }

  /** Purges events that central has processed, if a purge is due. */
  async purge(position: KnownPosition): Promise<void> {
    const { keepDays, reconcileSeconds } = this.#settings;
    if (position !== UNKNOWN && this.#at - this.#purgedAt >= reconcileSeconds * 1000) {
      this.#purgedAt = this.#at;
      await this.#lease.own(() => purge(this.#options.database, position, { keepDays, now: currentTime() }));
    }
  }

  /** Records the arrived events in the row, and reads it again. */
  async #refresh(cursor: RelayCursor): Promise<RelayCursor> {
    const { row: held, ackedSeq } = cursor;
    const isToBeRecorded = ackedSeq > held.ackedSeq;
    const row = isToBeRecorded
      ? await this.#lease.renew(held, ackedSeq, async (_, renewed) => renewed)
      : await this.#lease.read(held);
    return { ...cursor, row, ackedSeq: row.ackedSeq };
  }

  /** Corrects the cursor so that events that the transport has lost are published again. @returns `undefined` if this began a new epoch */
  async #correct(cursor: RelayCursor, found: Found): Promise<RelayCursor | undefined> {
    const { database, transport, listener } = this.#options;
    const { row, ackedSeq } = cursor;
    if (transport.stored === undefined) {
      return { ...cursor, publishedSeq: ackedSeq };
    }
    const publishedSeq = publishedUpTo(found.stored, found.position, { ...cursor, epoch: row.epoch });
    if (publishedSeq < cursor.publishedSeq) {
      const lost = `${database.name}: events were on their way and have been lost there`;
      const { stored, position } = found;
      if (stored !== undefined && position !== UNKNOWN) {
        const sent = await this.#lease.own(() => sendAgain(database, row, publishedSeq, position));
        listener?.info?.(`${lost}; ${sent}.`);
        return undefined;
      }
      listener?.info?.(`${lost}; events from ${publishedSeq + 1} on are sent again.`);
    }
    return { ...cursor, publishedSeq };
  }
}
