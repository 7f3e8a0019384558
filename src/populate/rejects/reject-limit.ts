/** Stops a populate if too many of its records are rejected, across all tables. */
import type { Counts } from '../../loads/ledger.ts';
import { MeridianError } from '../../shared/errors.ts';

/** A number of records, or a share of the records read so far: 50, or '1%'. */
export type MaxRejects = number | string;

/**
 * Minimum number of records before a share is compared, since a single early reject would be a large share. @internal exported for tests
 */
export const SHARE_RECORDS = 1000;

const WHOLE = /^\d{1,15}$/;
const SHARE = /^(\d{1,3}(?:\.\d+)?)\s?%$/;

type Read = Pick<Counts, 'read' | 'rejected'>;

export class RejectLimit {
  /** As specified by the user. */
  readonly text: string;
  readonly #records: number | undefined;
  readonly #share: number | undefined;
  readonly #stop = new AbortController();
  readonly #tables = new Map<string, Read>();

  /** @throws MeridianError `usage` for anything but an integer from 0, or a share from 0% to 100% */
  constructor(limit: MaxRejects) {
    this.text = String(limit);
    const [, share] = SHARE.exec(this.text) ?? [];
    this.#records = WHOLE.test(this.text) ? Number(this.text) : undefined;
    this.#share = share === undefined ? undefined : Number(share) / 100;
    if (this.#records === undefined && (this.#share === undefined || this.#share > 1)) {
      throw new MeridianError(
        'usage',
        `${this.text} is not a valid limit of rejected records. Give a whole number from 0, such as 50, or a share of the records that are read, such as 1%.`,
      );
    }
  }

  /** Aborted when the limit is exceeded. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isExceeded(): boolean {
    return this.#stop.signal.aborted;
  }

  /** The totals of all tables. */
  get counts(): Read {
    const all = [...this.#tables.values()];
    return {
      read: all.reduce((sum, { read }) => sum + read, 0),
      rejected: all.reduce((sum, { rejected }) => sum + rejected, 0),
    };
  }

  /** Updates the counts of a table while it is loaded or checked. */
  observe(table: string, { read, rejected }: Read): void {
    this.#tables.set(table, { read, rejected });
    this.#compare(SHARE_RECORDS);
  }

  /** Compares the totals when no more records will be read. */
  settle(): void {
    this.#compare(0);
  }

  #compare(leastRecords: number): void {
    const { read, rejected } = this.counts;
    const isBeyondShare = this.#share !== undefined && read >= leastRecords && rejected > this.#share * read;
    if (isBeyondShare || (this.#records !== undefined && rejected > this.#records)) {
      this.#stop.abort();
    }
  }
}
