/** A connection to NATS, what is known of its state, and JetStream behind it. */

import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, PermissionViolationError } from '@nats-io/transport-node';
import { setTimer, timestamp } from '../../../shared/environment.ts';
import { ConnectionLostError, type RemoteListener } from '../transport.ts';
import { type Connected, connectToNats } from './connect.ts';
import { explained, reasonOfRefusal } from './errors.ts';
import type { NatsSettings } from './settings.ts';

/** One of JetStream's domains: the server's own one, or that of a leaf node. */
export interface Domain {
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
}

export class Connection {
  readonly nats: NatsConnection;
  readonly inboxPrefix: string;
  readonly settings: NatsSettings;
  readonly #domains = new Map<string, Domain>();
  /** Called when the connection is lost: what was asked then is not answered any more. */
  onLost: (() => void) | undefined;
  /** Called when the server does not allow something, which is never answered. @returns whether a caller was waiting for it */
  onRefused: ((error: PermissionViolationError) => boolean) | undefined;
  readonly #refused = new Set<string>();
  #lostAt: string | undefined;
  #losses = 0;
  #watching: Promise<void> = Promise.resolve();

  private constructor({ nats, inboxPrefix }: Connected, settings: NatsSettings) {
    this.nats = nats;
    this.inboxPrefix = inboxPrefix;
    this.settings = settings;
  }

  /** @throws MeridianError `transport`, `usage` */
  static async open(settings: NatsSettings, name: string, listener: RemoteListener = {}): Promise<Connection> {
    const connection = new Connection(await connectToNats(settings, name), settings);
    connection.#watching = connection.#watch(listener);
    try {
      await connection.domain();
    } catch (error) {
      await connection.close();
      throw explained('use JetStream', error);
    }
    return connection;
  }

  get isConnected(): boolean {
    return this.#lostAt === undefined && !this.nats.isClosed();
  }

  /** Since when it is not connected: ISO 8601. */
  get lostAt(): string | undefined {
    return this.#lostAt;
  }

  /** The server of the connection, for messages. */
  get server(): string {
    return this.nats.getServer();
  }

  /** The domain of the server's JetStream; nothing where it has none. */
  get ownDomain(): string | undefined {
    return (this.nats.info as { domain?: string } | undefined)?.domain;
  }

  /** How often the connection has been lost. */
  get losses(): number {
    return this.#losses;
  }

  get timeoutMilliseconds(): number {
    return this.settings.timeoutSeconds * 1000;
  }

  /** @param name of a leaf node's domain; nothing for the server's own one */
  async domain(name = ''): Promise<Domain> {
    const key = name === this.ownDomain ? '' : name;
    const known = this.#domains.get(key);
    if (known !== undefined) {
      return known;
    }
    const options = { timeout: this.timeoutMilliseconds, ...(key === '' ? {} : { domain: key }) };
    // with the first one it is found out whether there is a JetStream at all
    const manager = await jetstreamManager(this.nats, { ...options, checkAPI: key === '' });
    const domain: Domain = { manager, client: jetstream(this.nats, options) };
    this.#domains.set(key, domain);
    return domain;
  }

  /** Any relay can name a domain, so one that does not answer is not kept. */
  forgetDomain(name: string): void {
    this.#domains.delete(name);
  }

  /** @throws ConnectionLostError while there is no connection, for what is sent then would wait without end */
  refuseDisconnected(): void {
    if (!this.isConnected) {
      throw this.lost();
    }
  }

  /** @param cause what failed since the connection was lost */
  lost(cause?: unknown): ConnectionLostError {
    return new ConnectionLostError(
      this.nats.isClosed()
        ? 'The connection to NATS is closed.'
        : `The connection to NATS at ${this.settings.servers.join(', ')} is lost. It is tried again all the time; see that nats-server runs there.`,
      { cause },
    );
  }

  /** Sends what is still to be sent. */
  async close(): Promise<void> {
    if (!this.nats.isClosed()) {
      // while disconnected, nothing can be sent
      const drained = this.isConnected ? this.nats.drain().catch(() => undefined) : undefined;
      // a server that hangs never answers
      const late = Promise.withResolvers<void>();
      const cancelTimer = setTimer(this.timeoutMilliseconds, late.resolve, { unref: true });
      await Promise.race([drained, late.promise]);
      cancelTimer();
      await this.nats.close();
    }
    await this.#watching;
  }

  async #watch(listener: RemoteListener): Promise<void> {
    for await (const status of this.nats.status()) {
      const { type } = status;
      if (type === 'error') {
        this.#refuse(status.error, listener);
      } else if (type === 'disconnect' && this.#lostAt === undefined) {
        this.#lostAt = timestamp();
        this.#losses++;
        this.onLost?.();
        listener.disconnected?.(this.server);
      } else if (type === 'reconnect') {
        this.#lostAt = undefined;
        this.#refused.clear();
        listener.reconnected?.(this.server);
      }
    }
  }

  #refuse(error: Error, listener: RemoteListener): void {
    if (!(error instanceof PermissionViolationError) || this.onRefused?.(error)) {
      return;
    }
    // what comes behind the first two names has numbers in it
    const key = `${error.operation} ${error.subject.split('.', 2).join('.')}`;
    if (!this.#refused.has(key)) {
      this.#refused.add(key);
      listener.permissionDenied?.(`NATS: ${reasonOfRefusal(error)}.`);
    }
  }
}
