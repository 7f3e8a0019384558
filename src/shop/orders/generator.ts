/** Generates orders that refer to existing users and products, with their prices, except for mutations with dangling references. */
import {
  between,
  type Domain,
  fieldMutations,
  hash,
  type Mutation,
  pick,
  randomOf,
  type Setting,
} from '../../generate/index.ts';
import { generatedPrice } from '../products/generated-price.ts';
import { bestSellers, buyers, countryOf, placedAt } from './demand.ts';

/** Upper limits for the pieces of an order, one of which is drawn; most orders have few pieces. */
const MOST_PIECES = [1, 1, 2, 3, 10, 100];

const columns = ['id', 'userId', 'productId', 'quantity', 'unitPrice', 'placedAt', 'country'];
const numbers = ['id', 'userId', 'productId', 'quantity'];
/** Properties that refer to other databases. */
const REFERENCES = ['userId', 'productId'] as const;
type Reference = (typeof REFERENCES)[number];

const { at, breaking, breakingWholeNumber, repeating } = fieldMutations(columns);

export function orders({ keyFor, placementOf }: Setting): Domain {
  const key = keyFor('orders');
  const priceKey = keyFor('products', 'price');
  const countryKey = keyFor('orders', 'country');
  const { count } = placementOf('orders');
  const missingKey = keyFor('orders', 'missing');
  const targets = { userId: placementOf('users'), productId: placementOf('products') };
  const [buyerOf, productOf] = [buyers(targets.userId), bestSellers(targets.productId)];

  /** A reference to a rejected record, or to an id beyond the last one. */
  function missing(property: Reference, number: number): string {
    const { count, broken, brokenNumber } = targets[property];
    const chance = hash(missingKey, number);
    return String(chance % 2 === 0 && broken > 0 ? brokenNumber(chance % broken) : count + 1 + (chance % count));
  }

  function dangling(...chosen: readonly Reference[]): Mutation {
    // without sound records, every reference dangles
    const properties = REFERENCES.filter((name) => chosen.includes(name) || targets[name].sound === 0);
    return {
      breaks: properties.map((property) => ({ property, code: 'reference' })),
      apply(fields, number) {
        for (const property of properties) {
          fields[at(property)] = missing(property, number);
        }
      },
    };
  }

  return {
    columns,
    numbers,
    fields(number) {
      const random = randomOf(key, number);
      const user = buyerOf(random);
      const product = productOf(random);
      return [
        String(number),
        String(user),
        String(product),
        String(between(random, 1, pick(random, MOST_PIECES))),
        generatedPrice(priceKey, product),
        placedAt(random, (number - 1) / count),
        countryOf(countryKey, user),
      ];
    },
    mutations: [
      ...breakingWholeNumber('id'),
      ...breakingWholeNumber('userId'),
      ...breakingWholeNumber('productId'),
      ...breakingWholeNumber('quantity'),
      breaking('quantity', 'max', (quantity) => String(1_000_000_000 + Number(quantity))),
      breaking('unitPrice', 'isDecimal', (price) => price.replace('.', ',')),
      breaking('unitPrice', 'min', (price) => `-${price}`),
      breaking('unitPrice', 'max', (price) => `1000000000${price}`),
      breaking('placedAt', 'isRFC3339', (time) => time.replace('Z', '')),
      breaking('placedAt', 'isRFC3339', (time) => time.replace(/-\d\dT/, '-32T')),
      breaking('country', 'maxLength', (country) => country.padEnd(10_000, ` ${country}`)),
      repeating(['id']),
      dangling('userId'),
      dangling('productId'),
      dangling('userId', 'productId'),
    ],
  };
}
