/** The demo's story on every engine: it comes to its end, its figures add up, and a false statement is detected. */
import { expect, test } from '@jest/globals';
import type { Chapter } from '../../../src/shop/demo/chapter.ts';
import { CHAPTERS, playStory } from '../../../src/shop/demo/story.ts';
import type { World } from '../../../src/shop/demo/world.ts';
import { commandIn } from '../../support/documentation/command-line.ts';
import { apart, forEachEngineThoroughly, type Place, sqlitePlace } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';
import { parse } from '../../support/parse.ts';

const optionsOf = (place: Place) => ({ folder: place.folder, databaseOptions: (name: string) => place.options(name) });

/** A chapter of the test's own, played after others. */
const chapterOf = (play: (world: World) => Promise<unknown>): Chapter => ({
  title: 'a test',
  shows: 'nothing',
  commands: [],
  async play(world) {
    await play(world);
    return { sentences: [], result: {} };
  },
});

forEachEngineThoroughly((makePlace) => {
  test('each chapter says what it shows, and the databases hold what the figures say', async () => {
    const place = apart(await makePlace());
    const played = await playStory(optionsOf(place));
    expect(played.map(({ number, title, shows }) => ({ number, title, shows }))).toEqual(
      CHAPTERS.map(({ title, shows }, index) => ({ number: index + 1, title, shows })),
    );
    for (const { sentences, commands, refused = [], seconds } of played) {
      expect(sentences.length).toBeGreaterThan(1);
      expect(commands.length).toBeGreaterThan(0);
      expect(seconds).toBeGreaterThan(0);
      for (const command of [...commands, ...refused]) {
        expect(await parse(commandIn(command).args)).not.toBe('');
      }
    }
    const results = Object.assign({}, ...played.map(({ result }) => result)) as Record<string, unknown>;
    const sum = async (database: string, sql: string) => Number((await place.execute(database, sql))[0]?.['sum']);
    const regions = ['boston', 'seattle', 'denver'] as const;
    const here = { cents: 0, orders: 0, events: 0 };
    for (const region of regions) {
      const database = `orders.${region}`;
      here.cents += await sum(
        database,
        `select sum(unit_price_cents * quantity) as sum from orders where status = 'confirmed'`,
      );
      here.orders += await sum(database, `select count(distinct id) as sum from orders`);
      here.events += await sum(database, 'select count(*) as sum from outbox_event');
    }
    expect(results['revenue']).toBe((here.cents / 100).toFixed(2));
    expect(await sum('central', 'select count(*) as sum from order_fact')).toBe(here.orders);
    expect(await sum('central', 'select count(*) as sum from inbox_event')).toBe(here.events);
    expect(await sum('central', 'select count(*) as sum from dead_letter')).toBe(0);
  });

  test('a difference that is made behind its back is detected by the last chapter', async () => {
    const place = apart(await makePlace());
    const spoil = chapterOf(() =>
      place.execute('central', `update order_fact set quantity = quantity + 1 where region = 'seattle'`),
    );
    const chapters = [...CHAPTERS.slice(0, 5), spoil, ...CHAPTERS.slice(-1)];
    await expect(playStory({ ...optionsOf(place), chapters })).rejects.toMatchObject({
      code: 'demo',
      message: expect.stringContaining('central has what seattle has'),
    });
  });
});

test('a chapter that is under way when it is interrupted is the last one', async () => {
  const interruption = new AbortController();
  const begun: number[] = [];
  const played = await playStory({
    ...optionsOf(sqlitePlace(makeFolder())),
    signal: interruption.signal,
    started: (number) => {
      begun.push(number);
      if (number === 2) {
        interruption.abort();
      }
    },
  });
  expect(begun).toEqual([1, 2]);
  expect(played.map(({ number }) => number)).toEqual([1, 2]);
});

test('a place where nothing can be made is said, and nothing stays open', async () => {
  const place = sqlitePlace('/dev/null');
  await expect(playStory(optionsOf(place))).rejects.toMatchObject({ code: 'database' });
});
