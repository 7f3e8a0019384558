/** Orders placed in one region on SQLite, through Meridian and by hand, by turns. */
import { pairedRatio, type Summary, summarize } from '../figures.ts';
import { shuffled } from '../random.ts';
import { type Partner, startProgram } from './conversation.ts';
import type { Share } from './profile.ts';
import { inCopy } from './shop.ts';
import type { PlaceOrders, ProfiledOrders, Turn } from './turn.ts';

const WARM_UP_ORDERS = 1000;

export interface Placing {
  /** Products of each order. */
  readonly items: number;
  /** Of each turn. */
  readonly orders: number;
  readonly meridian: Side;
  readonly byHand: Side;
  /** Meridian's speed, relative to that by hand, by pairs of turns of one round. */
  readonly ratio: number;
  /** Of Meridian's time, in a turn of its own. */
  readonly profile: readonly Share[];
}

export interface Side {
  readonly turns: readonly Turn[];
  readonly ordersPerSecond: Summary;
  /** Median of all turns. */
  readonly cpuMillisecondsPerOrder: number;
  readonly waitMillisecondsPerOrder: number;
}

export interface PlacingCourse {
  readonly items: number;
  readonly orders: number;
  readonly rounds: number;
  readonly seed: number;
}

/** @param shop the folder that each starts from */
export function measurePlacing(
  shop: string,
  { items, orders, rounds, seed }: PlacingCourse,
  report: (round: number, who: string, turn: Turn) => void,
): Promise<Placing> {
  return inCopy(shop, (folder) =>
    inCopy(shop, async (other) => {
      const job = { items, seed };
      const meridian = startProgram<PlaceOrders, Turn>('place', job, { folder });
      const byHand = startProgram<PlaceOrders, Turn>('place-by-hand', job, { folder: other });
      const turns = { meridian: [] as Turn[], byHand: [] as Turn[] };
      const sides = [
        { who: 'Meridian', partner: meridian, taken: turns.meridian },
        { who: 'by hand', partner: byHand, taken: turns.byHand },
      ];
      for (const { partner } of sides) {
        await partner.ask({ from: 0, to: WARM_UP_ORDERS });
      }
      let from = WARM_UP_ORDERS;
      for (let round = 1; round <= rounds; round++) {
        for (const { who, partner, taken } of shuffled(sides, seed + round)) {
          const turn = await partner.ask({ from, to: from + orders });
          report(round, who, turn);
          taken.push(turn);
        }
        from += orders;
      }
      const question: ProfiledOrders = { from, to: from + orders, profile: true };
      const profile = (await (meridian as Partner<PlaceOrders, unknown>).ask(question)) as Share[];
      await Promise.all(sides.map(({ partner }) => partner.end()));
      return toPlacing(items, orders, turns, profile);
    }),
  );
}

export function toPlacing(
  items: number,
  orders: number,
  { meridian, byHand }: { readonly meridian: readonly Turn[]; readonly byHand: readonly Turn[] },
  profile: readonly Share[],
): Placing {
  const secondsOf = (turns: readonly Turn[]) => turns.map(({ seconds }) => seconds);
  return {
    items,
    orders,
    meridian: toSide(orders, meridian),
    byHand: toSide(orders, byHand),
    ratio: pairedRatio(secondsOf(byHand), secondsOf(meridian)),
    profile,
  };
}

function toSide(orders: number, turns: readonly Turn[]): Side {
  const perOrder = (of: (turn: Turn) => number) => summarize(turns.map((turn) => (1000 * of(turn)) / orders)).median;
  return {
    turns,
    ordersPerSecond: summarize(turns.map(({ seconds }) => orders / seconds)),
    cpuMillisecondsPerOrder: perOrder(({ cpuSeconds }) => cpuSeconds),
    waitMillisecondsPerOrder: perOrder(({ seconds, cpuSeconds }) => seconds - cpuSeconds),
  };
}
