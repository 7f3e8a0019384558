/** `rejects retry` reads records as their run has read them: its settings of values, its columns, white space, numbers of JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { writeIn } from '../../../support/folder.ts';
import { type Workspace, workspace } from '../../../support/workspace.ts';

let place: Workspace;
beforeEach(() => {
  place = workspace();
});

async function json(...args: string[]) {
  const { code, stdout } = await place.run([...args, '--json']);
  expect([args, code]).toEqual([args, 0]);
  return JSON.parse(stdout);
}

const HEAD = 'id;sku;name;price\n';
const taken = (id: number) => `id,sku,name,price\n${id},T,Taken,1.00\n`;
/** Makes room for a record that was rejected because its id was taken. */
const remove = (id: number) => place.place.execute('products', `delete from products where id = ${id}`);
const products = () =>
  place.place.execute('products', 'select id, name, price_cents as price from products order by id');

describe('the settings of values of the run', () => {
  test('a decimal comma, grouped digits, a currency and texts for nothing', async () => {
    writeIn(place.cwd, 'taken.csv', taken(1));
    writeIn(place.cwd, 'products.csv', `${HEAD}1;S1;One;"1.234,50 €"\n2;S2;-;"2,50 €"\n`);
    await json('populate', '--products', 'taken.csv');
    const settings = ['--delimiter', ';', '--decimal', ',', '--thousands', '.', '--currency', '€', '--null', '-'];
    expect(await json('populate', '--products', 'products.csv', ...settings)).toMatchObject({
      products: { rejected: 2 },
    });
    await remove(1);
    expect(await json('rejects', 'retry')).toMatchObject({
      products: { inserted: 1, rejected: 1, reasons: [{ property: 'name' }] },
    });
    expect(await products()).toEqual([{ id: 1, name: 'One', price: 123450 }]);
    // those that are rejected again have them once more
    expect(await json('rejects', 'retry')).toMatchObject({
      products: { rejected: 1, reasons: [{ property: 'name' }] },
    });
  });

  test('rejects that were corrected in a spreadsheet are loaded with the same options', async () => {
    writeIn(place.cwd, 'products.csv', `${HEAD}1;S1;;"1,50"\n2;S2;;"2,50"\n`);
    await json('populate', '--products', 'products.csv', '--decimal', ',');
    await json('rejects', 'export', '--out', 'fix.csv');
    const text = readFileSync(join(place.cwd, 'fix.csv'), 'utf8');
    writeIn(place.cwd, 'fix.csv', text.replace('S1,,', 'S1,One,'));
    expect(await json('populate', '--products', 'fix.csv', '--decimal', ',')).toMatchObject({
      products: { inserted: 1, rejected: 1 },
    });
    expect(await products()).toEqual([{ id: 1, name: 'One', price: 150 }]);
  });

  test('dates of orders, over several files, whose names the rejects keep', async () => {
    writeIn(place.cwd, 'users.csv', 'id,name,email\n1,Ann,ann@example.com\n');
    writeIn(place.cwd, 'products.csv', 'id,sku,name,price\n1,S1,One,1.00\n');
    const head = 'id,userId,productId,quantity,placedAt\n';
    writeIn(place.cwd, 'orders-1.csv', `${head}1,1,1,1,13.01.2026 10:00\n2,7,1,1,14.01.2026 11:00\n`);
    writeIn(place.cwd, 'orders-2.csv', `${head}3,7,1,1,15.01.2026 12:00\n4,1,1,0,16.01.2026 13:00\n`);
    const settings = ['--date-format', 'dd.MM.yyyy HH:mm', '--timezone', 'Europe/Berlin'];
    await json('populate', '--users', 'users.csv', '--products', 'products.csv');
    expect(await json('populate', '--orders', 'orders-*.csv', ...settings)).toMatchObject({
      orders: { inserted: 1, rejected: 3 },
    });
    writeIn(place.cwd, 'more.csv', 'id,name,email\n7,Gus,gus@example.com\n');
    await json('populate', '--users', 'more.csv');
    expect(await json('rejects', 'retry')).toMatchObject({ orders: { inserted: 2, rejected: 1 } });
    const rows = await place.place.execute('orders', 'select placed_at from orders where id in (2, 3) order by id');
    expect(rows.map((row) => new Date(row['placed_at'] as number | string).toISOString())).toEqual([
      '2026-01-14T10:00:00.000Z',
      '2026-01-15T11:00:00.000Z',
    ]);
    expect((await json('rejects', 'show')).tables.orders.reasons).toMatchObject([
      { property: 'quantity', examples: [{ number: 4, file: 'orders-2.csv', line: 3, value: '0' }] },
    ]);
  });
});

