/** Reads the URL of a PostgreSQL database: libpq's syntax, with only the parameters that are supported here. */
import { userInfo } from 'node:os';
import { MeridianError } from '../../shared/errors.ts';

/**
 * Supported values of libpq's sslmode: https://www.postgresql.org/docs/current/libpq-ssl.html. `prefer` and `allow` may end up without TLS.
 */
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

type SslMode = (typeof SSL_MODES)[number];

export interface PostgresqlLocation {
  readonly engine: 'postgresql';
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** By default, from PGPASSWORD or `~/.pgpass`. */
  readonly password?: string;
  readonly database: string;
  readonly schema: string;
  readonly sslMode: SslMode;
  /** File of root certificates; by default, those that Node.js trusts. */
  readonly sslRootCertificate?: string;
  /** How long to wait for a connection. */
  readonly connectSeconds: number;
  readonly applicationName?: string;
}

const PARAMETERS = ['schema', 'host', 'sslmode', 'sslrootcert', 'connect_timeout', 'application_name'] as const;

const DEFAULT_PORT = 5432;
const DEFAULT_SCHEMA = 'public';
const DEFAULT_CONNECT_SECONDS = 10;
// NAMEDATALEN - 1: the server would truncate longer names, and so use another schema
const MAX_NAME_BYTES = 63;

/**
 * @param variable the environment variable that holds the URL, for messages; the URL itself is never printed
 * @throws MeridianError `usage`
 */
export function parsePostgresqlUrl(variable: string, text: string, environment: NodeJS.ProcessEnv): PostgresqlLocation {
  const fail = (what: string): MeridianError => new MeridianError('usage', `${variable} ${what}`);
  const url = parse(text);
  const decoded = url && decodeParts(url);
  if (url === undefined || decoded === undefined) {
    throw fail(
      'holds a URL that cannot be read. Use postgresql://<user>:<password>@<host>:<port>/<database>, ' +
        'with characters such as / : @ ? # % of a password percent-encoded.',
    );
  }
  const { user, password, database } = decoded;
  // an unescaped @ belongs to a password whose / ended the host
  if (database === '' || database.includes('/') || url.pathname.includes('@')) {
    throw fail('names no database. Put it after the host: postgresql://<user>:<password>@<host>:<port>/<database>.');
  }
  const parameters = parametersOf(url, fail);
  const { schema = DEFAULT_SCHEMA, sslmode = 'disable', sslrootcert, application_name: applicationName } = parameters;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') || parameters.host;
  if (host === undefined || (parameters.host !== undefined && url.hostname !== '')) {
    throw fail('has to name one host, before the database or as the parameter host.');
  }
  if (schema === '' || /[.\0]/.test(schema) || Buffer.byteLength(schema) > MAX_NAME_BYTES) {
    throw fail(`names a schema that cannot be used: it has 1 to ${MAX_NAME_BYTES} bytes and no dot.`);
  }
  if (!isSslMode(sslmode)) {
    throw fail(`has an sslmode that is not known. There are ${SSL_MODES.join(', ')}.`);
  }
  return {
    engine: 'postgresql',
    host,
    port: Number(url.port || DEFAULT_PORT),
    user: user || environment['PGUSER'] || userInfo().username,
    ...(password === '' ? {} : { password }),
    database,
    schema,
    sslMode: sslmode,
    ...(sslrootcert ? { sslRootCertificate: sslrootcert } : {}),
    connectSeconds: connectSecondsOf(parameters.connect_timeout, fail),
    ...(applicationName ? { applicationName } : {}),
  };
}

/** The location in readable form, without user and password. */
export function displayPostgresql({ host, port, database, schema }: PostgresqlLocation): string {
  const where = host.includes('/') ? `${host}, port ${port},` : `${host.includes(':') ? `[${host}]` : host}:${port}/`;
  return `${where}${host.includes('/') ? ' ' : ''}${database}${schema === DEFAULT_SCHEMA ? '' : ` (schema ${schema})`}`;
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) && /^[^:]+:\/\//.test(text) ? new URL(text) : undefined;
}

function decodeParts(url: URL): { user: string; password: string; database: string } | undefined {
  try {
    return {
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
    };
  } catch (error) {
    if (error instanceof URIError) {
      return undefined;
    }
    throw error;
  }
}

type Parameters = Partial<Record<(typeof PARAMETERS)[number], string>>;

function parametersOf(url: URL, fail: (what: string) => MeridianError): Parameters {
  const known: readonly string[] = PARAMETERS;
  const given = [...url.searchParams];
  const unknown = given.filter(([name]) => !known.includes(name)).map(([name]) => name);
  if (unknown.length > 0 || url.hash !== '') {
    // an unknown name may be part of a password that was not percent-encoded, so it is not printed either
    throw fail(`has a parameter that is not known. There are ${PARAMETERS.join(', ')}.`);
  }
  return Object.fromEntries(given);
}

function isSslMode(text: string): text is SslMode {
  return (SSL_MODES as readonly string[]).includes(text);
}

function connectSecondsOf(text: string | undefined, fail: (what: string) => MeridianError): number {
  if (text === undefined) {
    return DEFAULT_CONNECT_SECONDS;
  }
  if (!/^[1-9]\d{0,4}$/.test(text)) {
    throw fail('has a connect_timeout that is not a number of seconds from 1 to 99999.');
  }
  return Number(text);
}
