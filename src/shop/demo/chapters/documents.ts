/** Orders as documents, and components of products. The document store is down at first, and orders do not wait for it. */
import type { DatabaseOptions } from '../../../databases.ts';
import { MeridianError } from '../../../index.ts';
import { documents as documentsDeclaration, products as productsDeclaration } from '../../catalog.ts';
import { readCondition } from '../../documents/condition.ts';
import { feedOnce } from '../../documents/feed.ts';
import { sqlDocumentStore } from '../../documents/sql/store.ts';
import type { Component, DocumentStore } from '../../documents/store.ts';
import { setComponents } from '../../products/components/set.ts';
import { componentTree, leavesOf } from '../../products/components/tree.ts';
import { type Chapter, claim, claimEqual } from '../chapter.ts';
import type { World } from '../world.ts';

const CONDITION = 'details.gift.wrap=true';
const DETAILS = { gift: { wrap: true, note: 'Happy birthday' } };

/** Products of the sample. */
const [LAPTOP, MONITOR, KEYBOARD, MOUSE, CONSOLE] = [1, 4, 5, 6, 9] as const;
const COMPONENTS = new Map([
  [LAPTOP, parts([KEYBOARD, 1], [MONITOR, 1])],
  [CONSOLE, parts([LAPTOP, 2], [MONITOR, 2], [MOUSE, 1])],
]);
/** A component of the console that would contain the console itself. */
const CYCLE = parts([CONSOLE, 1]);
/** The total parts of one console. */
const NEEDED_PARTS = '4 of product 4, 2 of product 5, 1 of product 6';

/** A command with a document store that cannot be opened, because its path is a folder. */
const WHILE_DOWN = 'DOCUMENTS_DATABASE_URL=sqlite:databases npx meridian sync';

export const documents: Chapter = {
  title: 'Orders as documents, in a store that is down at first',
  shows: 'polyglot persistence',
  commands: [
    `npx meridian order place --region seattle --user 6 --item 2x1 --details '${JSON.stringify(DETAILS)}'`,
    WHILE_DOWN,
    'npx meridian sync',
    `npx meridian documents find --where ${CONDITION}`,
    ...[...COMPONENTS].map(([product, components]) => setCommand(product, components)),
    `npx meridian components tree --product ${CONSOLE}`,
  ],
  incomplete: [WHILE_DOWN],
  refused: [setCommand(KEYBOARD, CYCLE)],
  async play(world) {
    const items = [{ productId: 2, quantity: 1 }];
    const order = await world.place('seattle', { userId: 6, items, country: 'Peru', details: DETAILS });
    claim(order.result === 'placed', 'seattle places orders while the document store is down');
    await setAllComponents(world);
    await world.sync();
    await claimEqual(world, 'seattle');

    const down = await feed(world, { location: { engine: 'sqlite', file: world.folder } });
    claim(down.failure !== undefined && down.documents === 0, 'nothing gets into a store that is down');
    const up = await feed(world);
    const isAllIn = up.failure === undefined && up.refused === 0 && up.withheld.size === 0;
    claim(isAllIn, 'the store takes everything that waited for it');

    const store = await openStore(world);
    try {
      const found = await store.findDocuments({ conditions: [readCondition(CONDITION)], limit: 10 });
      claim(found.length === 1 && found[0]?.id === order.key, 'the document is found by what its details say');
      const leaves = leavesOf(await componentTree(store, CONSOLE, 1n)).map(({ productId, needed }) => {
        return { productId, quantity: Number(needed) };
      });
      const inWords = leaves.map(({ productId, quantity }) => `${quantity} of product ${productId}`).join(', ');
      claim(inWords === NEEDED_PARTS, 'quantities are multiplied down, and shared parts are added up');
      return {
        sentences: [
          `While the store is down, orders are placed and reach central, where their documents wait. When the store is up again, ${up.documents} documents and ${up.componentLists} component lists are stored. One document is found by ${CONDITION}.`,
          `Product ${CONSOLE} contains 2 of product ${LAPTOP}, which has components of its own: ${inWords} in total. Data without a fixed schema is stored as documents, data that has to add up as rows.`,
        ],
        result: { documents: up.documents, componentLists: up.componentLists, found: found.length, parts: leaves },
      };
    } finally {
      await store.close();
    }
  },
};

function parts(...parts: readonly (readonly [productId: number, quantity: number])[]): readonly Component[] {
  return parts.map(([productId, quantity]) => ({ productId, quantity }));
}

function setCommand(product: number, components: readonly Component[]): string {
  const options = components.map(({ productId, quantity }) => `--component ${productId}x${quantity}`);
  return `npx meridian components set --product ${product} ${options.join(' ')}`;
}

async function setAllComponents(world: World): Promise<void> {
  const products = await world.open(productsDeclaration);
  try {
    for (const [product, components] of COMPONENTS) {
      await setComponents(products, product, components);
    }
    const refusal = await setComponents(products, KEYBOARD, CYCLE).catch((error: unknown) => error);
    claim(refusal instanceof MeridianError, 'a product that would contain itself is refused');
  } finally {
    await products.close();
  }
}

/** @param options the location of the document store (default: in the demo's databases) */
async function feed(world: World, options?: DatabaseOptions) {
  return feedOnce(await world.central(), {
    signal: new AbortController().signal,
    openStore: () => openStore(world, options),
    openProducts: () => world.open(productsDeclaration),
  });
}

async function openStore(world: World, options?: DatabaseOptions): Promise<DocumentStore> {
  return sqlDocumentStore(await world.open(documentsDeclaration, options));
}
