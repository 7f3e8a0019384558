/** Ships the changes of all regions from the process of the server, and disconnects regions from central for teaching. */
import { messageOf } from '../../index.ts';
import { Outbox } from '../../replication/index.ts';
import { knownRegions } from '../regions/databases.ts';
import { withRegionDatabase } from '../regions/with-database.ts';
import type { SyncOptions } from '../sync/options.ts';
import { type SyncResult, syncOn, syncOnce } from '../sync/sync.ts';

interface ShippingState {
  /** Whether relays of this server ship whatever comes. */
  readonly isOn: boolean;
  /** Why they have ended, or what keeps them from working. */
  readonly error: string | null;
}

export class Shipping {
  readonly #disconnected = new Set<string>();
  readonly #closing = new AbortController();
  #running: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  #error: string | null = null;

  get state(): ShippingState {
    return { isOn: this.#running !== undefined, error: this.#error };
  }

  /** Ships as `meridian sync --watch` does, until it is stopped. */
  start(): void {
    if (this.#running !== undefined || this.#closing.signal.aborted) {
      return;
    }
    const stop = new AbortController();
    this.#error = null;
    const ended = syncOn({
      ...this.options,
      regions: knownRegions,
      signal: AbortSignal.any([stop.signal, this.#closing.signal]),
    })
      .catch((error: unknown) => {
        this.#error = messageOf(error);
      })
      .finally(() => {
        this.#running = undefined;
      });
    this.#running = { stop, ended };
  }

  /** Finishes the batches that are under way. */
  async stop(): Promise<void> {
    const running = this.#running;
    running?.stop.abort();
    await running?.ended;
  }

  /** Ships once. */
  once(options: Pick<SyncOptions, 'regions' | 'signal'>): Promise<SyncResult> {
    return syncOnce({ ...this.options, ...options });
  }

  isDisconnected(region: string): boolean {
    return this.#disconnected.has(region);
  }

  /** Nothing of the region reaches central through this server until it is reconnected. */
  disconnect(region: string): void {
    this.#disconnected.add(region);
  }

  async reconnect(region: string): Promise<void> {
    if (this.#disconnected.delete(region)) {
      // a relay that waits for its next attempt makes it at once
      await withRegionDatabase(region, async (database) => new Outbox(database).wake());
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running?.ended;
  }

  /** For whatever else is shipped from here. */
  get options(): Pick<SyncOptions, 'isDisconnected'> {
    return { isDisconnected: (region) => this.#disconnected.has(region) };
  }
}
