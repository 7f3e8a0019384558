/**
 * Watches a lease that another relay holds. A lease that has not been renewed for as long as it lasts is abandoned, even if its time is not
 * over: the clock that it was taken by may have been set back since, or may have been a day ahead.
 */
import { monotonic } from '../../shared/environment.ts';
import type { LeaseMark } from './lease-claim.ts';

export class LeaseWatch {
  readonly #milliseconds: number;
  #seen: (LeaseMark & { readonly since: number }) | undefined;

  constructor(seconds: number) {
    this.#milliseconds = seconds * 1000;
  }

  /** Takes the lease as it was just read. */
  see({ fencingToken, leaseUntil }: LeaseMark): void {
    if (this.#seen?.fencingToken !== fencingToken || this.#seen.leaseUntil !== leaseUntil) {
      this.#seen = { fencingToken, leaseUntil, since: monotonic() };
    }
  }

  /** The lease that was read last, once it is abandoned. */
  get abandoned(): LeaseMark | undefined {
    return this.#seen !== undefined && monotonic() - this.#seen.since >= this.#milliseconds ? this.#seen : undefined;
  }
}
