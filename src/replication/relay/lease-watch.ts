/**
 * Watches a lease that another relay holds. A lease that is not renewed for its whole duration is abandoned, even if it has not expired:
 * the clock may have been a day ahead when it was acquired, or may have been set back since.
 */
import { monotonic } from '../../shared/environment.ts';
import type { LeaseMark } from './lease-claim.ts';

export class LeaseWatch {
  readonly #milliseconds: number;
  #seen: (LeaseMark & { readonly since: number }) | undefined;

  constructor(seconds: number) {
    this.#milliseconds = seconds * 1000;
  }

  /** Observes the lease that was just read. */
  see({ fencingToken, leaseUntil }: LeaseMark): void {
    if (this.#seen?.fencingToken !== fencingToken || this.#seen.leaseUntil !== leaseUntil) {
      this.#seen = { fencingToken, leaseUntil, since: monotonic() };
    }
  }

  /** The last observed lease, if it is abandoned. */
  get abandoned(): LeaseMark | undefined {
    return this.#seen !== undefined && monotonic() - this.#seen.since >= this.#milliseconds ? this.#seen : undefined;
  }
}
