/** Orders and stock of a region. */
import { type Action, option } from '../../../cli/menu/action.ts';
import type { Questions } from '../../../cli/menu/questions.ts';
import { MAX_PRODUCTS } from '../../limits.ts';
import { ORDER_STATUSES } from '../../orders/order.entity.ts';
import { isCountry, isDetails, isPrice, isQuantity, isWholeNumber, orNothing } from './checks.ts';
import { askProduct, askRegion } from './known.ts';

export const placeOrder: Action = {
  name: 'Place an order',
  description: 'Takes it from the stock of a region, in one local transaction.',
  command: 'order place',
  async ask(questions) {
    const region = await askRegion(questions);
    const user = await questions.text('Id of the user:', { default: '1', check: isWholeNumber });
    const items = await askItems(questions, region);
    const country = await questions.text('Country (may stay empty):', { check: orNothing(isCountry) });
    const details = await questions.text('Details as JSON, such as {"gift":true} (may stay empty):', {
      check: orNothing(isDetails),
    });
    return [
      ...['--region', region, '--user', user],
      ...items.flatMap((item) => ['--item', item]),
      ...option('--country', country),
      ...option('--details', details),
    ];
  },
};

async function askItems(questions: Questions, region: string): Promise<string[]> {
  const items: string[] = [];
  for (;;) {
    const product = await askProduct(questions, region);
    const quantity = await questions.text('How many of it?', { default: '1', check: isQuantity });
    items.push(`${product}x${quantity}`);
    if (items.length === MAX_PRODUCTS || !(await questions.confirm('Another product?', false))) {
      return items;
    }
  }
}

export const receiveStock: Action = {
  name: 'Receive stock',
  description: 'Adds a delivery to the stock of a region.',
  command: 'stock receive',
  async ask(questions) {
    const region = await askRegion(questions);
    const product = await askProduct(questions, region);
    const quantity = await questions.text('How many pieces?', { default: '50', check: isQuantity });
    const price = await questions.text('Price of a piece (empty: as it is, or as the products database says):', {
      check: orNothing(isPrice),
    });
    return ['--region', region, '--product', product, '--quantity', quantity, ...option('--price', price)];
  },
};

export const listOrders: Action = {
  name: 'Orders of a region',
  description: 'The newest ones.',
  command: 'order list',
  async ask(questions) {
    const region = await askRegion(questions);
    const status = await questions.choose('Which?', [
      { value: '', name: 'all' },
      ...ORDER_STATUSES.map((value) => ({ value, name: value })),
    ]);
    return ['--region', region, ...option('--status', status)];
  },
};

export const cancelOrder: Action = {
  name: 'Cancel an order',
  description: 'Puts back what it took, once.',
  command: 'order cancel',
  async ask(questions) {
    const region = await askRegion(questions);
    const order = await questions.text('Number of the order:', { check: isWholeNumber });
    return ['--region', region, '--order', order];
  },
};

export const listStock: Action = {
  name: 'Stock of all regions',
  description: 'What they have on hand.',
  command: 'stock list',
};
