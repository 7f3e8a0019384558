/** The streams that a relay publishes to: created by the relay where its user may use the API of JetStream, otherwise by central. */
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
  /** By the subject of region and epoch. */
  readonly #names = new Map<string, string>();
  #asksCentral = false;

  constructor(connection: Connection, listener: RemoteListener) {
    this.#connection = connection;
    this.#listener = listener;
  }

  /** The name of the stream of an epoch, made if it is not there. @throws CentralAwayError where only central may make it */
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

  /** The same; nothing when only central knows it, and does not answer: JetStream also finds a stream by its subject. */
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

  /** It may be gone, and another one may have been made. */
  forget(region: string, epoch: number): void {
    this.#names.delete(epochSubject(region, epoch));
  }

  /** After a reconnect, the user may have other rights. */
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
