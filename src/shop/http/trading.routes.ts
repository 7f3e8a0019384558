/** Routes of trading: checkouts, orders and stock of the regions. */
import { asError } from '../../index.ts';
import { type Call, Problem, type Route } from '../../module.ts';
import type { Details } from '../documents/model/details.ts';
import { MAX_PRODUCTS } from '../limits.ts';
import { ORDER_STATUSES, type OrderStatus } from '../orders/order.entity.ts';
import { knownRegions } from '../regions/databases.ts';
import { cancelCheckout, cancelOrder } from '../trading/cancel-order.ts';
import { listOrders, listStock } from '../trading/list.ts';
import { placeOrder } from '../trading/place-order.ts';
import type { OrderOutcome } from '../trading/placed-order.ts';
import { receiveStock } from '../trading/receive-stock.ts';
import { KEY_ANSWERS, KEY_HEADERS, Keys, replayHeaders } from './idempotency.ts';
import { asMissing, existing, type OpenRegions } from './open-regions.ts';
import {
  ID,
  ID_PARAM,
  listOf,
  NO_REGION,
  OPTIONAL_TEXT,
  objectOf,
  REGION_PARAM,
  requestOf,
  TEXT,
  WHOLE,
} from './schemas.ts';

const TAG = 'Trading';
const REGION = '/api/shop/regions/{region}';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;

const MAX_COUNT = 1_000_000_000;
const PIECES = { type: 'integer', minimum: 1, maximum: MAX_COUNT } as const;

const PLACED = objectOf({
  result: { const: 'placed' },
  key: TEXT,
  userId: WHOLE,
  status: { enum: ['confirmed', 'pending'] },
  placedAt: TEXT,
  country: OPTIONAL_TEXT,
  orders: listOf(objectOf({ id: WHOLE, productId: WHOLE, name: OPTIONAL_TEXT, quantity: WHOLE, unitPrice: TEXT })),
  total: TEXT,
  isRepeated: { type: 'boolean' },
});

const CANCELLED = objectOf({
  cancellations: listOf(
    objectOf({ orderId: WHOLE, productId: WHOLE, isCancelledNow: { type: 'boolean' }, returned: WHOLE }),
  ),
});

const STOCK = { productId: WHOLE, name: OPTIONAL_TEXT, unitPrice: TEXT, onHand: WHOLE, version: WHOLE } as const;

export function tradingRoutes(regions: OpenRegions): readonly Route[] {
  const keys = new Keys();
  return [placing(regions, keys), ...cancelling(regions), ...listing(), delivering(regions, keys)];
}

interface CheckoutBody {
  readonly userId: number;
  readonly items: readonly { readonly productId: number; readonly quantity: number }[];
  readonly country?: string;
  readonly details?: Details;
}

function placing(regions: OpenRegions, keys: Keys): Route {
  return {
    id: 'placeOrder',
    method: 'POST',
    path: `${REGION}/checkouts`,
    role: 'operate',
    summary: 'Places an order in a region: takes all items from its stock, or nothing',
    description: 'A user or product that cannot be checked now leaves the order pending.',
    tag: TAG,
    params: REGION_PARAM,
    headers: KEY_HEADERS,
    body: {
      schema: requestOf(
        {
          userId: ID,
          items: {
            ...listOf(requestOf({ productId: ID, quantity: PIECES })),
            minItems: 1,
            maxItems: MAX_PRODUCTS,
          },
          country: { type: 'string', description: 'Where it is sold' },
          details: { type: 'object', description: 'Whatever else is to be kept of it; up to 16 KiB' },
        },
        ['country', 'details'],
      ),
    },
    answers: {
      201: { description: 'It is placed, now or by an earlier request with this key', schema: PLACED },
      ...NO_REGION,
      ...KEY_ANSWERS,
    },
    async handle({ params, headers, body, note }) {
      const region = await regions.open(params['region'] ?? '');
      const outcome = await keys.use(region.name, headers, (key) =>
        placeOrder(region, { ...(body as CheckoutBody), key }),
      );
      note(`${outcome.result} checkout ${outcome.key} in ${region.name}`);
      if (outcome.result === 'refused') {
        throw refusal(outcome);
      }
      return { status: 201, headers: replayHeaders(outcome.isRepeated), body: outcome };
    },
  };
}

/** The problem of a refused order: 422 for dangling references, 409 for a stock shortage, which may be temporary. */
function refusal({ reasons, isRepeated }: Extract<OrderOutcome, { readonly result: 'refused' }>): Problem {
  const isReference = reasons.some(({ code }) => code === 'unknown-user' || code === 'unknown-product');
  const errors = reasons.map(({ code, message }) => ({
    property: code === 'unknown-user' ? 'userId' : 'items',
    code,
    message,
  }));
  const detail = `Nothing was taken: ${reasons.map(({ message }) => message).join('; ')}.`;
  return new Problem(isReference ? 422 : 409, isReference ? 'invalid' : 'conflict', detail, {
    errors,
    headers: replayHeaders(isRepeated),
  });
}

