/** `meridian components set`, `components tree` and `components where-used` */
import type { Command } from 'commander';
import { openIfThere } from '../../databases.ts';
import { MeridianError, messageOf } from '../../index.ts';
import {
  countOf,
  formatNumber,
  idCell,
  ListOption,
  Output,
  type OutputOptions,
  printable,
  printableLines,
  renderTable,
  wholeNumber,
  withOutputOptions,
} from '../../module.ts';
import { products as productsDeclaration } from '../catalog.ts';
import { feedComponents } from '../documents/feed.ts';
import { openDocumentStoreToRead } from '../documents/open.ts';
import type { Component, DocumentStore } from '../documents/store.ts';
import { readBacklog } from '../documents/waiting.ts';
import { type Names, namesOf } from '../products/components/names.ts';
import { MAX_COMPONENTS, setComponents } from '../products/components/set.ts';
import { type ComponentTree, componentTree, leavesOf } from '../products/components/tree.ts';
import { whereUsed } from '../products/components/where-used.ts';
import type { OrderItem } from '../trading/order-request.ts';
import { treeLines } from './components.lines.ts';
import { backlogSentences } from './documents.wording.ts';
import { readItem } from './item.argument.ts';

interface SetOptions extends OutputOptions {
  readonly product: number;
  readonly component?: readonly OrderItem[];
  readonly none?: boolean;
}

interface TreeOptions extends OutputOptions {
  readonly product: number;
  readonly quantity: number;
}

export function defineComponentsCommand(components: Command): void {
  components.description('What products are made of: bills of materials, of products that are made of products.');
  withOutputOptions(
    components
      .command('set')
      .summary('set what a product is made of')
      .description(
        'Replaces the components of a product. They are stored in the products database, where all products have to exist, ' +
          'and copied to the document store at once, or by the next sync if it cannot be reached. A product cannot contain itself.',
      )
      .requiredOption('--product <id>', 'which product', wholeNumber)
      .addOption(
        new ListOption(
          '--component <product x quantity>',
          `a product and how many of it one takes, such as 12x4; once for each of up to ${MAX_COMPONENTS}`,
          readItem,
        ),
      )
      .option('--none', 'remove all components'),
    'object',
  ).action(async (options: SetOptions) => {
    await set(options);
  });
  withOutputOptions(
    components
      .command('tree')
      .summary('show all parts of a product')
      .description(
        'Shows all parts of a product, with quantities multiplied down to the last part, and the total of each part. ' +
          'Reads the document store, and reports what has not arrived there yet.',
      )
      .requiredOption('--product <id>', 'which product', wholeNumber)
      .option('--quantity <n>', 'how many of it are made', wholeNumber, 1),
    'object',
  ).action(async (options: TreeOptions) => {
    await tree(options);
  });
  withOutputOptions(
    components
      .command('where-used')
      .summary('show the products that contain a product')
      .description(
        'Shows the products that contain a product, directly or in other parts. Reads the document store, and reports what has not arrived there yet.',
      )
      .requiredOption('--product <id>', 'which product', wholeNumber),
    'array',
  ).action(async (options: TreeOptions) => {
    await uses(options);
  });
}

async function set(options: SetOptions): Promise<void> {
  const output = new Output(options);
  const { product: productId, component: components = [], none = false } = options;
  if ((components.length === 0) !== none) {
    throw new MeridianError(
      'usage',
      'Name the components with --component, once for each, or give --none to remove all.',
    );
  }
  const products = await openIfThere(productsDeclaration, (database, names) =>
    output.note(`${database}: applied ${names.join(', ')}`),
  );
  if (products === undefined) {
    throw new MeridianError('database', 'There is no products database yet. Load products with npx meridian populate.');
  }
  try {
    const done = await setComponents(products, productId, components);
    const what = done.components.length === 0 ? 'nothing' : componentsText(done.components);
    output.say(
      done.isChanged
        ? `Product ${productId} is made of ${what}.`
        : `Product ${productId} is already made of ${what}: nothing was changed.`,
    );
    const failure = await feedComponents(products);
    if (failure !== undefined) {
      output.note(printableLines(`The next sync copies it to the document store: ${failure.message}`));
    }
    output.json({ ...done, isInStore: failure === undefined });
  } finally {
    await products.close();
  }
}

