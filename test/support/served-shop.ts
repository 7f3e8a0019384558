/** The shop behind a server, over files of a test's own, with some users and products. */
import { openIfThere } from '../../src/databases.ts';
import { catalog, central, documents } from '../../src/shop/catalog.ts';
import { shop } from '../../src/shop/cli/shop.module.ts';
import { declarationOf, regionDatabase } from '../../src/shop/regions/databases.ts';
import { sqlitePlace } from './engines.ts';
import { makeFolder } from './folder.ts';
import { pointAt } from './point-at.ts';
import { type Answered, type Served, serve } from './served.ts';

export const REGIONS = '/api/shop/regions';

export interface ServedShop extends Served {
  post(path: string, body: object, key?: string): Promise<Answered>;
  receive(region: string, productId: number, quantity: number): Promise<Answered>;
  /** Behind the server's back, in a database such as `orders.boston`. */
  execute(database: string, statement: string): Promise<void>;
  /** The same, whatever refers to the user. */
  removeUser(id: number): Promise<void>;
  checkout(region: string, quantity: number, key: string, userId?: number): Promise<Answered>;
}

const USERS = 'id,name,email\n1,Alice,alice@example.com\n2,Bob,bob@example.com\n';
const PRODUCTS = 'id,name,price\n1,Pen,1.50\n2,Mug,9.99\n3,Set,12.00\n';

async function execute(name: string, statement: string): Promise<void> {
  const declaration = declarationOf(name);
  const database = declaration && (await openIfThere(declaration));
  await database?.fork().execute(statement);
  await database?.close();
}

export async function serveShop(): Promise<ServedShop> {
  const folder = makeFolder();
  const regions = ['boston', 'denver', 'seattle'].map(regionDatabase);
  for (const { name } of [...catalog, ...regions, central, documents]) {
    pointAt(name, `sqlite:${folder}/${name}.db`);
  }
  const served = await serve(sqlitePlace(folder), [...catalog, ...regions], { modules: [shop] });
  for (const [table, body] of [
    ['users', USERS],
    ['products', PRODUCTS],
  ]) {
    const headers = { 'content-type': 'text/csv' };
    const { run } = (await served.ask('PUT', `/api/loads?table=${table}`, { headers, body })).body;
    await served.ask('GET', `/api/loads/${run}/events`);
  }
  const post: ServedShop['post'] = (path, body, key) =>
    served.ask('POST', path, { body, ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }) });
  return {
    ...served,
    post,
    execute,
    removeUser: (id) => execute('users', `delete from users where id = ${id}`),
    receive: (region, productId, quantity) =>
      post(`${REGIONS}/${region}/deliveries`, { productId, quantity }, `delivery-${region}-${productId}`),
    checkout: (region, quantity, key, userId = 1) =>
      post(`${REGIONS}/${region}/checkouts`, { userId, items: [{ productId: 1, quantity }] }, key),
  };
}
