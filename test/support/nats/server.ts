/** A real nats-server of a test's own, with JetStream in a folder of its own, gone when the test is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NatsSettings, natsSettings } from '../../../src/replication/transport/nats/settings.ts';
import { freePort } from '../postgresql/server.ts';
import { closeAfterTest, natsServer } from './available.ts';

export interface NatsServer {
  readonly port: number;
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  /** Of Meridian's own reading, with what is said. */
  settings(environment?: NodeJS.ProcessEnv): NatsSettings;
  /** As a power cut does, but for what the system still had to write. */
  kill(): Promise<void>;
  /** It hangs, with all of its connections open, until it is killed. */
  suspend(): void;
  /** On the same port, with what was stored. */
  start(): Promise<void>;
  /** Deletes what was stored, while it is down. */
  wipe(): void;
}

export interface NatsServerOptions {
  readonly port?: number;
  /** Lines of the configuration, beside the port and the folder. */
  readonly config?: string;
  readonly hasJetStream?: boolean;
  /** JetStream's domain. */
  readonly domain?: string;
  readonly name?: string;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}

export async function startNats(options: NatsServerOptions = {}): Promise<NatsServer> {
  const { config = '', hasJetStream = true, domain, name = 'test' } = options;
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'meridian-nats-'));
  const store = join(folder, 'store');
  const file = join(folder, 'nats.conf');
  writeFileSync(
    file,
    `host: 127.0.0.1
port: ${port}
server_name: "${name}"
${hasJetStream ? `jetstream { store_dir: "${store}"${domain === undefined ? '' : `, domain: "${domain}"`} }` : ''}
${config}
`,
  );
  let child: ChildProcess | undefined;
  const server: NatsServer = {
    port,
    url: `nats://127.0.0.1:${port}`,
    settings(environment = {}) {
      return natsSettings({ NATS_URL: server.url, ...environment }) as NatsSettings;
    },
    async kill() {
      await (child && stop(child));
    },
    async start() {
      mkdirSync(store, { recursive: true });
      const started = spawn(natsServer, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
      child = started;
      let log = '';
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      started.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-20_000);
        if (log.includes('Server is ready')) {
          resolve();
        }
      });
      started.once('error', reject);
      started.once('exit', (code) => reject(new Error(`nats-server ended with ${code}:\n${log}`)));
      await promise;
    },
    suspend() {
      child?.kill('SIGSTOP');
    },
    wipe() {
      rmSync(store, { recursive: true, force: true });
    },
  };
  closeAfterTest(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}