/** For longer lists, only the count is shown. */
const MAX_LISTED_COMPONENTS = 10;

function componentsText(components: readonly Component[]): string {
  return components.length > MAX_LISTED_COMPONENTS
    ? countOf(components.length, 'component')
    : components.map((one) => `${formatNumber(one.quantity)} of product ${one.productId}`).join(', ');
}

async function tree(options: TreeOptions): Promise<void> {
  const output = new Output(options);
  const { product: productId, quantity } = options;
  await reading(output, async (store) => {
    const found = await componentTree(store, productId, BigInt(quantity));
    const leaves = leavesOf(found);
    const names = await namesIfKnown(
      output,
      found.parts.map((part) => part.productId),
    );
    if (leaves.length === 0) {
      output.say(`Product ${productId} has no known components.`);
    } else {
      for (const line of treeLines(found, names)) {
        output.say(line);
      }
      output.say('Total of each part:');
      output.say(
        renderTable(
          ['product', 'quantity', 'name'],
          leaves.map((part) => [idCell(part.productId), part.needed, printable(names.get(part.productId) ?? '')]),
        ),
      );
    }
    output.json(treeJson(found, names));
  });
}

/** For programs. */
export function treeJson(found: ComponentTree, names: Names) {
  const name = (id: number) => names.get(id) ?? null;
  return {
    productId: found.productId,
    name: name(found.productId),
    quantity: exact(found.quantity),
    // each product occurs once; the components are the edges of the tree
    products: found.parts.map((part) => ({
      productId: part.productId,
      name: name(part.productId),
      needed: exact(part.needed),
      components: part.components,
    })),
    parts: leavesOf(found).map((part) => ({
      productId: part.productId,
      name: name(part.productId),
      quantity: exact(part.needed),
    })),
  };
}

/** A number, or text if a number would not be exact. */
function exact(count: bigint): number | string {
  return count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : String(count);
}

async function uses({ product: productId, ...options }: TreeOptions): Promise<void> {
  const output = new Output(options);
  await reading(output, async (store) => {
    const found = await whereUsed(store, productId);
    const names = await namesIfKnown(
      output,
      found.map((use) => use.productId),
    );
    if (found.length === 0) {
      output.say(`Product ${productId} is not a component of any known product.`);
    } else {
      output.say(
        renderTable(
          ['product', 'directly', 'in all', 'name'],
          found.map((use) => [
            idCell(use.productId),
            use.directly ?? '',
            use.inAll,
            printable(names.get(use.productId) ?? ''),
          ]),
        ),
      );
    }
    output.json(usesJson(found, names));
  });
}

/** For programs. */
export function usesJson(found: Awaited<ReturnType<typeof whereUsed>>, names: Names): object[] {
  return found.map((use) => ({
    productId: use.productId,
    name: names.get(use.productId) ?? null,
    directly: use.directly ?? null,
    inAll: exact(use.inAll),
  }));
}

/** The names are optional, and their database may be unreachable. */
async function namesIfKnown(output: Output, productIds: readonly number[]): Promise<Names> {
  try {
    return await namesOf(productIds);
  } catch (error) {
    output.note(printableLines(`The names of products are left out: ${messageOf(error)}`));
    return new Map();
  }
}

async function reading(output: Output, work: (store: DocumentStore) => Promise<void>): Promise<void> {
  const store = await openDocumentStoreToRead();
  try {
    const { componentLists, unknown } = await readBacklog();
    await work(store);
    for (const line of backlogSentences({ documents: 0, refused: 0, componentLists, unknown })) {
      output.note(printableLines(line));
    }
  } finally {
    await store.close();
  }
}
