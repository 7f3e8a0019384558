/** Real kills at chosen and at random moments of a load of everything or nothing, on both engines: in the end there is everything, or nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type Moment, meridianStopped } from '../../support/breakpoint/breakpoint.ts';
import { type CommandResult, meridian } from '../../support/command.ts';
import { dirtyOrders } from '../../support/dirty.ts';
import { forEachEngineMigrated, type Place } from '../../support/engines.ts';

const NAMES = ['users', 'products', 'orders'] as const;
const RECORDS = 8000;
const OLDER = 2000;
/** Where the first kill of each trial comes; those at random moments may come too late. */
const MOMENTS: readonly Moment[] = ['after-commit', 'at-loaded'];
const KILLS = 2;

const lines = (head: string, count: number, line: (id: number) => string) =>
  `${head}\n${Array.from({ length: count }, (_, index) => line(index + 1)).join('\n')}\n`;
const users = (count: number, what: string) =>
  lines('id,name,email', count, (id) => `${id},${what} ${id},u${id}@example.com`);
const products = (count: number, what: string) =>
  lines('id,sku,name,price', count, (id) => `${id},S${id},${what} ${id},1.00`);
const orders = (count: number, quantity: number) =>
  lines('id,userId,productId,quantity', count, (id) => `${id},${id},${id},${quantity}`);

forEachEngineMigrated('catalog', (makePlace, engine) => {
  const args = (place: Place, prefix: string, options: readonly string[]) => [
    'populate',
    '--json',
    '--quiet',
    ...NAMES.flatMap((name) => [`--${name}`, join(place.folder, `${prefix}${name}.csv`)]),
    '--on-conflict',
    'update',
    ...options,
  ];
  const optionsIn = (place: Place) => ({ cwd: place.folder, env: place.environment(...NAMES) });
  const run = (
    place: Place,
    prefix: string,
    options: readonly string[],
    during?: Parameters<typeof meridian>[1]['during'],
  ) => meridian(args(place, prefix, options), { ...optionsIn(place), ...(during ? { during } : {}) });
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

  /** Kills the command at a moment, then a few times at random ones, and runs it to its end. */
  async function killed(place: Place, moment: Moment, random: () => number, longest: number): Promise<CommandResult> {
    const stopped = await meridianStopped(moment, args(place, '', ['--all-or-nothing']), optionsIn(place), (child) =>
      child.kill('SIGKILL'),
    );
    expect([moment, stopped.code]).toEqual([moment, null]);
    for (let kills = 0; ; kills++) {
      let killing: Promise<unknown> | undefined;
      const result = await run(place, '', ['--all-or-nothing'], (child) => {
        const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        killing =
          kills < KILLS
            ? Promise.race([ended, pause(300 + random() * longest, undefined, { ref: false })]).then(() =>
                child.kill('SIGKILL'),
              )
            : undefined;
      });
      await killing;
      if (result.code !== null) {
        return result;
      }
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
    for (const moment of MOMENTS) {
      const place = await filled(isGood);
      const ended = await killed(place, moment, () => uniformFloat64(random), longest);
      expect([moment, ended.code, ended.stderr]).toEqual([
        moment,
        isGood ? 0 : 1,
        isGood ? '' : expect.stringContaining('Nothing is kept (--all-or-nothing), because'),
      ]);
      for (const [index, there] of (await rowsIn(place)).entries()) {
        // equal or not: a difference of so many rows could not be printed
        expect([moment, index, JSON.stringify(there) === JSON.stringify(rows[index])]).toEqual([moment, index, true]);
      }
      for (const name of NAMES) {
        expect(await place.execute(name, `select * from meridian_run_batches_${name}`)).toEqual([]);
      }
    }
  });
});
