/** The prices of generated products, computed separately so that generated orders can use them without the rest of a product. */
import { between, pick, randomOf } from '../../generate/index.ts';

/** Upper limits for the units of a price, one of which is drawn; most prices are small. */
const MOST_UNITS = [9, 49, 99, 499, 1999];
const CENTS = ['00', '49', '50', '90', '95', '99'];

/** @param key a key that is used for prices only */
export function generatedPrice(key: number, product: number): string {
  const random = randomOf(key, product);
  return `${between(random, 1, pick(random, MOST_UNITS))}.${pick(random, CENTS)}`;
}
