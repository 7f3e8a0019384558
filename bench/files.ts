/** Makes the files that everybody loads, once for a number of records and a seed. */
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Papa from 'papaparse';
import { centsOf } from './peers/price.ts';
import { batches } from './peers/read.ts';
import { DATABASES, data, meridian, runs } from './places.ts';
import { run, type Step } from './process.ts';

export interface Files {
  /** database -> path of its CSV file. */
  readonly csv: Readonly<Record<string, string>>;
  /** The products with prices in whole cents, for what loads text into the column as it is. */
  readonly productsInCents: string;
}

/** The program that writes users.csv, products.csv and orders.csv into a folder. */
function generator(folder: string, records: number, seed: number): Step {
  const options = ['--out', folder, '--format', 'csv', '--count', String(records), '--seed', String(seed), '--quiet'];
  return { command: process.execPath, args: [meridian, 'generate', ...options] };
}

export async function makeFiles(records: number, seed: number): Promise<Files> {
  const folder = join(data, `files-${records}-${seed}`);
  if (!existsSync(folder)) {
    // under another name until everything is there, so that what was interrupted is not taken for whole
    const unfinished = mkdtempSync(join(runs, 'files-'));
    await run(generator(unfinished, records, seed), unfinished);
    await finishProducts(unfinished);
    await finishOrders(unfinished);
    renameSync(unfinished, folder);
  }
  return {
    csv: Object.fromEntries(DATABASES.map((database) => [database, join(folder, `${database}.csv`)])),
    productsInCents: join(folder, 'cents', 'products.csv'),
  };
}

/**
 * Gives every product a sku, since `.import` stores an empty field as empty text, which can be there once only; and
 * writes the file with prices in cents.
 */
async function finishProducts(folder: string): Promise<void> {
  const made = join(folder, 'products.csv');
  const withSkus = join(folder, 'products.finished.csv');
  mkdirSync(join(folder, 'cents'));
  await rewrite(made, withSkus, 'id,sku,name,price', ([id = '', sku = '', name = '', price = '']) => [
    id,
    sku || `SKU ${id}`,
    name,
    price,
  ]);
  await rewrite(
    withSkus,
    join(folder, 'cents', 'products.csv'),
    'id,sku,name,price_cents',
    ([id = '', sku = '', name = '', price = '']) => [id, sku, name, String(centsOf(price))],
  );
  rmSync(made);
  renameSync(withSkus, made);
}

/** Leaves out the columns of orders that may be empty: not every tool takes a table without some of its columns. */
async function finishOrders(folder: string): Promise<void> {
  const made = join(folder, 'orders.csv');
  const finished = join(folder, 'orders.finished.csv');
  await rewrite(made, finished, 'id,userId,productId,quantity', (fields) => fields.slice(0, 4));
  rmSync(made);
  renameSync(finished, made);
}

async function rewrite(from: string, to: string, header: string, row: (fields: string[]) => string[]): Promise<void> {
  async function* lines() {
    yield `${header}\n`;
    for await (const rows of batches(from, 10_000)) {
      yield `${Papa.unparse(rows.map(row), { newline: '\n' })}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(to));
}
