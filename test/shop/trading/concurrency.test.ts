/** Many clients in several processes buy the last items: never oversold, and none fails but for lack of stock. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import { BOSTON, disagreements, eventsIn, openBoston, stockIn } from '../../support/boston.ts';
import { WITH_BUNDLES } from '../../support/bundled.ts';
import type { Bought } from '../../support/buyer.ts';
import { ownEnvironment } from '../../support/command.ts';
import { depth, thoroughTest } from '../../support/depth.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import { until } from '../../support/until.ts';

const ROUNDS = depth(1, 5);

const PROCESSES = depth(2, 4);
const CLIENTS = 4;
const PRODUCTS = 3;
const PIECES = 100;

forEachEngineMigratedThoroughly('region', (makePlace, engine) => {
  function startBuyer(place: Place, ...args: (string | number)[]): ChildProcess {
    const script = join(import.meta.dirname, '..', '..', 'support', 'buyer.js');
    return spawn(process.execPath, [WITH_BUNDLES, script, ...args.map(String)], {
      cwd: place.folder,
      env: { ...ownEnvironment(), ...place.environment(BOSTON) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function stocked(pieces: number): Promise<Place> {
    const place = await makePlace();
    const region = await openBoston(place);
    for (let productId = 1; productId <= PRODUCTS; productId++) {
      await receiveStock(region, { productId, quantity: pieces, price: '1' });
    }
    return place;
  }

  test(`${PROCESSES} processes of ${CLIENTS} clients sell out`, async () => {
    const place = await stocked(PIECES);
    const buyers = Array.from({ length: PROCESSES }, () => startBuyer(place, CLIENTS, PRODUCTS));
    const results = await Promise.all(
      buyers.map(({ stdout, stderr }) => {
        stderr?.resume();
        return json(stdout as NonNullable<typeof stdout>) as Promise<Bought>;
      }),
    );
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
    for (let productId = 1; productId <= PRODUCTS; productId++) {
      expect(results.reduce((sum, { pieces }) => sum + (pieces[productId] ?? 0), 0)).toBe(PIECES);
    }
    expect((await stockIn(place)).map(({ on_hand }) => on_hand)).toEqual(Array(PRODUCTS).fill(0));
    expect(await disagreements(place)).toEqual([]);
  });

  const testOnce = engine === 'sqlite' ? test : thoroughTest;

  testOnce('a process that is killed while it places orders leaves each whole or not at all', async () => {
    const place = await stocked(1_000_000);
    for (let round = 1; round <= ROUNDS; round++) {
      const before = (await eventsIn(place)).length;
      const buyer = startBuyer(place, engine === 'sqlite' ? 1 : CLIENTS, PRODUCTS);
      buyer.stdout?.resume();
      buyer.stderr?.resume();
      await until('orders are being placed', async () => (await eventsIn(place)).length > before + 20);
      buyer.kill('SIGKILL');
      await once(buyer, 'exit');
      if (engine === 'postgresql') {
        // what was under way there goes on for a moment
        const connections = `select 1 from pg_stat_activity where application_name like '%pid ${buyer.pid}'`;
        await until('its connections are closed', async () => (await place.execute(BOSTON, connections)).length === 0);
      }
      expect(await disagreements(place)).toEqual([]);
      const [{ sold }] = (await place.execute(BOSTON, 'select sum(quantity) as sold from orders')) as [
        { sold: unknown },
      ];
      const left = (await stockIn(place)).reduce((sum, { on_hand }) => sum + Number(on_hand), 0);
      expect(Number(sold) + left).toBe(PRODUCTS * 1_000_000);
      const outcomes = await place.execute(BOSTON, "select outcome from checkouts where outcome = ''");
      expect(outcomes).toEqual([]);
    }
  });
});
