/**
 * Two commits of Meridian side by side: this checkout and another one, whose programs run by turns on the same data. Each ratio
 * is the other's time divided by this one's, so that more than 1 means that this checkout is faster.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { meridianOf, meridianOnSqlite } from './contestants/meridian.ts';
import { median, pairedRatio } from './figures.ts';
import { makeFiles } from './files.ts';
import { table } from './markdown.ts';
import type { Options } from './options.ts';
import { root } from './places.ts';
import { race } from './race.ts';
import { startProgram } from './regions/conversation.ts';
import { drainOnce, SMALL_EVENTS, withBacklog } from './regions/draining.ts';
import { runProgram } from './regions/program.ts';
import type { LagJob, Lags } from './regions/programs/lag.ts';
import { inCopy, makeShop } from './regions/shop.ts';
import type { PlaceOrders, Turn } from './regions/turn.ts';
import { takeSchema } from './schema.ts';

/** What each side took, a value a round: seconds, or milliseconds of the lag. */
interface Pair {
  readonly figure: string;
  readonly own: number[];
  readonly other: number[];
}

type Say = (line: string) => void;

/** Products of an order. */
const ITEMS = [1, 3];
const WARM_UP_ORDERS = 1000;
const LAG_ORDERS = 100;

/**
 * @param folder the other checkout, with its dependencies and those of its benchmark installed
 * @returns a table in Markdown
 * @throws Error when the other checkout lacks something, or a program of either fails
 */
export async function measureAgainst(folder: string, options: Options, say: Say): Promise<string> {
  const other = resolve(folder);
  const names = { own: commitOf(root), other: commitOf(other) };
  build(other);
  const pairs = [
    await populating(other, options, say),
    ...(await placing(other, options, say)),
    await draining(other, SMALL_EVENTS, options, say),
    await draining(other, options.events, options, say),
    await lag(other, options, say),
  ];
  return comparison(pairs, names);
}

/** @param names of the two commits */
export function comparison(pairs: readonly Pair[], names: { readonly own: string; readonly other: string }): string {
  return table(
    ['', `${names.other} (other)`, `${names.own} (this)`, 'other / this'],
    pairs.map(({ figure, own, other }) => [
      figure,
      median(other).toFixed(2),
      median(own).toFixed(2),
      pairedRatio(other, own).toFixed(2),
    ]),
    [false, true, true, true],
  );
}

async function populating(other: string, { records, rounds, seed }: Options, say: Say): Promise<Pair> {
  say(`Loading three files of ${records} records`);
  const files = await makeFiles(records, seed);
  const contestants = [meridianOnSqlite, meridianOf('other', 'the other', join(other, 'bin', 'meridian.js'))];
  const course = { records, rounds, seed, files: files.csv, schemas: await takeSchema() };
  const results = await race(contestants, course, (round, { title }, { seconds }) =>
    say(`round ${round}  ${title.padEnd(9)} ${seconds.toFixed(2)} s`),
  );
  const [own = [], others = []] = results.map(({ times }) => times.map(({ seconds }) => seconds));
  return { figure: `populate, ${records} records a file, s`, own, other: others };
}

async function placing(other: string, { orders, rounds, seed }: Options, say: Say): Promise<Pair[]> {
  const shop = await makeShop(seed);
  const pairs: Pair[] = [];
  try {
    for (const items of ITEMS) {
      say(`Orders of ${items}`);
      const pair: Pair = { figure: `${orders} orders of ${items}, s`, own: [], other: [] };
      await inCopy(shop, (first) =>
        inCopy(shop, async (second) => {
          const job = { items, seed };
          const sides = [
            { taken: pair.own, program: startProgram<PlaceOrders, Turn>('place', job, { folder: first }) },
            {
              taken: pair.other,
              program: startProgram<PlaceOrders, Turn>('place', job, { folder: second, checkout: other }),
            },
          ];
          for (const { program } of sides) {
            await program.ask({ from: 0, to: WARM_UP_ORDERS });
          }
          for (let round = 0; round < rounds; round++) {
            const from = WARM_UP_ORDERS + round * orders;
            for (const { program, taken } of inTurn(sides, round)) {
              taken.push((await program.ask({ from, to: from + orders })).seconds);
            }
          }
          await Promise.all(sides.map(({ program }) => program.end()));
        }),
      );
      pairs.push(pair);
    }
  } finally {
    rmSync(shop, { recursive: true });
  }
  return pairs;
}

function draining(other: string, events: number, { rounds, seed }: Options, say: Say): Promise<Pair> {
  say(`Events to central: a backlog of ${events}`);
  return withBacklog(events, seed, async (backlog) => {
    const pair: Pair = { figure: `${events} events to central, s`, own: [], other: [] };
    for (let round = 0; round < rounds; round++) {
      for (const side of inTurn(['own', 'other'] as const, round)) {
        const drain = await drainOnce(backlog, () => undefined, side === 'own' ? undefined : other);
        pair[side].push(drain.seconds);
      }
    }
    return pair;
  });
}

async function lag(other: string, { rounds, seed }: Options, say: Say): Promise<Pair> {
  say(`From commit to central: ${LAG_ORDERS} orders`);
  const pair: Pair = { figure: 'from commit to central, p50, ms', own: [], other: [] };
  const job: LagJob = { orders: LAG_ORDERS, seed };
  const shop = await makeShop(seed);
  try {
    for (let round = 0; round < rounds; round++) {
      for (const side of inTurn(['own', 'other'] as const, round)) {
        const checkout = side === 'own' ? root : other;
        const { result } = await inCopy(shop, (folder) => runProgram<Lags>('lag', job, { folder, checkout }));
        pair[side].push(median(result.milliseconds));
      }
    }
  } finally {
    rmSync(shop, { recursive: true });
  }
  return pair;
}

/** In another order each round, so that neither side always comes second. */
function inTurn<T>(sides: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? sides : [...sides].reverse();
}

function build(checkout: string): void {
  const script = join(checkout, 'bin', 'build.js');
  if (!existsSync(script) || !existsSync(join(checkout, 'bench', 'node_modules'))) {
    throw new Error(
      `--against: ${checkout} is no checkout of Meridian that is ready. Run npm ci && npm ci --prefix bench there.`,
    );
  }
  const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    throw new Error(`--against: ${checkout} could not be built; the lines above say why.`);
  }
}

function commitOf(checkout: string): string {
  const { stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: checkout, encoding: 'utf8' });
  return stdout?.trim() || checkout;
}
