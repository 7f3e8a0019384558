/** Loads orders into a region for each value of a column. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PopulateOptions, Spread } from '../../../src/populate/options.ts';
import type { Source } from '../../../src/populate/read/source.ts';
import { regionNameOf } from '../../../src/replication/region-name.ts';
import { orders, ordersOf } from '../../../src/shop/catalog.ts';
import { populateIn } from '../../support/databases.ts';
import type { Place } from '../../support/engines.ts';
import { sourceOf } from '../../support/sources.ts';

export const by = (column: string): Spread => ({
  database: orders.name,
  column,
  noun: 'region',
  databaseOf(value) {
    const name = regionNameOf(value);
    return name === undefined ? undefined : ordersOf(name);
  },
});

const targets = () => ({
  users: sourceOf([1, 2].map((id) => ({ id, name: `User ${id}`, email: `user${id}@example.com` }))),
  products: sourceOf([{ id: 1, name: 'Mug', price: '5' }]),
});

export const spread = (place: Place, source: Source, column: string, options: Partial<PopulateOptions> = {}) =>
  populateIn(place, { sources: { ...targets(), orders: source }, spread: by(column), ...options });

export const ordersIn = async (place: Place, database: string) =>
  ((await place.rowsOf('orders', database)) as { id: number; country: string | null }[]).map(({ id, country }) => [
    id,
    country,
  ]);

export const rejectsIn = (
  place: Place,
  database: string,
): { number: number; file?: string; line: number; record: unknown; errors: unknown }[] =>
  readFileSync(join(place.folder, 'rejects', `${database}.ndjson`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

export const HEADER = 'id,userId,productId,quantity,country\n';
