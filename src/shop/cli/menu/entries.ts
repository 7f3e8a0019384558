/** The menu entries of the shop. */
import { type Action, ask, askFlag, type MenuEntry, specOf } from '../../../module.ts';
import { readCondition } from '../../documents/condition.ts';
import { newRegionDatabase } from '../../regions/databases.ts';
import { checkLine } from '../../trading/order-request.ts';
import { outageScript } from './outage.ts';
import { files, items, product, productInStock, region, regionOrAll } from './prompts.ts';

const form = askFlag('How?', { '': 'as a table', '--chart': 'as bars', '--csv': 'as CSV', '--json': 'as JSON' });

const populate: readonly Action[] = [
  {
    name: 'Load the built-in sample',
    description: 'Users, products and orders, some of them broken.',
    command: 'populate',
  },
  {
    name: 'Load generated data',
    description: 'As much as you like, the same for the same seed.',
    command: 'populate',
    prompts: [
      ask('--generate', 'How many records for each database?', {
        default: '1000',
        check: (count) => specOf('--generate', count),
      }),
      ask('--invalid', 'Which share of them is to be broken, from 0 to 1?', {
        default: '0.05',
        check: (share) => specOf('--generate', '1', undefined, share),
      }),
    ],
  },
  {
    name: 'Load files of your own',
    description: 'CSV, TSV, JSON, NDJSON, Excel or Parquet, compressed or not.',
    command: 'populate',
    prompts: [files],
  },
  { name: 'What was loaded when', command: 'runs' },
  { name: 'Verify', command: 'verify' },
];

const reports: readonly Action[] = [
  { name: 'Sales', command: 'report sales', prompts: [ask('--by', 'Added up by what?'), form] },
  { name: 'Products', command: 'report products', prompts: [form] },
  { name: 'Stock', command: 'report stock', prompts: [form] },
  { name: 'Lag', command: 'report lag', prompts: [form] },
];

const regions: readonly Action[] = [
  { name: 'What each region holds', command: 'regions' },
  { name: 'Compare', command: 'compare', prompts: [regionOrAll] },
  { name: 'Stock of all regions', command: 'stock list' },
  {
    name: 'Orders of a region',
    command: 'order list',
    prompts: [region, ask('--status', 'Which?', { none: 'all' })],
  },
  { name: 'Cancel an order', command: 'order cancel', prompts: [region, ask('--order', 'Number of the order:')] },
  { name: 'Pause the relay of a region', command: 'relay pause', prompts: [region] },
  { name: 'Resume the relay of a region', command: 'relay resume', prompts: [region] },
  { name: 'Dead letters', command: 'dead-letters list' },
  {
    name: 'Add a region',
    command: 'regions add',
    prompts: [ask('name', 'Name of the new region:', { check: newRegionDatabase })],
  },
];

const components: readonly Action[] = [
  {
    name: 'Set what a product consists of',
    command: 'components set',
    prompts: [
      product,
      ask('--component', 'A component and how many of it, such as 12x4:', { another: 'Another component?' }),
    ],
  },
  { name: 'All that a product consists of', command: 'components tree', prompts: [product] },
  { name: 'Where a product is used', command: 'components where-used', prompts: [product] },
];

/** The entries, in the order of typical use. */
export const ENTRIES: readonly MenuEntry[] = [
  { name: 'Populate', description: 'Loads users, products and orders, and checks what is loaded.', actions: populate },
  {
    name: 'Receive stock',
    command: 'stock receive',
    prompts: [
      region,
      productInStock,
      ask('--quantity', 'How many pieces?', { default: '50' }),
      ask('--price', 'Price of a piece (empty: as it is, or as the products database says):', {
        check: (unitPrice) => checkLine({ productId: 1, quantity: 1, unitPrice }),
      }),
    ],
  },
  {
    name: 'Place an order',
    command: 'order place',
    prompts: [
      region,
      ask('--user', 'Id of the user:', { default: '1' }),
      items,
      ask('--country', 'Country (may stay empty):', {
        check: (country) => checkLine({ productId: 1, quantity: 1, country }),
      }),
      ask('--details', 'Details as JSON, such as {"gift":true} (may stay empty):'),
    ],
  },
  { name: 'Sync', command: 'sync' },
  { name: 'Reports', description: 'What was sold, what is left, and how far central is.', actions: reports },
  { name: 'Regions', description: 'What they hold, and whether central agrees.', actions: regions },
  { name: 'Components', description: 'What products consist of.', actions: components },
  {
    name: 'Documents',
    description: 'Finds orders by region, by user, and by what their details say.',
    command: 'documents find',
    prompts: [
      regionOrAll,
      ask('--user', 'Id of the user (empty: all):'),
      ask('--where', 'Where, such as details.gift.wrap=true (empty: anywhere):', { check: readCondition }),
    ],
  },
  { name: 'Play the demo', command: 'demo' },
  outageScript,
];

/** All actions, including those in groups. */
export function allActions(): Action[] {
  return ENTRIES.flatMap((entry) => ('actions' in entry ? entry.actions : 'command' in entry ? [entry] : []));
}
