/** Routes of order documents and of component lists. */
import { openIfThere } from '../../databases.ts';
import { MeridianError, messageOf } from '../../index.ts';
import { type Answer, type Call, Problem, type Route } from '../../module.ts';
import { parseJson } from '../../types.ts';
import { products as productsDeclaration } from '../catalog.ts';
import { periodOf } from '../central/reports/period.ts';
import { treeJson, usesJson } from '../cli/components.command.ts';
import { backlogSentences } from '../cli/documents.wording.ts';
import { type Condition, MAX_CONDITIONS, readCondition } from '../documents/condition.ts';
import { feedComponents } from '../documents/feed.ts';
import { checkRegionOfDocuments } from '../documents/known-region.ts';
import { openDocumentStoreToRead } from '../documents/open.ts';
import type { Component, DocumentStore } from '../documents/store.ts';
import { storeStatus } from '../documents/store-status.ts';
import { readBacklog } from '../documents/waiting.ts';
import { type Names, namesOf } from '../products/components/names.ts';
import { MAX_COMPONENTS, setComponents } from '../products/components/set.ts';
import { componentTree } from '../products/components/tree.ts';
import { whereUsed } from '../products/components/where-used.ts';
import { asInvalid, asMissing } from './open-regions.ts';
import { ID, ID_PARAM, INSTANT, listOf, NO_REGION, objectOf, requestOf, TEXT } from './schemas.ts';
import { idOf } from './trading.routes.ts';

const TAG = 'Documents';
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;
const MAX_LISTED_REFUSALS = 20;
const MAX_COUNT = 1_000_000_000;

const NOTES = { ...listOf(TEXT), description: 'What has not arrived in the document store' } as const;
const PRODUCT = { product: ID_PARAM } as const;
const COMPONENTS = '/api/shop/products/{product}/components';

export function documentRoutes(): readonly Route[] {
  return [...finding(), ...components()];
}

function finding(): readonly Route[] {
  return [
    {
      id: 'findDocuments',
      method: 'GET',
      path: '/api/shop/documents',
      role: 'read',
      summary: 'Finds the documents of orders, as they were placed, the newest first',
      tag: TAG,
      query: {
        region: { type: 'string', description: 'Placed in this region' },
        user: { type: 'integer', minimum: 1, description: 'By this user' },
        product: { type: 'integer', minimum: 1, description: 'With this product' },
        where: {
          type: 'string',
          description:
            'A condition such as details.gift.wrap=true, or several as a JSON list: ["country!=France","totalCents>100"]',
        },
        from: { ...INSTANT, description: 'Leave out orders placed before: a date (UTC), or a time with a zone' },
        to: { ...INSTANT, description: 'Leave out orders placed after; a date counts to its end' },
        limit: {
          type: 'integer',
          minimum: 1,
          maximum: MAX_LIMIT,
          description: `Documents (default: ${DEFAULT_LIMIT})`,
        },
      },
      answers: {
        200: {
          description: 'The documents',
          schema: objectOf({ documents: listOf({ type: 'object' }), notes: NOTES }),
        },
        ...NO_REGION,
      },
      handle: find,
    },
    {
      id: 'readDocumentStore',
      method: 'GET',
      path: '/api/shop/documents/status',
      role: 'read',
      summary: 'Shows whether the document store can be reached, what it holds and what waits for it',
      tag: TAG,
      answers: { 200: { description: 'Its state', schema: { type: 'object' } } },
      async handle() {
        const { failure, waiting, refused, isThere, documents, componentLists } =
          await storeStatus(MAX_LISTED_REFUSALS);
        const counts =
          failure === undefined ? { documents, componentLists } : { documents: null, componentLists: null };
        return { body: { store: { isThere, ...counts, error: failure?.message ?? null }, waiting, refused } };
      },
    },
  ];
}

