/** Who buys what, when and from where, in generated orders: unequally, as people do. */
import { between, hash, type Placement, type Random } from '../../generate/index.ts';

/** A draw from 0 up to 1 has so many steps. */
const STEPS = 2 ** 30;

/** Shares of the customers, of a hundred. */
const COUNTRIES: readonly (readonly [country: string, share: number])[] = [
  ['United States', 31],
  ['Germany', 17],
  ['United Kingdom', 14],
  ['France', 11],
  ['Japan', 8],
  ['Brazil', 7],
  ['Spain', 6],
  ['Norway', 4],
  ['New Zealand', 2],
];

/** Orders are of one year, in the order of their ids, and become more towards its end. */
const FIRST_DAY = Date.UTC(2025, 0, 1);
const DAYS = 365;
const SECOND_MILLISECONDS = 1000;
const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Draws a record of a target. */
export type Draw = (random: Random) => number;

export function buyers(users: Placement): Draw {
  return drawFrom(users, (share) => share * share);
}

/** A tenth of the products have almost half of the orders. */
export function bestSellers(products: Placement): Draw {
  return drawFrom(products, (share) => share * share * share);
}

/** A customer always orders from the same country. */
export function countryOf(key: number, user: number): string {
  let share = hash(key, user) % 100;
  for (const [country, its] of COUNTRIES) {
    if (share < its) {
      return country;
    }
    share -= its;
  }
  return '';
}

/** @param share of the orders that were placed before, from 0 up to 1 */
export function placedAt(random: Random, share: number): string {
  const day = Math.floor(DAYS * Math.sqrt(share));
  // two draws: most orders are placed in the middle of the day
  const hour = (between(random, 6, 22) + between(random, 6, 22)) >> 1;
  const second = between(random, 0, HOUR_SECONDS - 1);
  const time = FIRST_DAY + (day * DAY_SECONDS + hour * HOUR_SECONDS + second) * SECOND_MILLISECONDS;
  return new Date(time).toISOString();
}

/**
 * Without sound records there is no sound order, and the number does not matter.
 *
 * @param skewed a share from 0 up to 1 -> a smaller one: the smaller, the more of the orders the first ones have
 */
function drawFrom({ count, sound, soundNumber }: Placement, skewed: (share: number) => number): Draw {
  const stride = strideFor(sound);
  return (random) => {
    const share = between(random, 0, STEPS - 1) / STEPS;
    return sound === 0
      ? 1 + Math.floor(share * count)
      : soundNumber(product(Math.floor(sound * skewed(share)), stride, sound));
  };
}

/** Steps of this size through so many numbers meet each of them once, so that the most wanted are not the first ones. */
function strideFor(count: number): number {
  let stride = Math.max(1, Math.floor(count * 0.618));
  while (greatestCommonDivisor(stride, count) > 1) {
    stride++;
  }
  return stride;
}

function product(a: number, b: number, modulus: number): number {
  const exact = a * b;
  return Number.isSafeInteger(exact) ? exact % modulus : Number((BigInt(a) * BigInt(b)) % BigInt(modulus));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
