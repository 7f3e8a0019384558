/** A connection to NATS, with its state and JetStream domains. */

import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, PermissionViolationError } from '@nats-io/transport-node';
import { setTimer, timestamp } from '../../../shared/environment.ts';
import { ConnectionLostError, type RemoteListener } from '../transport.ts';
import { type Connected, connectToNats } from './connect.ts';
import { explained, reasonOfRefusal } from './errors.ts';
import type { NatsSettings } from './settings.ts';

/** A JetStream domain: the server's own, or that of a leaf node. */
export interface Domain {
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
}

export class Connection {
  readonly nats: NatsConnection;
  readonly inboxPrefix: string;
  readonly settings: NatsSettings;
  readonly #domains = new Map<string, Domain>();
  /** Called when the connection is lost: pending requests get no response any more. */
  onLost: (() => void) | undefined;
  /**
   * Called when the server denies a permission, which it does instead of responding. @returns whether a caller was waiting for the response
   */
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

  /** When the connection was lost: ISO 8601. */
  get lostAt(): string | undefined {
    return this.#lostAt;
  }

  /** The server of the connection, for messages. */
  get server(): string {
    return this.nats.getServer();
  }

  /** The JetStream domain of the server; `undefined` if it has none. */
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

  /** @param name the domain of a leaf node (default: the server's own domain) */
  async domain(name = ''): Promise<Domain> {
    const key = name === this.ownDomain ? '' : name;
    const known = this.#domains.get(key);
    if (known !== undefined) {
      return known;
    }
    const options = { timeout: this.timeoutMilliseconds, ...(key === '' ? {} : { domain: key }) };
    // for the first domain, check that JetStream is available
    const manager = await jetstreamManager(this.nats, { ...options, checkAPI: key === '' });
    const domain: Domain = { manager, client: jetstream(this.nats, options) };
    this.#domains.set(key, domain);
    return domain;
  }

  /** Forgets a domain that does not respond, since any relay can name one. */
  forgetDomain(name: string): void {
    this.#domains.delete(name);
  }

  /** @throws ConnectionLostError while there is no connection, since requests would wait forever */
  refuseDisconnected(): void {
    if (!this.isConnected) {
      throw this.lost();
    }
  }

  /** @param cause the error that the lost connection caused */
  lost(cause?: unknown): ConnectionLostError {
    return new ConnectionLostError(
      this.nats.isClosed()
        ? 'The connection to NATS is closed.'
        : `The connection to NATS at ${this.settings.servers.join(', ')} is lost. Meridian keeps reconnecting; check that nats-server is running there.`,
      { cause },
    );
  }

  /** Sends pending messages, and closes the connection. */
  async close(): Promise<void> {
    if (!this.nats.isClosed()) {
      // while disconnected, nothing can be sent
      const drained = this.isConnected ? this.nats.drain().catch(() => undefined) : undefined;
      // a hanging server never responds
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
    // the tokens after the first two vary
    const key = `${error.operation} ${error.subject.split('.', 2).join('.')}`;
    if (!this.#refused.has(key)) {
      this.#refused.add(key);
      listener.permissionDenied?.(`NATS: ${reasonOfRefusal(error)}.`);
    }
  }
}
