/** A real server of MongoDB's protocol, of a test's own: it can be killed and started again on what it had written. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../postgresql/server.ts';
import { until } from '../until.ts';
import { type MongodbProgram, mongodbProgram } from './available.ts';

export interface MongodbServer {
  /** Without a database: `mongodb://127.0.0.1:port`. */
  readonly url: string;
  /** kill -9. */
  kill(): Promise<void>;
  /** On the same port, with what was written. */
  start(): Promise<void>;
  /** Kills it and deletes what was written. */
  remove(): Promise<void>;
}

/** On a free port, with nothing in it; the caller removes it. */
export async function startMongodb(): Promise<MongodbServer> {
  const program = mongodbProgram();
  if (program === undefined) {
    throw new Error('There is no server to start');
  }
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'meridian-mongodb-'));
  let child: ChildProcess | undefined;
  const server: MongodbServer = {
    url: `mongodb://127.0.0.1:${port}`,
    async kill() {
      const running = child;
      child = undefined;
      if (running?.exitCode === null) {
        running.kill('SIGKILL');
        await once(running, 'exit');
      }
    },
    async start() {
      const started = spawn(program.path, argumentsOf(program, folder, port), { stdio: 'ignore' });
      child = started;
      await until('the server answers', () => {
        if (started.exitCode !== null) {
          throw new Error(`${program.path} ended with ${started.exitCode}`);
        }
        return answers(port);
      });
    },
    async remove() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

function argumentsOf({ name }: MongodbProgram, folder: string, port: number): string[] {
  return name === 'mongod'
    ? ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket']
    : [
        '--handler=sqlite',
        `--sqlite-url=file:${folder}/`,
        `--listen-addr=127.0.0.1:${port}`,
        `--state-dir=${folder}`,
        '--telemetry=disable',
        '--debug-addr=-',
        '--log-level=error',
      ];
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
