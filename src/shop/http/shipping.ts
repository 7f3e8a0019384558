/** Ships the changes of all regions from the server process, and disconnects regions from central for demonstrations. */
import type { RouteServer, Service, ServiceControl } from '../../module.ts';
import { Outbox } from '../../replication/index.ts';
import { reportNewDeadLetters, syncListener } from '../cli/sync.command.ts';
import { knownRegions } from '../regions/databases.ts';
import { withRegionDatabase } from '../regions/with-database.ts';
import type { SyncOptions } from '../sync/options.ts';
import { type SyncResult, syncOn, syncOnce } from '../sync/sync.ts';

interface ShippingState {
  /** Whether relays of this server ship continuously. */
  readonly isOn: boolean;
  /** The error that prevents them from working. */
  readonly error: string | null;
}

export class Shipping {
  readonly #disconnected = new Set<string>();
  readonly #service: ServiceControl;

  constructor(server: Pick<RouteServer, 'offer'>) {
    this.#service = server.offer(this.#sync());
  }

  get state(): ShippingState {
    return { isOn: this.#service.isRunning, error: this.#service.error };
  }

  /** Ships continuously, like `meridian sync --watch`, until it is stopped. */
  start(): void {
    this.#service.start();
  }

  /** Finishes the batches in progress, and stops. */
  stop(): Promise<void> {
    return this.#service.stop();
  }

  /** Ships once. */
  once(options: Pick<SyncOptions, 'regions' | 'signal'>): Promise<SyncResult> {
    return syncOnce({ ...this.options, ...options });
  }

  isDisconnected(region: string): boolean {
    return this.#disconnected.has(region);
  }

  /** Disconnects a region: this server ships nothing of it to central until it is reconnected. */
  disconnect(region: string): void {
    this.#disconnected.add(region);
  }

  async reconnect(region: string): Promise<void> {
    if (this.#disconnected.delete(region)) {
      // a relay that waits for its next attempt retries immediately
      await withRegionDatabase(region, async (database) => new Outbox(database).wake());
    }
  }

  /** Options for other syncs of this server. */
  get options(): Pick<SyncOptions, 'isDisconnected'> {
    return { isDisconnected: (region) => this.#disconnected.has(region) };
  }

  /** The service with the relays of all regions, including those that are added later, central, and the feed of the document store. */
  #sync(): Service {
    return {
      name: 'sync',
      run: (signal, output, onReady) =>
        syncOn({
          ...this.options,
          regions: knownRegions,
          signal,
          listener: {
            ...syncListener(output),
            opened: onReady,
            watched: (region) => output.note(`${region}: watched`),
            deadLettered: (batch, failures) => reportNewDeadLetters(output, batch, failures),
          },
        }),
    };
  }
}
