/** Generates products. One in eight has no SKU; the model number in its name distinguishes it. */
import { faker } from '@faker-js/faker/locale/en';
import { type Domain, fieldMutations, hash, pick, randomOf, type Setting } from '../../generate/index.ts';
import { generatedPrice } from './generated-price.ts';

const { adjective: ADJECTIVES, material, product } = faker.definitions.commerce.product_name;
const MATERIALS = coded(material);
const PRODUCTS = coded(product);

interface Word {
  readonly word: string;
  /** The part of a SKU: "CHA" for "Chair". */
  readonly code: string;
}

function coded(words: readonly string[]): readonly Word[] {
  return words.map((word) => ({ word, code: word.slice(0, 3).toUpperCase() }));
}

const columns = ['id', 'sku', 'name', 'price'];
const { breaking, breakingWholeNumber, repeating } = fieldMutations(columns);

export function products({ keyFor }: Setting): Domain {
  const key = keyFor('products');
  const priceKey = keyFor('products', 'price');
  const skuKey = keyFor('products', 'sku');
  const hasSku = (number: number) => hash(skuKey, number) % 8 !== 0;
  return {
    columns,
    numbers: ['id'],
    fields(number) {
      const random = randomOf(key, number);
      const material = pick(random, MATERIALS);
      const product = pick(random, PRODUCTS);
      const name = `${pick(random, ADJECTIVES)} ${material.word} ${product.word}`;
      const price = generatedPrice(priceKey, number);
      const id = String(number);
      return hasSku(number)
        ? [id, `${product.code}-${material.code}-${id.padStart(6, '0')}`, name, price]
        : [id, '', `${name} ${id}`, price];
    },
    mutations: [
      ...breakingWholeNumber('id'),
      breaking('sku', 'maxLength', (sku) => sku.padEnd(65, 'X')),
      breaking('sku', 'isVisible', (sku) => `${sku}\u200b`),
      breaking('name', 'isNotEmpty', () => ''),
      breaking('name', 'maxLength', (name) => name.padEnd(150, `, ${name}`)),
      breaking('price', 'isNotEmpty', () => ''),
      breaking('price', 'isDecimal', (price) => `${price}5`),
      breaking('price', 'isDecimal', (price) => price.replace('.', ',')),
      breaking('price', 'isDecimal', (price) => `EUR ${price}`),
      breaking('price', 'isPositive', () => '0.00'),
      breaking('price', 'isPositive', (price) => `-${price}`),
      breaking('price', 'max', (price) => `1000000000${price}`),
      repeating(['id']),
      repeating(['sku'], hasSku),
      // without a SKU, because only then name and price identify a product
      repeating(['name', 'price', 'sku'], (number) => !hasSku(number)),
    ],
  };
}