test('numbers of JSON are those of JSON, whatever the settings say of texts', async () => {
  writeIn(place.cwd, 'taken.csv', taken(1));
  writeIn(
    place.cwd,
    'products.ndjson',
    '{"id":1,"sku":"S1","name":"One","price":10.50}\n{"id":2,"sku":"S2","name":"","price":"2,50"}\n',
  );
  await json('populate', '--products', 'taken.csv');
  expect(await json('populate', '--products', 'products.ndjson', '--decimal', ',')).toMatchObject({
    products: { rejected: 2, reasons: expect.not.arrayContaining([expect.objectContaining({ property: 'price' })]) },
  });
  await remove(1);
  expect(await json('rejects', 'retry', '--dry-run')).toMatchObject({ products: { inserted: 1 } });
  // the rejects file says it too
  expect(await json('populate', '--products', 'rejects/products.ndjson', '--decimal', ',', '--dry-run')).toMatchObject({
    products: { inserted: 1, rejected: 1 },
  });
  await json('rejects', 'retry');
  expect(await products()).toEqual([{ id: 1, name: 'One', price: 1050 }]);
});

test.each([['a.csv'], ['a.csv', 'b.csv']])('white space that belongs to a text still does: %j %j', async (...files) => {
  writeIn(place.cwd, 'taken.csv', taken(1));
  writeIn(place.cwd, 'a.csv', 'id,sku,name,price\n1,S1, One ,1.00\n');
  writeIn(place.cwd, 'b.csv', 'id,sku,name,price\n2,S2, Two ,2.00\n');
  await json('populate', '--products', 'taken.csv');
  await json('populate', ...files.flatMap((file) => ['--products', file]), '--trim', 'none');
  await remove(1);
  expect(await json('rejects', 'retry')).toMatchObject({ products: { inserted: 1 } });
  expect(await products()).toMatchObject([{ name: ' One ' }, ...(files.length > 1 ? [{ name: ' Two ' }] : [])]);
});

test('what a run has written that was not continued is read with its columns, and not with its settings', async () => {
  writeIn(place.cwd, 'orders.csv', 'id,CustomerID,productId,quantity,unitPrice\n1,1,1,1,"1.234,50"\n2,1,1,0,"2,50"\n');
  const map = ['--map', 'orders.userId=CustomerID'];
  const numbers = ['--decimal', ',', '--thousands', '.'];
  // no user is there, and one record is rejected: the run stays open
  await place.run(['populate', '--orders', 'orders.csv', ...map, ...numbers, '--max-rejects', '0']);
  writeIn(place.cwd, 'none.csv', 'id,userId,productId,quantity\n');
  await place.run(['populate', '--orders', 'none.csv']);
  writeIn(place.cwd, 'users.csv', 'id,name,email\n1,Ann,ann@example.com\n');
  writeIn(place.cwd, 'products.csv', 'id,sku,name,price\n1,S1,One,1.00\n');
  await json('populate', '--users', 'users.csv', '--products', 'products.csv');
  expect(await json('rejects', 'retry')).toMatchObject({
    orders: { inserted: 1, rejected: 1, reasons: [{ property: 'quantity' }] },
  });
});