function cancelling(regions: OpenRegions): readonly Route[] {
  const common = { method: 'POST', role: 'operate', tag: TAG } as const;
  const description = 'What is cancelled already stays as it is.';
  const answers = {
    200: { description: 'What was cancelled, now or before', schema: CANCELLED },
    404: { description: 'There is no such region, order or checkout' },
  };
  return [
    {
      ...common,
      id: 'cancelCheckout',
      path: `${REGION}/checkouts/{checkout}/cancel`,
      summary: 'Cancels all orders that were placed together, and puts back what they took',
      description,
      params: { ...REGION_PARAM, checkout: { ...TEXT, description: 'The Idempotency-Key that they were placed with' } },
      answers,
      async handle({ params: { region: name = '', checkout = '' }, note }) {
        const region = await regions.open(name);
        note(`cancelled checkout ${checkout} in ${name}`);
        return { body: { cancellations: await found(cancelCheckout(region, checkout)) } };
      },
    },
    {
      ...common,
      id: 'cancelOrder',
      path: `${REGION}/orders/{order}/cancel`,
      summary: 'Cancels an order, and puts back what it took',
      description,
      params: { ...REGION_PARAM, order: ID_PARAM },
      answers,
      async handle({ params: { region: name = '', order = '' }, note }) {
        const region = await regions.open(name);
        note(`cancelled order ${order} in ${name}`);
        return { body: { cancellations: [await found(cancelOrder(region, idOf(order, 'order')))] } };
      },
    },
  ];
}

async function found<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asMissing(error);
  }
}

/** @throws Problem 404 for text that is not an id */
export function idOf(text: string, what: string): number {
  const id = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(id)) {
    throw new Problem(404, 'unknown', `There is no ${what} with this id: ids are whole numbers from 1.`);
  }
  return id;
}

function listing(): readonly Route[] {
  return [
    {
      id: 'listOrders',
      method: 'GET',
      path: `${REGION}/orders`,
      role: 'read',
      summary: 'Lists the newest orders of a region',
      tag: TAG,
      params: REGION_PARAM,
      query: {
        status: { type: 'string', enum: ORDER_STATUSES, description: 'Only those' },
        limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, description: `Orders (default: ${DEFAULT_LIMIT})` },
      },
      answers: {
        200: { description: 'The orders', schema: objectOf({ orders: listOf({ type: 'object' }) }) },
        ...NO_REGION,
      },
      async handle({ params: { region = '' }, query: { status, limit = DEFAULT_LIMIT } }) {
        const filter = { status: status as OrderStatus | undefined, limit: Number(limit) };
        return { body: { orders: await listOrders(existing(region), filter) } };
      },
    },
    {
      id: 'listStock',
      method: 'GET',
      path: '/api/shop/stock',
      role: 'read',
      summary: 'Lists the stock of one region, or of all regions',
      tag: TAG,
      query: { region: { type: 'string', description: 'Only this one' } },
      answers: {
        200: {
          description: 'The stock, and the regions whose stock cannot be read',
          schema: objectOf({
            stock: listOf(objectOf({ region: TEXT, ...STOCK })),
            unreadable: listOf(objectOf({ region: TEXT, reason: TEXT })),
          }),
        },
        ...NO_REGION,
      },
      handle: async ({ query: { region } }) => ({ body: await stockOf(region as string | undefined) }),
    },
  ];
}

/** A failure in one region does not hide the others. */
async function stockOf(region: string | undefined): Promise<object> {
  const names = region === undefined ? knownRegions() : [existing(region)];
  const stock: object[] = [];
  const unreadable: object[] = [];
  for (const name of names) {
    try {
      stock.push(...(await listStock(name)).map((one) => ({ region: name, ...one })));
    } catch (error) {
      unreadable.push({ region: name, reason: asError(error).message });
    }
  }
  return { stock, unreadable };
}

interface DeliveryBody {
  readonly productId: number;
  readonly quantity: number;
  readonly price?: string;
}

function delivering(regions: OpenRegions, keys: Keys): Route {
  return {
    id: 'receiveStock',
    method: 'POST',
    path: `${REGION}/deliveries`,
    role: 'operate',
    summary: 'Adds a delivery to the stock of a region',
    description:
      'Name and price of a product that is new there come from the products database, where it can be reached.',
    tag: TAG,
    params: REGION_PARAM,
    headers: KEY_HEADERS,
    body: {
      schema: requestOf(
        { productId: ID, quantity: PIECES, price: { type: 'string', description: 'The new unit price, such as 9.99' } },
        ['price'],
      ),
    },
    answers: {
      201: {
        description: 'What is on hand now, or was after an earlier request with this key',
        schema: objectOf({ ...STOCK, key: TEXT, received: WHOLE, isRepeated: { type: 'boolean' } }),
      },
      ...NO_REGION,
      ...KEY_ANSWERS,
    },
    async handle({ params, headers, body, note }: Call) {
      const region = await regions.open(params['region'] ?? '');
      const received = await keys.use(region.name, headers, (key) =>
        receiveStock(region, { ...(body as DeliveryBody), key }),
      );
      note(`received product ${received.productId} in ${region.name}`);
      return { status: 201, headers: replayHeaders(received.isRepeated), body: received };
    },
  };
}
