/** The streams that a relay publishes to. The relay creates them if its user may use the JetStream API; else central does. */
import { CentralAwayError, type RemoteListener, type StoredRange } from '../transport.ts';
import type { Connection } from './connection.ts';
import { refusalOf } from './errors.ts';
import { epochSubject, STREAM_MADE } from './names.ts';
import { storedIn } from './stored.ts';
import { askForStream, askWhatIsStored } from './stream-requests.ts';
import { ensureStream } from './streams.ts';

export class RegionStreams {
  readonly #connection: Connection;
  readonly #listener: RemoteListener;
  /** Subject of a region and epoch -> stream name. */
  readonly #names = new Map<string, string>();
  #asksCentral = false;

  constructor(connection: Connection, listener: RemoteListener) {
    this.#connection = connection;
    this.#listener = listener;
  }

  /**
   * The stream name of an epoch; the stream is created if it does not exist. @throws CentralAwayError if only central may create it, and
   * does not respond
   */
  async nameOf(region: string, epoch: number): Promise<string> {
    const key = epochSubject(region, epoch);
    const known = this.#names.get(key);
    if (known !== undefined) {
      return known;
    }
    const name = await this.#orAskCentral(
      () => this.#make(region, epoch),
      () => askForStream(this.#connection, region, epoch),
    );
    this.#names.set(key, name);
    return name;
  }

  /** The stream name; `undefined` if only central knows it and does not respond. JetStream also finds a stream by its subject. */
  async nameIfKnown(region: string, epoch: number): Promise<string | undefined> {
    try {
      return await this.nameOf(region, epoch);
    } catch (error) {
      if (error instanceof CentralAwayError) {
        return undefined;
      }
      throw error;
    }
  }

  /** Forgets the name of a stream, which may have been deleted or replaced. */
  forget(region: string, epoch: number): void {
    this.#names.delete(epochSubject(region, epoch));
  }

  /** Called after a reconnect, when the user may have other permissions. */
  reconnect(): void {
    this.#asksCentral = false;
  }

  stored(region: string, epoch: number): Promise<StoredRange | 'empty' | undefined> {
    return this.#orAskCentral(
      async () => storedIn((await this.#connection.domain()).manager, region, epoch),
      () => askWhatIsStored(this.#connection, region, epoch),
    );
  }

  async #make(region: string, epoch: number): Promise<string> {
    const { manager } = await this.#connection.domain();
    const { name, isNew, changed } = await ensureStream(manager, region, epoch, this.#connection.settings);
    if (isNew) {
      this.#connection.nats.publish(STREAM_MADE, name);
      this.#listener.prepared?.(`NATS: made stream ${name}`);
    } else if (changed.length > 0) {
      this.#listener.prepared?.(`NATS: changed ${changed.map(({ what }) => what).join(', ')} of stream ${name}`);
    }
    return name;
  }

  async #orAskCentral<T>(work: () => Promise<T>, ask: () => Promise<T>): Promise<T> {
    if (this.#asksCentral) {
      return ask();
    }
    try {
      return await work();
    } catch (error) {
      if (refusalOf(error) === undefined) {
        throw error;
      }
      this.#asksCentral = true;
      return ask();
    }
  }
}
