import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { makeFiles } from '../files.ts';
import { centsOf } from '../peers/price.ts';
import { batches } from '../peers/read.ts';
import { DATABASES, runs } from '../places.ts';

mkdirSync(runs, { recursive: true });

async function rows(file: string | undefined): Promise<string[][]> {
  const all: string[][] = [];
  for await (const batch of batches(file as string, 7)) {
    all.push(...batch);
  }
  return all;
}

test('files are made once, with as many records as asked for and orders that refer to them', async () => {
  const { csv, productsInCents } = await makeFiles(100, 7);
  const made = statSync(csv['orders'] as string).mtimeMs;
  await makeFiles(100, 7);
  assert.equal(statSync(csv['orders'] as string).mtimeMs, made);

  for (const database of DATABASES) {
    assert.deepEqual(
      (await rows(csv[database])).map(([id]) => Number(id)),
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  }
  for (const [, userId, productId] of await rows(csv['orders'])) {
    assert.ok(Number(userId) >= 1 && Number(userId) <= 100);
    assert.ok(Number(productId) >= 1 && Number(productId) <= 100);
  }
  const products = await rows(csv['products']);
  assert.ok(products.every(([, sku]) => sku));
  assert.deepEqual(
    await rows(productsInCents),
    products.map(([id, sku, name, price = '']) => [id, sku, name, String(centsOf(price))]),
  );
});

test('the rows of a file come whole and in order, whatever the size of a batch and of what is read at a time', async () => {
  const { csv } = await makeFiles(100, 7);
  const lines = readFileSync(csv['users'] as string, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  const cases = [1, 3, 100, 1000].flatMap((size) => [5, 64, 1 << 20].map((readBytes) => [size, readBytes] as const));
  for (const [size, readBytes] of cases) {
    const sizes: number[] = [];
    const found: string[] = [];
    for await (const batch of batches(csv['users'] as string, size, readBytes)) {
      sizes.push(batch.length);
      found.push(...batch.map((fields) => fields.join(',')));
    }
    assert.deepEqual(found, lines);
    assert.ok(sizes.slice(0, -1).every((length) => length === size));
  }
});
