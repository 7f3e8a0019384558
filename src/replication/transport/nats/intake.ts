/** Discovers the streams of all regions, including new ones, and receives their events for central. */

import { AsyncSignal } from '../../../shared/async/async-signal.ts';
import { sleep } from '../../../shared/environment.ts';
import type { BatchHandler, IsExpected, RemoteListener } from '../transport.ts';
import type { Connection, Domain } from './connection.ts';
import { ensureConsumer } from './consumers.ts';
import { explained } from './errors.ts';
import { ALL_EVENTS, isDomainName, STREAM_MADE } from './names.ts';
import { receive } from './receive.ts';
import { type EpochStream, listStreams } from './streams.ts';

/** How often streams are listed, to find those that no relay has announced. */
const DISCOVERY_MILLISECONDS = 2000;

/** The maximum number of reported streams of unreachable epochs; each is reported once. */
const MAX_UNEXPECTED = 100;

/** The name that is reported instead of a region when streams cannot be listed. */
const ALL_REGIONS = 'all regions';

/** The maximum number of leaf node domains that regions have named. */
const MAX_DOMAINS = 200;

/** The minimum interval between listings of streams, however often relays announce new ones. */
const MIN_DISCOVERY_MILLISECONDS = 50;

/** The handlers of central for the events of regions. */
export interface CentralIntake {
  readonly handler: BatchHandler;
  readonly isExpected: IsExpected | undefined;
}

export class Intake {
  readonly #connection: Connection;
  readonly #central: CentralIntake;
  readonly #listener: RemoteListener;
  readonly #stop = new AbortController();
  readonly #wake = new AsyncSignal();
  readonly #domains = new Set(['']);
  /** Stream -> its receiver. */
  readonly #receiving = new Map<string, Promise<void>>();
  /** Streams from which receiving has failed. */
  readonly #failed = new Map<string, { readonly domain: string; readonly region: string }>();
  /** Streams that were reported because of an unreachable epoch. */
  readonly #unexpected = new Set<string>();
  /** Why streams cannot be listed. */
  #reason: string | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(connection: Connection, central: CentralIntake, listener: RemoteListener) {
    this.#connection = connection;
    this.#central = central;
    this.#listener = listener;
  }

  /** Resolves when the existing streams have been found. */
  async start(): Promise<void> {
    const made = this.#connection.nats.subscribe(STREAM_MADE, { callback: () => this.discoverSoon() });
    await this.#discover();
    this.#running = (async () => {
      while (!this.#stop.signal.aborted) {
        await sleep(MIN_DISCOVERY_MILLISECONDS);
        await this.#wake.wait(DISCOVERY_MILLISECONDS);
        if (!this.#stop.signal.aborted && this.#connection.isConnected) {
          await this.#discover();
        }
      }
      made.unsubscribe();
    })();
  }

  discoverSoon(): void {
    this.#wake.set();
  }

  /** Adds the domain of a leaf node, whose streams the server here does not list. */
  addDomain(name: string): void {
    const isNew = name !== (this.#connection.ownDomain ?? '') && !this.#domains.has(name);
    if (isNew && this.#domains.size < MAX_DOMAINS && isDomainName(name)) {
      this.#domains.add(name);
      this.discoverSoon();
    }
  }

  /** Finishes the batches in progress. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake.set();
    await this.#running;
    await Promise.all(this.#receiving.values());
  }

  async #discover(): Promise<void> {
    await Promise.all([...this.#domains].map((name) => this.#discoverIn(name)));
  }

  async #discoverIn(name: string): Promise<void> {
    try {
      const domain = await this.#connection.domain(name);
      const found = await listStreams(domain.manager, ALL_EVENTS);
      for (const one of found) {
        const stream = one.info.config.name;
        if (!this.#receiving.has(stream) && !this.#stop.signal.aborted && (await this.#isExpected(one))) {
          this.#receiving.set(
            stream,
            this.#receive(name, domain, one).finally(() => this.#receiving.delete(stream)),
          );
        }
      }
      const there = new Set(found.map(({ info }) => info.config.name));
      for (const [stream, { domain: where }] of this.#failed) {
        if (where === name && !there.has(stream)) {
          this.#recover(stream);
        }
      }
      if (name === '' && this.#reason !== undefined) {
        this.#reason = undefined;
        this.#listener.recovered?.(ALL_REGIONS);
      }
    } catch (error) {
      if (name !== '') {
        // a running relay names the domain again when it next queries central's position
        this.#domains.delete(name);
        this.#connection.forgetDomain(name);
      }
      // streams are listed again soon; a disconnected leaf node is not reported
      if (name === '' && this.#connection.isConnected) {
        this.#reportBlind(explained('look for streams', error));
      }
    }
  }

  /** Events of an unreachable epoch are not received, since the real ones of the region would then be ignored. */
  async #isExpected({ region, epoch, info }: EpochStream): Promise<boolean> {
    const stream = info.config.name;
    const isExpected = (await this.#central.isExpected?.(region, epoch)) ?? true;
    if (isExpected) {
      this.#unexpected.delete(stream);
    } else if (!this.#unexpected.has(stream) && this.#unexpected.size < MAX_UNEXPECTED) {
      this.#unexpected.add(stream);
      this.#listener.unexpectedStream?.(
        `NATS: stream ${stream} is of epoch ${epoch}, which ${region} cannot have reached, so its events are not applied. No relay of Meridian makes such a stream: find out which user made it, and remove it with nats stream rm ${stream}.`,
      );
    }
    return isExpected;
  }

  /** Reports that streams cannot be listed, once per reason. */
  #reportBlind(error: Error): void {
    if (error.message !== this.#reason) {
      this.#reason = error.message;
      this.#listener.failed?.(ALL_REGIONS, error, DISCOVERY_MILLISECONDS);
    }
  }

  async #receive(name: string, domain: Domain, found: EpochStream): Promise<void> {
    const { settings, nats } = this.#connection;
    const { region } = found;
    const stream = found.info.config.name;
    try {
      await ensureConsumer(domain.manager, stream, settings);
      this.#recover(stream);
      await receive(domain.client, {
        nats,
        stream: found,
        handler: this.#central.handler,
        signal: this.#stop.signal,
        ackWaitSeconds: settings.ackWaitSeconds,
        listener: this.#listener,
      });
    } catch (error) {
      if (!this.#stop.signal.aborted) {
        // the next listing finds the stream again, if it still exists
        this.#failed.set(stream, { domain: name, region });
        this.#listener.failed?.(region, explained(`take events out of ${stream}`, error), DISCOVERY_MILLISECONDS);
      }
    }
  }

  #recover(stream: string): void {
    const failed = this.#failed.get(stream);
    if (failed !== undefined) {
      this.#failed.delete(stream);
      this.#listener.recovered?.(failed.region);
    }
  }
}
