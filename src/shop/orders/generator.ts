/** Generated orders refer to existing users and products, unless the mutation is a dangling reference. */
import {
  between,
  type Domain,
  fieldMutations,
  hash,
  type Mutation,
  type Placement,
  pick,
  type Random,
  randomOf,
  type Setting,
} from '../../generate/index.ts';

/** Upper limits for the pieces of an order; most orders have few. */
const MOST_PIECES = [1, 1, 2, 3, 10, 100];

const columns = ['id', 'userId', 'productId', 'quantity'];
/** Properties that refer to a record of another database. */
const REFERENCES = ['userId', 'productId'] as const;
type Reference = (typeof REFERENCES)[number];

const { at, breaking, breakingWholeNumber, repeating } = fieldMutations(columns);

export function orders({ keyFor, placementOf }: Setting): Domain {
  const key = keyFor('orders');
  const missingKey = keyFor('orders', 'missing');
  const targets = { userId: placementOf('users'), productId: placementOf('products') };

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
    numbers: columns,
    fields(number) {
      const random = randomOf(key, number);
      return [
        String(number),
        String(existing(random, targets.userId)),
        String(existing(random, targets.productId)),
        String(between(random, 1, pick(random, MOST_PIECES))),
      ];
    },
    mutations: [
      ...breakingWholeNumber('id'),
      ...breakingWholeNumber('userId'),
      ...breakingWholeNumber('productId'),
      ...breakingWholeNumber('quantity'),
      breaking('quantity', 'max', (quantity) => String(1_000_000_000 + Number(quantity))),
      repeating(['id']),
      dangling('userId'),
      dangling('productId'),
      dangling('userId', 'productId'),
    ],
  };
}

/** Without sound records there is no sound order, and the number does not matter. */
function existing(random: Random, { count, sound, soundNumber }: Placement): number {
  return sound > 0 ? soundNumber(between(random, 0, sound - 1)) : between(random, 1, count);
}
