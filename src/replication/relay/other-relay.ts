/** Waits for another relay that ships the events of a region, until central has all events that were written before. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { isReleased } from '../../loads/withheld.ts';
import { MeridianError } from '../../shared/errors.ts';
import { regionOf } from '../region-name.ts';
import type { Transport } from '../transport/transport.ts';
import { type KnownPosition, positionOrUnknown, UNKNOWN } from './position.ts';
import { type RelayRow, readRelay } from './relay-row.ts';
import type { RelayListener, RelaySettings } from './settings.ts';
import { StallDetector } from './stall.ts';

/** The options of the waiting relay that are needed here. */
interface Options {
  readonly database: Database;
  readonly transport: Pick<Transport, 'position'>;
  readonly listener?: Pick<RelayListener, 'info'>;
}

export class OtherRelay {
  readonly #options: Options;
  readonly #stallSeconds: number;
  readonly #stall: StallDetector;
  /** The newest event to wait for: waiting for newer ones could take forever. */
  #newest: { readonly epoch: number; readonly id: number } | undefined;

  constructor(options: Options, { drainStallSeconds }: Pick<RelaySettings, 'drainStallSeconds'>) {
    this.#options = options;
    this.#stallSeconds = drainStallSeconds;
    this.#stall = new StallDetector(drainStallSeconds);
  }

  /**
   * @returns `waiting` until central has all events that were written when the wait began
   * @throws MeridianError `locked` when the other relay makes no progress; database errors
   */
  async look(): Promise<'arrived' | 'paused' | 'waiting'> {
    const { database, transport } = this.#options;
    const em = database.fork();
    const row = await readRelay(database, em);
    if (row.paused) {
      return 'paused';
    }
    const unshipped = await this.#unshipped(em, row);
    const position = await positionOrUnknown(transport, regionOf(database.name));
    if (unshipped === 0 && hasWhatArrived(position, row)) {
      return 'arrived';
    }
    this.#refuseStall(row, position);
    return 'waiting';
  }

  /** Counts the awaited events that have not arrived; the number is unknown while a snapshot is being written. */
  async #unshipped(em: EntityManager, { epoch, ackedSeq, snapshot }: RelayRow): Promise<number | undefined> {
    if (snapshot !== null) {
      return undefined;
    }
    if (this.#newest?.epoch !== epoch) {
      const { rows } = await sql<{ id: number | null }>`
        select max(id) as id from outbox_event where ${isReleased(this.#options.database)}`.execute(em.getKysely());
      this.#newest = { epoch, id: rows[0]?.id ?? 0 };
    }
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from outbox_event
      where id <= ${this.#newest.id} and ((epoch = ${epoch} and seq > ${ackedSeq}) or (seq is null and ${isReleased(this.#options.database)}))`.execute(
      em.getKysely(),
    );
    return Number(rows[0]?.count);
  }

  #refuseStall({ epoch, ackedSeq, snapshot, lastError }: RelayRow, position: KnownPosition): void {
    const { database, listener } = this.#options;
    const central = position === UNKNOWN ? 'away' : (position?.seq ?? 0);
    // the head sequence number does not count as progress: it grows with every order, even if no events arrive
    const progress = [epoch, ackedSeq, snapshot, central].join();
    if (this.#stall.isNew) {
      listener?.info?.(`${database.name}: another relay ships its events. Waiting for it.`);
    }
    if (this.#stall.isStalled(progress)) {
      const reason = lastError ?? (position === UNKNOWN ? 'Central does not answer.' : 'It reports no error.');
      throw new MeridianError(
        'locked',
        `${database.name}: another relay ships its events, and has made no progress for ${this.#stallSeconds} seconds. ${reason} ` +
          'Nothing is lost. Check what that relay and central report, or stop that relay and run the same command again.',
      );
    }
  }
}

/**
 * Whether central has the arrived events, and none beyond the region's. After a restore of central from a backup, it may lack arrived
 * events; after a restore of the region, central may have events that the region has lost. The other relay detects both, a little later.
 */
function hasWhatArrived(position: KnownPosition, { epoch, nextSeq, ackedSeq }: RelayRow): boolean {
  if (position === UNKNOWN || position === undefined || position.epoch < epoch) {
    return nextSeq === 1;
  }
  return position.epoch === epoch && position.seq >= ackedSeq && position.headSeq < nextSeq;
}
