/** Connects to NATS with the configured settings. */
import { readFileSync } from 'node:fs';
import { types } from 'node:util';
import {
  type Authenticator,
  connect,
  credsAuthenticator,
  type NatsConnection,
  nkeyAuthenticator,
  type TlsOptions,
} from '@nats-io/transport-node';
import { MeridianError, messageOf } from '../../../shared/errors.ts';
import { inboxOf, publicKeyIn, publicKeyOf } from './inbox.ts';
import { type NatsSettings, URL_VARIABLE } from './settings.ts';

/** The maximum number of characters of a server's error message that is quoted. */
const MAX_REASON = 1000;

/** The reconnect interval, to which jitter is added. */
const RECONNECT_MILLISECONDS = 500;

export interface Connected {
  readonly nats: NatsConnection;
  /** The prefix of all inboxes of the connection. */
  readonly inboxPrefix: string;
}

/**
 * Once connected, the connection reconnects until it is closed.
 *
 * @param name shown in the server's list of connections
 * @throws MeridianError `transport` when no server can be reached or accepts the login, `usage` when a file cannot be read; messages never
 *   have a password
 */
export async function connectToNats(settings: NatsSettings, name: string): Promise<Connected> {
  const { servers, user, password, token, timeoutSeconds } = settings;
  const tls = tlsOf(settings);
  const { authenticator, inboxPrefix } = loginOf(settings);
  try {
    const nats = await connect({
      servers: servers.map((server) => server.replace(/^\w+:\/\//, '')),
      name,
      inboxPrefix,
      timeout: timeoutSeconds * 1000,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_MILLISECONDS,
      // a server that refuses the login may still be being set up
      ignoreAuthErrorAbort: true,
      ...(user === undefined ? {} : { user, pass: password ?? '' }),
      ...(token === undefined ? {} : { token }),
      ...(authenticator === undefined ? {} : { authenticator }),
      ...(tls === undefined ? {} : { tls }),
    });
    return { nats, inboxPrefix };
  } catch (error) {
    throw new MeridianError('transport', sentenceOf(settings, error), { cause: error });
  }
}

interface Login {
  readonly authenticator?: Authenticator;
  readonly inboxPrefix: string;
}

function loginOf({ user, credentials, nkey }: NatsSettings): Login {
  if (credentials !== undefined) {
    const file = readFile('NATS_CREDS', credentials);
    return { authenticator: credsAuthenticator(file), inboxPrefix: inboxOf(publicKeyIn(file)) };
  }
  if (nkey !== undefined) {
    const seed = readSeed(nkey);
    return { authenticator: nkeyAuthenticator(seed), inboxPrefix: inboxOf(publicKeyOf(seed)) };
  }
  return { inboxPrefix: inboxOf(user) };
}

/** @throws MeridianError `usage` */
function readSeed(file: string): Uint8Array {
  const seed = new TextEncoder().encode(new TextDecoder().decode(readFile('NATS_NKEY', file)).trim());
  try {
    publicKeyOf(seed);
  } catch (error) {
    throw new MeridianError('usage', `NATS_NKEY names ${file}, which does not hold the seed of an NKey.`, {
      cause: error,
    });
  }
  return seed;
}

function tlsOf({ servers, ca, certificate, key }: NatsSettings): TlsOptions | undefined {
  const isAsked = servers.some((server) => server.startsWith('tls:'));
  if (!isAsked && ca === undefined && certificate === undefined) {
    return undefined;
  }
  const text = (variable: string, file: string) => new TextDecoder().decode(readFile(variable, file));
  return {
    ...(ca === undefined ? {} : { ca: text('NATS_CA', ca) }),
    ...(certificate === undefined ? {} : { cert: text('NATS_CERT', certificate) }),
    ...(key === undefined ? {} : { key: text('NATS_KEY', key) }),
  };
}

function readFile(variable: string, file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new MeridianError('usage', `${variable} names ${file}, which cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

function sentenceOf({ servers }: NatsSettings, error: unknown): string {
  const where = servers.join(', ');
  const reason = deepestReason(error);
  if (/authorization|authentication|nkey|credential|signature|jwt/i.test(reason)) {
    return `NATS at ${where} refuses the login (${reason}). Correct NATS_USER and NATS_PASSWORD, NATS_TOKEN, NATS_NKEY or NATS_CREDS.`;
  }
  if (/certificate|tls|ssl|self.signed|altname/i.test(reason)) {
    return `NATS at ${where}: no safe connection (${reason}). Correct NATS_CA, NATS_CERT and NATS_KEY, or use nats:// or tls:// in ${URL_VARIABLE} as the server does.`;
  }
  if (/^timeout$/i.test(reason)) {
    return `NATS at ${where} does not answer in time. See that nats-server runs there; one that asks for certificates needs NATS_CERT and NATS_KEY.`;
  }
  return `NATS at ${where} cannot be reached (${reason}). Start nats-server there, or correct ${URL_VARIABLE}.`;
}

/** The reason of the innermost cause: the client wraps socket errors. */
function deepestReason(error: unknown): string {
  let reason = messageOf(error);
  for (let cause = error; types.isNativeError(cause); cause = cause.cause) {
    // if several addresses were tried, there is an error for each
    const [first] = (cause as Partial<AggregateError>).errors ?? [];
    reason = messageOf(first ?? cause) || reason;
  }
  return reason.slice(0, MAX_REASON).replace(/[.\s]+$/, '');
}
