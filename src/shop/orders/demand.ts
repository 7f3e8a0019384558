/** The distribution of customers, products, times and countries in generated orders, which is uneven, as in reality. */
import { between, hash, type Placement, type Random } from '../../generate/index.ts';

/** The number of steps of a draw between 0 and 1. */
const STEPS = 2 ** 30;

/** Countries with their share of customers, in percent. */
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

/** Orders are within one year, in the order of their ids, and become more frequent towards its end. */
const FIRST_DAY = Date.UTC(2025, 0, 1);
const DAYS = 365;
const SECOND_MILLISECONDS = 1000;
const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Draws the number of a referenced record. */
export type Draw = (random: Random) => number;

export function buyers(users: Placement): Draw {
  return drawFrom(users, (share) => share * share);
}

/** A draw in which a tenth of the products have almost half of the orders. */
export function bestSellers(products: Placement): Draw {
  return drawFrom(products, (share) => share * share * share);
}

/** The country of a customer, which is the same for all of the customer's orders. */
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

/** @param share the share of orders that were placed before, from 0 up to 1 */
export function placedAt(random: Random, share: number): string {
  const day = Math.floor(DAYS * Math.sqrt(share));
  // the average of two draws, so that most orders are placed in the middle of the day
  const hour = (between(random, 6, 22) + between(random, 6, 22)) >> 1;
  const second = between(random, 0, HOUR_SECONDS - 1);
  const time = FIRST_DAY + (day * DAY_SECONDS + hour * HOUR_SECONDS + second) * SECOND_MILLISECONDS;
  return new Date(time).toISOString();
}

/**
 * Draws sound records. Without any, there are no sound orders, and the drawn number does not matter.
 *
 * @param skewed maps a share from 0 up to 1 to a smaller one; the smaller it is, the more orders the first records have
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

/** A stride that visits each of `count` numbers once, so that the most frequent ones are not the lowest. */
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
