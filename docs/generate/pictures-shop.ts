/** The shop of the pictures: a server in a folder of its own, over generated data, with regions that trade. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import SqliteFile from 'better-sqlite3';
import { projectRoot } from '../../src/shared/project.ts';

const REGIONS = ['boston', 'seattle', 'denver'];
const PORT = 18_477;
const ADDRESS = `http://127.0.0.1:${PORT}`;
const COUNTRIES = ['France', 'Spain', 'United Kingdom', 'Germany', 'Italy', 'Japan'];
const PRODUCTS = 8;
const USERS = 500;

const GENERATED_RECORDS = '2000';
const EARLIER_DAYS = 18;
const EARLIER_ORDERS = 90;

export interface PicturedShop {
  readonly address: string;
  ask<T>(method: string, path: string, body?: object | string, key?: string): Promise<T>;
  /** @returns the run, once it has ended */
  load(path: string, body: string): Promise<string>;
  /** Orders of so many seconds, in waves, which differ between regions. */
  trade(seconds: number, from?: number): Promise<void>;
  /** A statement in a database, as by another program. */
  execute(database: string, statement: string): void;
  readonly process: ChildProcess;
}

/** Users, products, orders of earlier days and stock are there when it is returned. */
export async function serveShop(folder: string): Promise<PicturedShop> {
  const databases = ['users', 'products', 'orders', 'central', 'documents', 'meridian'];
  const urls = databases.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, `sqlite:${folder}/${name}.db`] as const);
  const ofRegions = REGIONS.map((name) => [`ORDERS_DATABASE_URL_${name.toUpperCase()}`, `sqlite:${folder}/${name}.db`]);
  const env = { ...process.env, ...Object.fromEntries([...urls, ...ofRegions]), REGIONS: REGIONS.join() };
  const command = (...args: readonly string[]) => [
    join(projectRoot, 'bin', 'meridian.js'),
    ...args,
    ...['--config', join(projectRoot, 'meridian.config.ts')],
  ];
  spawnSync(process.execPath, command('populate', '--generate', GENERATED_RECORDS), { cwd: folder, env });
  const server = spawn(process.execPath, command('serve', '--port', String(PORT), '--run', 'sync'), {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (!(await fetch(`${ADDRESS}/livez`).catch(() => undefined))?.ok) {
    await wait(100);
  }
  for (const [index, region] of REGIONS.entries()) {
    await load(`/api/loads?table=orders.${region}&name=orders.csv`, earlierOrders(index));
    for (let productId = 1; productId <= PRODUCTS; productId++) {
      const delivery = { productId, quantity: 500 + 37 * productId };
      await ask('POST', `/api/shop/regions/${region}/deliveries`, delivery, `delivery-${region}-${productId}`);
    }
  }
  const execute = (database: string, statement: string) => {
    const file = new SqliteFile(join(folder, `${database}.db`));
    file.exec(statement);
    file.close();
  };
  return { address: ADDRESS, ask, load, trade, execute, process: server };
}

async function ask<T>(method: string, path: string, body?: object | string, key?: string): Promise<T> {
  const type = typeof body === 'string' ? 'text/csv' : 'application/json';
  const headers = { ...(body && { 'content-type': type }), ...(key && { 'idempotency-key': key }) };
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(ADDRESS + path, { method, headers, ...sent });
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }
  return (await response.json().catch(() => undefined)) as T;
}

async function load(path: string, body: string): Promise<string> {
  const { run } = await ask<{ readonly run: string }>('PUT', path, body);
  await (await fetch(`${ADDRESS}/api/loads/${run}/events`)).text();
  return run;
}

function earlierOrders(region: number): string {
  const now = Date.now();
  const lines = Array.from({ length: EARLIER_ORDERS }, (_, index) => {
    const daysAgo = EARLIER_DAYS - Math.floor((index * EARLIER_DAYS) / EARLIER_ORDERS);
    const placedAt = new Date(now - daysAgo * 86_400_000 + index * 60_000).toISOString();
    const country = COUNTRIES[(index * index + region) % COUNTRIES.length];
    const price = ((index * 137 + region * 53) % 9000) / 100 + 4.5;
    return [
      index + 1,
      1 + ((index * 7) % USERS),
      1 + ((index + region) % PRODUCTS),
      1 + (index % 3),
      price.toFixed(2),
      placedAt,
      country,
    ].join();
  });
  return ['id,userId,productId,quantity,unitPrice,placedAt,country', ...lines, ''].join('\n');
}

async function trade(seconds: number, from = 0): Promise<void> {
  for (let second = from; second < from + seconds; second++) {
    for (const [index, region] of REGIONS.entries()) {
      const wave = 1 + Math.sin(second / (4 + index) + index) - index / 3;
      for (let order = 0; order < Math.round(wave); order++) {
        const items = [{ productId: 1 + ((second + order) % PRODUCTS), quantity: 1 + ((second + index) % 3) }];
        const country = COUNTRIES[(second + order * index) % COUNTRIES.length];
        const body = { userId: 1 + ((second * 7 + order) % USERS), country, items };
        await ask('POST', `/api/shop/regions/${region}/checkouts`, body, `${region}-${second}-${order}`);
      }
    }
    await wait(1000);
  }
}
