/** PostgreSQL connection options, shared by pools and the connection that holds locks. */
import process from 'node:process';
import type { ClientConfig, Pool, PoolConfig, TypeOverrides } from 'pg';
import type { ConnectionOptions } from '../engine.ts';
import { PatchedClient } from '../patches/pg-client.ts';
import { prepareSession } from './session.ts';
import { tlsOptions } from './tls.ts';
import type { PostgresqlLocation } from './url.ts';

/** Default size of a pool: one connection writes while others read. */
const POOL_CONNECTIONS = 4;
// NAMEDATALEN - 1
const MAX_NAME_LENGTH = 63;
const INT8 = 20;

/** `meridian invoices pid 1234`: identifies this process to an administrator, and to a run that waits for its lock. */
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
    // called for each connection before its first use
    onConnect: (client) => prepareSession(client, location, config),
  };
}

/** Reads bigints as numbers, like SQLite; those that a number cannot represent become text, for the rules to reject. */
export function readWholeNumbers(pool: Pool): void {
  // MikroORM creates it, but its type declares only what a pool needs
  (pool.options.types as TypeOverrides).setTypeParser(INT8, (text: string) => {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : text;
  });
}
