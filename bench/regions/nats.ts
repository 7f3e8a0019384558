/** Events from a region's outbox to central through a nats-server: three processes on one machine, and how soon one arrives. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { type Summary, summarize } from '../figures.ts';
import { runs } from '../places.ts';
import { startProgram } from './conversation.ts';
import { type Lag, toLag } from './lag.ts';
import { runProgram } from './program.ts';
import type { FillJob } from './programs/fill.ts';
import type { CentralJob, Taken } from './programs/nats-central.ts';
import type { PlacedSlowly, PlaceSlowlyJob } from './programs/nats-place.ts';
import type { RelayAnswer } from './programs/nats-relay.ts';
import { PRODUCTS } from './requests.ts';
import { inCopy } from './shop.ts';

/** Taken before the clock starts, so that starting does not decide. */
const WARM_UP_EVENTS = 10_000;
export const NATS_EVENTS = 100_000;
const LAG_ORDERS = 300;

export interface NatsDrain {
  readonly events: number;
  readonly seconds: number;
  /** Of the processor, after the warm-up in central, and in all in the relay. */
  readonly centralCpuSeconds: number;
  readonly relayCpuSeconds: number;
}

export interface Nats {
  readonly version: string;
  readonly drains: readonly NatsDrain[];
  readonly eventsPerSecond: Summary;
  readonly lag: Lag;
}

export interface NatsCourse {
  /** A folder with a region that sells. */
  readonly shop: string;
  readonly rounds: number;
  readonly seed: number;
}

/** @returns why nothing was measured, where that is so */
export async function measureNats(
  { shop, rounds, seed }: NatsCourse,
  report: (drain: NatsDrain) => void,
): Promise<Nats | { readonly reason: string }> {
  const program = process.env['NATS_SERVER'] ?? 'nats-server';
  const { error, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (error !== undefined) {
    return { reason: `there is no ${program} on the PATH` };
  }
  const drains: NatsDrain[] = [];
  const backlog = mkdtempSync(join(runs, 'backlog-'));
  try {
    const job: FillJob = { events: NATS_EVENTS + WARM_UP_EVENTS, seed };
    await runProgram('fill', job, { folder: backlog });
    for (let round = 1; round <= rounds; round++) {
      const drain = await inCopy(backlog, (folder) => withServer(program, (url) => drainOnce(folder, url)));
      report(drain);
      drains.push(drain);
    }
  } finally {
    rmSync(backlog, { recursive: true });
  }
  const lag = await inCopy(shop, (folder) => withServer(program, (url) => lagOf(folder, url, seed)));
  return {
    version: stdout.trim().replace(/^nats-server: v/, ''),
    drains,
    eventsPerSecond: summarize(drains.map(({ events, seconds }) => events / seconds)),
    lag,
  };
}

async function drainOnce(folder: string, NATS_URL: string): Promise<NatsDrain> {
  const env = { NATS_URL };
  const relay = startProgram<object, RelayAnswer>('nats-relay', {}, { folder, env });
  const job: CentralJob = { warmUp: WARM_UP_EVENTS, events: NATS_EVENTS + WARM_UP_EVENTS };
  const { result } = await runProgram<Taken>('nats-central', job, { folder, env });
  const { cpuSeconds: relayCpuSeconds } = await relay.ask({});
  await relay.end();
  const { events, seconds, cpuSeconds: centralCpuSeconds } = result;
  return { events, seconds, centralCpuSeconds, relayCpuSeconds };
}

async function lagOf(folder: string, NATS_URL: string, seed: number): Promise<Lag> {
  const env = { NATS_URL };
  const relay = startProgram<object, RelayAnswer>('nats-relay', {}, { folder, env });
  // the stock of each product comes first
  const before: CentralJob = { warmUp: 1, events: PRODUCTS };
  await runProgram('nats-central', before, { folder, env });
  const job: CentralJob = { warmUp: 0, orders: LAG_ORDERS };
  const placing: PlaceSlowlyJob = { orders: LAG_ORDERS, seed };
  const [central, placed] = await Promise.all([
    runProgram<Taken>('nats-central', job, { folder, env }),
    runProgram<PlacedSlowly>('nats-place', placing, { folder, env }),
  ]);
  await relay.end();
  const arrivals = new Map(central.result.arrivals);
  // the first ones wait for the processes to start
  const waited = placed.result.commits.slice(LAG_ORDERS / 10).map(([id, at]) => (arrivals.get(id) ?? Number.NaN) - at);
  return toLag(waited);
}

/** A nats-server of its own, as long as the work lasts. */
async function withServer<T>(program: string, work: (url: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(runs, 'nats-'));
  const port = await freePort();
  const args = ['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', folder];
  const server = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await ready(server);
    return await work(`nats://127.0.0.1:${port}`);
  } finally {
    const exited = once(server, 'exit');
    server.kill();
    await exited;
    rmSync(folder, { recursive: true });
  }
}

async function ready(server: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let log = '';
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-20_000);
    if (log.includes('Server is ready')) {
      resolve();
    }
  });
  server.once('exit', (code) => reject(new Error(`nats-server ended with ${code}:\n${log}`)));
  await promise;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
