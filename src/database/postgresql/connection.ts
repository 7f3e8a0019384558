/** How PostgreSQL is connected to: one set of options for the pool and for the lock's own connection. */
import process from 'node:process';
import type { ClientConfig, Pool, PoolConfig, TypeOverrides } from 'pg';
import type { ConnectionOptions } from '../engine.ts';
import { PatchedClient } from '../patches/pg-client.ts';
import { prepareSession } from './session.ts';
import { tlsOptions } from './tls.ts';
import type { PostgresqlLocation } from './url.ts';

/** Connections of a pool, unless more are asked for: one writes, others look something up meanwhile. */
const POOL_CONNECTIONS = 4;
// NAMEDATALEN - 1
const MAX_NAME_LENGTH = 63;
const INT8 = 20;

/** `meridian invoices pid 1234`: what an administrator, and a run that has to wait, sees of this process. */
function applicationName({ applicationName = '' }: PostgresqlLocation, database: string): string {
  const pid = ` pid ${process.pid}`;
  return (applicationName || `meridian ${database}`).slice(0, MAX_NAME_LENGTH - pid.length) + pid;
}

export function clientConfig(location: PostgresqlLocation, database: string): ClientConfig {
  const { host, port, user, password, connectSeconds } = location;
  return {
    host,
    port,
    user,
    ...(password === undefined ? {} : { password }),
    database: location.database,
    ssl: tlsOptions(location),
    application_name: applicationName(location, database),
    connectionTimeoutMillis: connectSeconds * 1000,
    // detects a server that disappears without closing the connection
    keepAlive: true,
  };
}

export function poolConfig(
  location: PostgresqlLocation,
  database: string,
  { connections = POOL_CONNECTIONS, answerSeconds }: ConnectionOptions,
): PoolConfig {
  const config = clientConfig(location, database);
  return {
    ...config,
    ...(answerSeconds === undefined
      ? {}
      : { connectionTimeoutMillis: answerSeconds * 1000, query_timeout: answerSeconds * 1000 }),
    max: connections,
    Client: PatchedClient,
    // given to each connection before it is used
    onConnect: (client) => prepareSession(client, location, config),
  };
}

/** Whole numbers come as numbers, as from SQLite; what JavaScript cannot hold comes as its text, for the rules to reject. */
export function readWholeNumbers(pool: Pool): void {
  // MikroORM makes it, but types it as no more than what a pool needs
  (pool.options.types as TypeOverrides).setTypeParser(INT8, (text: string) => {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : text;
  });
}
