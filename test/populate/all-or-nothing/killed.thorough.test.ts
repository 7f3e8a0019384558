/** Real kills at random moments of a load of everything or nothing, on both engines: in the end there is everything, or nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type CommandResult, meridian } from '../../support/command.ts';
import { dirtyOrders } from '../../support/dirty.ts';
import { forEachEngineMigrated, type Place } from '../../support/engines.ts';

const NAMES = ['users', 'products', 'orders'] as const;
const RECORDS = 40_000;
const OLDER = 10_000;
const TRIALS = 2;
const KILLS = 3;

const lines = (head: string, count: number, line: (id: number) => string) =>
  `${head}\n${Array.from({ length: count }, (_, index) => line(index + 1)).join('\n')}\n`;
const users = (count: number, what: string) =>
  lines('id,name,email', count, (id) => `${id},${what} ${id},u${id}@example.com`);
const products = (count: number, what: string) =>
  lines('id,sku,name,price', count, (id) => `${id},S${id},${what} ${id},1.00`);
const orders = (count: number, quantity: number) =>
  lines('id,userId,productId,quantity', count, (id) => `${id},${id},${id},${quantity}`);

forEachEngineMigrated('catalog', (makePlace, engine) => {
  const run = (
    place: Place,
    prefix: string,
    options: readonly string[],
    during?: Parameters<typeof meridian>[1]['during'],
  ) =>
    meridian(
      [
        'populate',
        '--json',
        '--quiet',
        ...NAMES.flatMap((name) => [`--${name}`, join(place.folder, `${prefix}${name}.csv`)]),
        '--on-conflict',
        'update',
        ...options,
      ],
      { cwd: place.folder, env: place.environment(...NAMES), ...(during ? { during } : {}) },
    );
  const rowsIn = (place: Place) => Promise.all(NAMES.map((name) => place.rowsOf(name)));

  async function filled(isGood: boolean): Promise<Place> {
    const place = await makePlace();
    const write = (name: string, text: string) => writeFileSync(join(place.folder, name), text);
    write('before-users.csv', users(OLDER, 'Old'));
    write('before-products.csv', products(OLDER, 'Old'));
    write('before-orders.csv', orders(OLDER, 1));
    write('users.csv', users(RECORDS, 'New'));
    write('products.csv', products(RECORDS, 'New'));
    write('orders.csv', isGood ? orders(RECORDS, 2) : dirtyOrders(RECORDS, RECORDS));
    expect(await run(place, 'before-', [])).toMatchObject({ code: 0 });
    return place;
  }

  /** Runs the command until it ends by itself; it is killed a few times before. */
  async function killed(
    place: Place,
    random: () => number,
    longest: number,
  ): Promise<{ kills: number; result: CommandResult }> {
    let kills = 0;
    for (;;) {
      let killing: Promise<unknown> | undefined;
      const result = await run(place, '', ['--all-or-nothing'], (child) => {
        const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        killing =
          kills < KILLS
            ? Promise.race([ended, pause(300 + random() * longest)]).then(() => child.kill('SIGKILL'))
            : undefined;
      });
      await killing;
      if (result.code !== null) {
        return { kills, result };
      }
      kills++;
    }
  }

  test.each([
    ['everything', true],
    ['nothing', false],
  ])('%s', async (_, isGood) => {
    const random = xoroshiro128plus(engine === 'sqlite' ? 7 : 8);
    const straight = await filled(isGood);
    const before = await rowsIn(straight);
    const startedAt = performance.now();
    const { code } = await run(straight, '', ['--all-or-nothing'], () => undefined);
    const longest = performance.now() - startedAt;
    expect(code).toBe(isGood ? 0 : 1);
    const rows = await rowsIn(straight);
    expect(rows[0]).toHaveLength(isGood ? RECORDS : OLDER);
    if (!isGood) {
      expect(rows).toEqual(before);
    }
    let kills = 0;
    for (let trial = 0; trial < TRIALS; trial++) {
      const place = await filled(isGood);
      const done = await killed(place, () => uniformFloat64(random), longest);
      kills += done.kills;
      expect([trial, done.result.code, done.result.stderr]).toEqual([
        trial,
        isGood ? 0 : 1,
        isGood ? '' : expect.any(String),
      ]);
      for (const [index, there] of (await rowsIn(place)).entries()) {
        // equal or not: a difference of so many rows could not be printed
        expect([trial, index, JSON.stringify(there) === JSON.stringify(rows[index])]).toEqual([trial, index, true]);
      }
      for (const name of NAMES) {
        expect(await place.execute(name, `select * from meridian_run_batches_${name}`)).toEqual([]);
      }
    }
    expect(kills).toBeGreaterThan(TRIALS);
  });
});
