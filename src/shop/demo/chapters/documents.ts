/** Orders as documents, and components of products. The document store is down at first, and orders do not wait for it. */
import type { Database, DatabaseOptions } from '../../../database/database.ts';
import type { DatabaseDeclaration } from '../../../database/declaration.ts';
import { openMigrated } from '../../../database/open-migrated.ts';
import { MeridianError } from '../../../shared/errors.ts';
import { documents as documentsDeclaration, products as productsDeclaration } from '../../catalog.ts';
import { readCondition } from '../../documents/condition.ts';
import { feedOnce } from '../../documents/feed.ts';
import { sqlDocumentStore } from '../../documents/sql/store.ts';
import type { DocumentStore } from '../../documents/store.ts';
import { setComponents } from '../../products/components/set.ts';
import { componentTree, leavesOf } from '../../products/components/tree.ts';
import { placeOrder } from '../../trading/place-order.ts';
import { type Chapter, claim } from '../chapter.ts';
import type { World } from '../world.ts';

const CONDITION = 'details.gift.wrap=true';
const DETAILS = { gift: { wrap: true, note: 'Happy birthday' } };

/** Products of the sample. */
const [LAPTOP, MONITOR, KEYBOARD, MOUSE, CONSOLE] = [1, 4, 5, 6, 9] as const;

/** The file name leads to a folder. */
const WHILE_DOWN = 'DOCUMENTS_DATABASE_URL=sqlite:databases npx meridian sync';

export const documents: Chapter = {
  title: 'Orders as documents, in a store that is down at first',
  shows: 'polyglot persistence',
  async play(world) {
    const outcome = await placeOrder(world.region('seattle'), {
      userId: 6,
      items: [{ productId: 2, quantity: 1 }],
      country: 'Peru',
      details: DETAILS,
    });
    claim(outcome.result === 'placed', 'seattle places orders while the document store is down');
    const needed = await withProducts(world, makeTree);
    await world.sync();
    const { differences } = await world.compare('seattle');
    claim(differences === 0, 'central has the order while the document store is down');

    // the file name leads to a folder
    const down = await feed(world, () => openStore(world, { location: { engine: 'sqlite', file: world.folder } }));
    claim(down.failure !== undefined && down.documents === 0, 'nothing gets into a store that is down');
    const up = await feed(world, () => openStore(world));
    claim(
      up.failure === undefined && up.refused === 0 && up.withheld.size === 0,
      'the store takes everything that waited for it',
    );

    const store = await openStore(world);
    try {
      const found = await store.findDocuments({ conditions: [readCondition(CONDITION)], limit: 10 });
      claim(found.length === 1 && found[0]?.id === outcome.key, 'the document is found by what its details say');
      const tree = await componentTree(store, CONSOLE, 1n);
      const leaves = leavesOf(tree).map((part) => ({ productId: part.productId, quantity: Number(part.needed) }));
      claim(
        leaves.length === needed.size && leaves.every((one) => needed.get(one.productId) === one.quantity),
        'quantities are multiplied down, and shared parts are added up',
      );
      return {
        sentences: [
          `While the store is down, orders are placed and reach central, where their documents wait. When the store is up again, ${up.documents} documents and ${up.componentLists} component lists are stored. One document is found by ${CONDITION}.`,
          `Product ${CONSOLE} contains 2 of product ${LAPTOP}, which has components of its own: ${leaves.map((one) => `${one.quantity} of product ${one.productId}`).join(', ')} in total. Data without a fixed schema is stored as documents, data that has to add up as rows.`,
        ],
        commands: [
          `npx meridian order place --region seattle --user 6 --item 2x1 --details '${JSON.stringify(DETAILS)}'`,
          WHILE_DOWN,
          'npx meridian sync',
          `npx meridian documents find --where ${CONDITION}`,
          `npx meridian components set --product ${LAPTOP} --component ${KEYBOARD}x1 --component ${MONITOR}x1`,
          `npx meridian components set --product ${CONSOLE} --component ${LAPTOP}x2 --component ${MONITOR}x2 --component ${MOUSE}x1`,
          `npx meridian components tree --product ${CONSOLE}`,
        ],
        incomplete: [WHILE_DOWN],
        refused: [`npx meridian components set --product ${KEYBOARD} --component ${CONSOLE}x1`],
        result: { documents: up.documents, componentLists: up.componentLists, found: found.length, parts: leaves },
      };
    } finally {
      await store.close();
    }
  },
};

/** @returns part -> the quantity in one console */
async function makeTree(products: Database): Promise<ReadonlyMap<number, number>> {
  await setComponents(products, LAPTOP, [
    { productId: KEYBOARD, quantity: 1 },
    { productId: MONITOR, quantity: 1 },
  ]);
  await setComponents(products, CONSOLE, [
    { productId: LAPTOP, quantity: 2 },
    { productId: MONITOR, quantity: 2 },
    { productId: MOUSE, quantity: 1 },
  ]);
  const cycle = [{ productId: CONSOLE, quantity: 1 }];
  const refusal = await setComponents(products, KEYBOARD, cycle).catch((error: unknown) => error);
  claim(refusal instanceof MeridianError, 'a product that would contain itself is refused');
  return new Map([
    [KEYBOARD, 2],
    [MONITOR, 4],
    [MOUSE, 1],
  ]);
}

async function feed(world: World, openDocuments: () => Promise<DocumentStore>) {
  return feedOnce(await world.central(), {
    signal: new AbortController().signal,
    openStore: openDocuments,
    openProducts: () => openOf(world, productsDeclaration),
  });
}

async function openStore(world: World, instead?: DatabaseOptions): Promise<DocumentStore> {
  return sqlDocumentStore(await openOf(world, documentsDeclaration, instead));
}

async function withProducts<T>(world: World, work: (products: Database) => Promise<T>): Promise<T> {
  const products = await openOf(world, productsDeclaration);
  try {
    return await work(products);
  } finally {
    await products.close();
  }
}

function openOf(
  { databaseOptions }: World,
  declaration: DatabaseDeclaration,
  instead: DatabaseOptions = databaseOptions(declaration.name),
): Promise<Database> {
  return openMigrated(declaration, undefined, instead);
}