async function find({ query }: Call): Promise<Answer> {
  const { region, user, product, where, from, to, limit = DEFAULT_LIMIT } = query as Readonly<Record<string, never>>;
  const period = periodOf({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  const conditions: Condition[] = [
    ...conditionsIn(where),
    ...(product === undefined
      ? []
      : [{ kind: 'compare', path: ['lines', 'productId'], operator: '=', value: product } as const]),
  ];
  return reading(async (store) => {
    if (region !== undefined) {
      await checkRegionOfDocuments(store, region).catch((error: unknown) => {
        throw asMissing(error);
      });
    }
    return {
      documents: await store.findDocuments({ region, userId: user, ...period, conditions, limit: Number(limit) }),
    };
  });
}

function conditionsIn(where: string | undefined): Condition[] {
  const texts = where === undefined ? [] : where.trimStart().startsWith('[') ? listIn(where) : [where];
  if (texts.length > MAX_CONDITIONS) {
    throw new Problem(400, 'usage', `where has more than ${MAX_CONDITIONS} conditions.`);
  }
  return texts.map(readCondition);
}

function listIn(text: string): string[] {
  let list: unknown;
  try {
    list = parseJson(text);
  } catch {
    // the notes below mention it
  }
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string')) {
    throw new Problem(400, 'usage', 'where begins with [ and is no JSON list of texts.');
  }
  return list;
}

/**
 * Reads from the store, with notes on its backlog. The backlog is read first, so that the result includes documents that arrive meanwhile.
 */
async function reading(work: (store: DocumentStore, notes: string[]) => Promise<object>): Promise<Answer> {
  const store = await openDocumentStoreToRead();
  try {
    const notes = backlogSentences(await readBacklog());
    return { body: { ...(await work(store, notes)), notes } };
  } finally {
    await store.close();
  }
}

function components(): readonly Route[] {
  return [
    {
      id: 'setComponents',
      method: 'PUT',
      path: COMPONENTS,
      role: 'operate',
      summary: 'Replaces what a product is made of',
      tag: TAG,
      params: PRODUCT,
      body: {
        schema: requestOf({
          components: {
            ...listOf(requestOf({ productId: ID, quantity: { type: 'integer', minimum: 1, maximum: MAX_COUNT } })),
            maxItems: MAX_COMPONENTS,
          },
        }),
      },
      answers: {
        200: {
          description: 'What it is made of now, and whether the document store has it',
          schema: { type: 'object' },
        },
        404: { description: 'There is no such product' },
      },
      handle: set,
    },
    {
      id: 'readComponents',
      method: 'GET',
      path: COMPONENTS,
      role: 'read',
      summary: 'Reads all parts of a product, with quantities multiplied down to the last part',
      tag: TAG,
      params: PRODUCT,
      query: {
        quantity: { type: 'integer', minimum: 1, maximum: MAX_COUNT, description: 'How many are made (default: 1)' },
      },
      answers: {
        404: { description: 'There is no such product' },
        200: { description: 'The parts', schema: { type: 'object' } },
      },
      handle: ({ params: { product = '' }, query: { quantity = 1 } }) =>
        reading(async (store, notes) => {
          const found = await componentTree(store, idOf(product, 'product'), BigInt(Number(quantity)));
          return treeJson(
            found,
            await names(
              notes,
              found.parts.map(({ productId }) => productId),
            ),
          );
        }),
    },
    {
      id: 'readUses',
      method: 'GET',
      path: '/api/shop/products/{product}/uses',
      role: 'read',
      summary: 'Reads the products that contain a product, directly or in other parts',
      tag: TAG,
      params: PRODUCT,
      answers: {
        404: { description: 'There is no such product' },
        200: { description: 'The products', schema: objectOf({ uses: listOf({ type: 'object' }), notes: NOTES }) },
      },
      handle: ({ params: { product = '' } }) =>
        reading(async (store, notes) => {
          const found = await whereUsed(store, idOf(product, 'product'));
          return {
            uses: usesJson(
              found,
              await names(
                notes,
                found.map(({ productId }) => productId),
              ),
            ),
          };
        }),
    },
  ];
}

/** The names are optional, and their database may be unreachable. */
async function names(notes: string[], productIds: readonly number[]): Promise<Names> {
  try {
    return await namesOf(productIds);
  } catch (error) {
    notes.push(`The names of products are left out: ${messageOf(error)}`);
    return new Map();
  }
}

async function set({ params: { product = '' }, body, note }: Call): Promise<Answer> {
  const { components: given } = body as { readonly components: readonly Component[] };
  const products = await openIfThere(productsDeclaration);
  if (products === undefined) {
    throw new MeridianError('database', 'There is no products database yet. Load products first.');
  }
  try {
    const done = await setComponents(products, idOf(product, 'product'), given).catch((error: unknown) => {
      throw asInvalid(error);
    });
    note(`components of product ${product}`);
    const failure = await feedComponents(products);
    return { body: { ...done, isInStore: failure === undefined } };
  } finally {
    await products.close();
  }
}
