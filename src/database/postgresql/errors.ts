/** Explains errors of PostgreSQL, and of the connection to it, to the user. */
import { messageOf } from '../../shared/errors.ts';
import { BUSY_SECONDS, type Explanation } from '../engine.ts';
import { UNUSABLE_POOLER } from './pooler.ts';
import { displayPostgresql, type PostgresqlLocation } from './url.ts';

interface Failure {
  /** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), or the code of a system call. */
  readonly code: string;
  readonly message: string;
  /** The driver's message; empty for a server error, which has a code and whose message may quote arbitrary values. */
  readonly driverMessage: string;
}

/** Rejections of a value. Duplicate keys and missing values are not among them, as with SQLite. */
const VALUE_REFUSALS: ReadonlySet<string> = new Set([
  '22001', // too long
  '22003', // a number that is out of range
  '22007', // an invalid time
  '22008', // a time out of range
  '22021', // a character that the encoding does not have
  '22032', // not JSON
  '22P02', // invalid syntax for the type
  '22P05', // a character without an equivalent in the encoding
  '23514', // a check constraint
  '54000', // larger than a row or key can be
  'P0001', // a trigger raised an exception
]);

export function isPostgresqlAnswer(error: unknown): boolean {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown };
  return typeof severity === 'string' && typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
}

export function refusesPostgresqlValue(error: unknown): boolean {
  return isPostgresqlAnswer(error) && VALUE_REFUSALS.has(failureOf(error).code);
}

const AGAIN = 'and run the same command again';

/** @returns undefined for an unknown error */
export function explainPostgresqlError(
  location: PostgresqlLocation,
  error: unknown,
  waitedSeconds = BUSY_SECONDS,
): Explanation | undefined {
  const failure = failureOf(error);
  if (failure.code === '55P03') {
    return {
      code: 'locked',
      sentence: `${displayPostgresql(location)} is locked by another connection (waited ${waitedSeconds} seconds). Let it finish, or stop it, ${AGAIN}.`,
    };
  }
  const sentence = sentenceOf(location, failure);
  return sentence === undefined ? undefined : { code: 'database', sentence };
}

/** Whether a retry may succeed: another transaction conflicted, or the connection or the server was lost. */
export function isTransientPostgresqlError(error: unknown): boolean {
  const { code, driverMessage } = failureOf(error);
  return (
    ['40P01', '40001', '55P03', '53300', 'ECONNREFUSED', 'ETIMEDOUT'].includes(code) ||
    isLost(code, driverMessage) ||
    isTimeout(driverMessage)
  );
}

/** If all addresses of a host fail, the error contains several errors and has no message of its own. */
function failureOf(error: unknown): Failure {
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: unknown };
  const message = Array.isArray(errors) ? [...new Set(errors.map(messageOf))].join(', ') : messageOf(error);
  return { code: String(code ?? ''), message, driverMessage: isPostgresqlAnswer(error) ? '' : message };
}

function sentenceOf(location: PostgresqlLocation, { code, message, driverMessage }: Failure): string | undefined {
  const { host, port, user, database, schema, connectSeconds } = location;
  const where = displayPostgresql(location);
  const server = host.includes('/') ? `${host}, port ${port}` : `${host}:${port}`;
  if (code === UNUSABLE_POOLER) {
    return message;
  }
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT', 'EACCES'].includes(code)) {
    return `no PostgreSQL server answers at ${server} (${message}). Start it, or correct host and port in the database's URL variable.`;
  }
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA'].includes(code)) {
    return `there is no host ${host} (${message}). Correct it in the database's URL variable.`;
  }
  if (code === 'ETIMEDOUT' || isTimeout(driverMessage)) {
    return `the PostgreSQL server at ${server} did not answer within ${connectSeconds} seconds. Check host, port and firewall, or give it longer with connect_timeout.`;
  }
  if (code === '28P01' || driverMessage.includes('client password must be a string')) {
    return `the PostgreSQL server at ${server} refuses the password of role "${user}". Correct it in the database's URL variable.`;
  }
  if (code === '28000') {
    return `the PostgreSQL server at ${server} rejects role "${user}" (${message}). Create the role, or correct it in the database's URL variable.`;
  }
  if (code === '3D000') {
    return `the PostgreSQL server at ${server} has no database "${database}". Create it (createdb ${database}), or correct the database's URL variable.`;
  }
  if (code === '3F000') {
    return `${where} has no schema "${schema}". Create it, or correct the database's URL variable.`;
  }
  if (code === '42501') {
    return `role "${user}" lacks a permission in ${where} (${message}). Grant it, or use another role.`;
  }
  if (code === '53300') {
    return `the PostgreSQL server at ${server} has no connection left (${message}). Let others finish, or raise max_connections, ${AGAIN}.`;
  }
  if (code === '53100' || code === 'ENOSPC') {
    return `${where} cannot grow: the server's disk is full (${message}). Free some space ${AGAIN}.`;
  }
  if (code === '25006') {
    return `${where} is read-only (${message}). Use the server that takes writes, or let the role write (default_transaction_read_only).`;
  }
  if (code === '40P01' || code === '40001') {
    return `${where}: the transaction was rolled back because it conflicted with another (${message}). Run the same command again.`;
  }
  if (code === '57014') {
    return `${where}: a statement was cancelled (${message}). Check statement_timeout ${AGAIN}.`;
  }
  if (isLost(code, driverMessage)) {
    return `the connection to ${where} was lost (${message}). When the server is up again, run the same command again.`;
  }
  if (/^(CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|ERR_TLS|ERR_SSL)/.test(code) || /SSL/.test(driverMessage)) {
    return `no encrypted connection to ${server} (${message}). Correct sslmode or sslrootcert in the database's URL variable.`;
  }
  return undefined;
}

/** No connection was available in time; perhaps all of the pool are in use. */
function isTimeout(message: string): boolean {
  return /^timeout e|connection timeout|query read timeout/i.test(message);
}

/** The server has crashed, is shutting down, or is still starting. */
function isLost(code: string, message: string): boolean {
  return (
    /^(08|57P)/.test(code) ||
    ['25P03', 'ECONNRESET', 'EPIPE'].includes(code) ||
    /Connection terminated|Client has encountered a connection error|Client was closed|server closed the connection/i.test(
      message,
    )
  );
}
