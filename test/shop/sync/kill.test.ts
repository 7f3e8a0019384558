/** Sellers and relays are killed again and again while orders are placed: nothing is lost, nothing comes twice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { expect } from '@jest/globals';
import { projectRoot } from '../../../src/shared/project.ts';
import { users } from '../../../src/shop/catalog.ts';
import { compare } from '../../../src/shop/compare/compare.ts';
import { syncOnce } from '../../../src/shop/sync/sync.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import { openRegion } from '../../../src/shop/trading/region.ts';
import { WITH_BUNDLES } from '../../support/bundled.ts';
import { ownEnvironment } from '../../support/command.ts';
import { thoroughTest } from '../../support/depth.ts';
import { forEachEngine, type Place } from '../../support/engines.ts';
import { replaceEnvironment } from '../../support/environment.ts';
import { openRegion as openBoston, openCentral, openIn, regionalPlace } from '../../support/regional.ts';
import { until } from '../../support/until.ts';

const KILLS = 8;
const RECEIVED = 1_000_000;
const DATABASES = ['users', 'products', 'orders.boston', 'central', 'documents'];

interface Seller {
  readonly child: ChildProcess;
  /** Numbers of orders that were reported as placed. */
  readonly placed: number[];
}

forEachEngine((_, engine) => {
  function start(place: Place, script: string, ...args: string[]): ChildProcess {
    return spawn(
      process.execPath,
      [WITH_BUNDLES, join(projectRoot, 'dist', 'test', 'support', 'trading', script), ...args],
      {
        cwd: place.folder,
        env: { ...ownEnvironment(), ...place.environment(...DATABASES) },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
  }

  function startSeller(place: Place, prefix: string, first: number): Seller {
    const child = start(place, 'seller.js', prefix, String(first));
    const placed: number[] = [];
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const [number, result] = line.split(' ');
      expect(result).toBe('placed');
      placed.push(Number(number));
    });
    return { child, placed };
  }

  const ended = (child: ChildProcess) =>
    new Promise<number | null>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) {
        resolve(child.exitCode);
      } else {
        child.once('close', resolve);
      }
    });

  const countIn = async (place: Place, database: string, table: string) =>
    Number((await place.execute(database, `select count(*) as count from ${table}`))[0]?.['count']);

  thoroughTest(`${KILLS} kills of the relay and central, and of a seller, while orders are placed`, async () => {
    const place = await regionalPlace(engine);
    const [central, boston] = [await openCentral(place), await openBoston(place)];
    await openIn(place, users);
    await place.execute('users', "insert into users (id, name, email) values (1, 'Ann', 'ann@example.com')");
    const region = await openRegion('boston', { databaseOptions: (name) => place.options(name) });
    for (const productId of [1, 2]) {
      await receiveStock(region, { productId, quantity: RECEIVED, price: '2.50' });
    }
    await region.close();

    const confirmed: Record<string, number[]> = { steady: [], killed: [] };
    const steady = startSeller(place, 'steady', 1);
    let killed = startSeller(place, 'killed', 1);
    let watcher = start(place, 'watcher.js');
    let facts = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      await until('more has arrived', async () => (await countIn(place, 'central', 'order_fact')) > facts + 5);
      watcher.kill('SIGKILL');
      await ended(watcher);
      facts = await countIn(place, 'central', 'order_fact');
      watcher = start(place, 'watcher.js');
      await until('orders go on', () => killed.placed.length > 3);
      killed.child.kill('SIGKILL');
      await ended(killed.child);
      confirmed['killed']?.push(...killed.placed);
      // the one whose answer it had not got is asked for again, with the same key
      killed = startSeller(place, 'killed', (confirmed['killed']?.at(-1) ?? 0) + 1);
    }
    for (const seller of [steady, killed]) {
      await until('the seller sells', () => seller.placed.length > 0);
      seller.child.kill('SIGTERM');
      expect(await ended(seller.child)).toBe(0);
    }
    confirmed['steady']?.push(...steady.placed);
    confirmed['killed']?.push(...killed.placed);
    // it ends well once it has got as far as to listen for signals
    await until('the last watcher ships', async () => (await countIn(place, 'central', 'order_fact')) > facts);
    watcher.kill('SIGTERM');
    expect(await ended(watcher)).toBe(0);

    await drainAll(place);
    const comparison = await compare(central, boston);
    expect(comparison).toMatchObject({ differences: 0, leftOut: 0, examples: [] });
    const keys = Object.entries(confirmed).flatMap(([prefix, numbers]) =>
      numbers.map((number) => `${prefix}-${number}`),
    );
    const rows = await place.execute('orders.boston', 'select checkout_id, product_id, quantity from orders');
    expect(rows.map((row) => String(row['checkout_id'])).sort()).toEqual(keys.sort());
    for (const row of await place.execute('orders.boston', 'select product_id, on_hand from stock')) {
      const sold = rows.filter((order) => order['product_id'] === row['product_id']);
      const pieces = sold.reduce((sum, order) => sum + Number(order['quantity']), 0);
      expect(row['on_hand']).toBe(RECEIVED - pieces);
    }
    expect(await countIn(place, 'central', 'order_fact')).toBe(rows.length);
    expect(await countIn(place, 'central', 'dead_letter')).toBe(0);
    // an order is one event, what it took from stock another, its document a third
    expect(await countIn(place, 'central', 'inbox_event')).toBe(3 * rows.length + 2);
    expect(await countIn(place, 'central', 'document_queue')).toBe(0);
    const documents = await place.execute('documents', 'select document from order_documents');
    const ids = documents.map(({ document }) => (typeof document === 'string' ? JSON.parse(document) : document).id);
    expect(ids.sort()).toEqual(keys.sort());
  });
});

/** In this process, whose environment names no databases. */
async function drainAll(place: Place): Promise<void> {
  const restore = replaceEnvironment({ ...process.env, ...place.environment(...DATABASES) });
  try {
    const { regions } = await syncOnce({ regions: () => ['boston'], signal: new AbortController().signal });
    expect(regions.get('boston')?.failure).toBeUndefined();
  } finally {
    restore();
  }
}
