/** The settings of the connection to NATS and of what is created there, read from environment variables. */
import process from 'node:process';
import { readEnvironmentFile } from '../../../shared/environment-file.ts';
import { MeridianError } from '../../../shared/errors.ts';

export interface NatsSettings {
  /** `nats://host:port` or `tls://host:port`, without credentials. */
  readonly servers: readonly string[];
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly token: string | undefined;
  /** File paths. */
  readonly credentials: string | undefined;
  readonly nkey: string | undefined;
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** Replicas of each stream, in a cluster. */
  readonly replicas: number;
  /** The limits of a stream; -1 means no limit. A relay has to wait while a stream is full. */
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** The time after which an event that central has not acknowledged is redelivered. */
  readonly ackWaitSeconds: number;
  /** The time limit for responses. */
  readonly timeoutSeconds: number;
}

/** The variable that makes events go through NATS. */
export const URL_VARIABLE = 'NATS_URL';

const DEFAULTS = { replicas: 1, maxEvents: 1_000_000, maxBytes: -1, ackWaitSeconds: 10, timeoutSeconds: 5 };

/**
 * @returns `undefined` if `NATS_URL` is not set
 * @throws MeridianError `usage` for invalid values; its message never contains a URL, which may contain a password
 */
export function natsSettings(environment: NodeJS.ProcessEnv = process.env): NatsSettings | undefined {
  if (environment === process.env) {
    readEnvironmentFile();
  }
  const text = (name: string) => environment[name]?.trim() || undefined;
  const urls = text(URL_VARIABLE);
  if (urls === undefined) {
    return undefined;
  }
  const servers = urls.split(',').map((url) => readUrl(url.trim()));
  const { user, password, token } = loginOf(servers);
  const settings: NatsSettings = {
    servers: servers.map(({ server }) => server),
    user: text('NATS_USER') ?? user,
    password: environment['NATS_PASSWORD'] ?? password,
    token: text('NATS_TOKEN') ?? token,
    credentials: text('NATS_CREDS'),
    nkey: text('NATS_NKEY'),
    ca: text('NATS_CA'),
    certificate: text('NATS_CERT'),
    key: text('NATS_KEY'),
    replicas: whole('NATS_REPLICAS', text('NATS_REPLICAS'), DEFAULTS.replicas, 5),
    maxEvents: whole('NATS_MAX_EVENTS', text('NATS_MAX_EVENTS'), DEFAULTS.maxEvents),
    maxBytes: whole('NATS_MAX_BYTES', text('NATS_MAX_BYTES'), DEFAULTS.maxBytes),
    ackWaitSeconds: whole('NATS_ACK_WAIT_SECONDS', text('NATS_ACK_WAIT_SECONDS'), DEFAULTS.ackWaitSeconds, 3600),
    timeoutSeconds: whole('NATS_TIMEOUT_SECONDS', text('NATS_TIMEOUT_SECONDS'), DEFAULTS.timeoutSeconds, 3600),
  };
  refuseHalves(settings);
  return settings;
}

/** The credentials in a URL. A user without a password is a token, as in all NATS clients. */
interface Login {
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
}

interface ServerUrl {
  readonly server: string;
  readonly login: Login | undefined;
}

/** @throws MeridianError `usage` when the credentials of the servers differ, since a connection has only one login */
function loginOf(servers: readonly ServerUrl[]): Login {
  const logins = servers.flatMap(({ login }) => (login === undefined ? [] : [login]));
  const [first = {}] = logins;
  if (logins.length > 0 && servers[0]?.login === undefined) {
    // the preceding part may be the beginning of a password with a comma in it, which would be printed as a server
    throw new MeridianError(
      'usage',
      `${URL_VARIABLE} names a user, and not at its first server. Name it there, percent-encode a comma in a password, or use NATS_USER and NATS_PASSWORD.`,
    );
  }
  if (logins.some((one) => JSON.stringify(one) !== JSON.stringify(first))) {
    throw new MeridianError(
      'usage',
      `The servers in ${URL_VARIABLE} name different users. Name the same one, or none there and use NATS_USER and NATS_PASSWORD.`,
    );
  }
  return first;
}

function readUrl(text: string): ServerUrl {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `nats://${text}`);
  // the text after the host may be part of a password that is not encoded
  const isPlain = url !== null && /^\/?$/.test(url.pathname) && url.search === '' && url.hash === '';
  if (!isPlain || !/^(nats|tls):$/.test(url.protocol) || url.hostname === '') {
    throw new MeridianError(
      'usage',
      `${URL_VARIABLE} holds a URL that is not of a NATS server. Use nats://<host>:<port>, or tls://<host>:<port>, several with commas in between, and percent-encode a password in it.`,
    );
  }
  const server = `${url.protocol}//${url.hostname}:${url.port || '4222'}`;
  if (url.username === '') {
    return { server, login: undefined };
  }
  try {
    const [name, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    return { server, login: password === '' ? { token: name } : { user: name, password } };
  } catch {
    throw new MeridianError(
      'usage',
      `${URL_VARIABLE} holds a user or a password that is not percent-encoded. Encode it, or use NATS_USER and NATS_PASSWORD.`,
    );
  }
}

function refuseHalves({ user, password, token, credentials, nkey, certificate, key }: NatsSettings): void {
  if ((user === undefined) !== (password === undefined)) {
    throw new MeridianError('usage', 'NATS_USER and NATS_PASSWORD go together, and one of them is missing.');
  }
  if ((certificate === undefined) !== (key === undefined)) {
    throw new MeridianError('usage', 'NATS_CERT and NATS_KEY go together, and one of them is missing.');
  }
  const ways = Object.entries({ NATS_USER: user, NATS_TOKEN: token, NATS_CREDS: credentials, NATS_NKEY: nkey })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (ways.length > 1) {
    throw new MeridianError('usage', `There are several ways to log in to NATS: ${ways.join(', ')}. Set one of them.`);
  }
}

function whole(name: string, text: string | undefined, otherwise: number, most = 1e15): number {
  if (text === undefined) {
    return otherwise;
  }
  const value = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) {
    throw new MeridianError('usage', `${name} has to be a whole number from 1 to ${most}.`);
  }
  return value;
}
