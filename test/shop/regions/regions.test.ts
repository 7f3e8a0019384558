/** Which regions there are, and what they can be called. */
import { mkdirSync } from 'node:fs';
import process from 'node:process';
import { afterEach, describe, expect, test } from '@jest/globals';
import { allDatabases, populatedDatabases } from '../../../src/cli/project.ts';
import { isRegionName } from '../../../src/replication/region-name.ts';
import { catalog, central, documents, orders, ordersOf, users } from '../../../src/shop/catalog.ts';
import { Order } from '../../../src/shop/orders/order.entity.ts';
import {
  declarationOf,
  knownRegion,
  knownRegions,
  newRegionDatabase,
  refuseRegionsOff,
  regionDatabase,
  regionDatabases,
  regionInEnvironment,
} from '../../../src/shop/regions/databases.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { project } from '../../support/project.ts';

const home = process.cwd();

afterEach(() => process.chdir(home));

/** Works in a folder in which these files are. */
function inFolder(...files: string[]): void {
  const folder = makeFolder();
  mkdirSync(`${folder}/databases`);
  for (const file of files) {
    writeIn(folder, file, '');
  }
  process.chdir(folder);
}

test.each(['', '-a', 'a-', 'a--b', 'A', 'a b', 'a.b', 'a_b', 'é', 'x'.repeat(41), 'a\n'])('%p is no name', (name) => {
  expect(isRegionName(name)).toBe(false);
  expect(() => regionDatabase(name)).toThrow(/^There is no region "/);
  expect(() => newRegionDatabase(name)).toThrow(/^A region cannot be called "/);
});

describe('known regions', () => {
  test('are three where nothing is said', () => {
    inFolder();
    expect(knownRegions({})).toEqual(['boston', 'seattle', 'denver']);
  });

  test.each(['', '  '])('REGIONS=%p switches them off, whatever databases there are', (REGIONS) => {
    inFolder('databases/orders.oslo.db');
    const environment = { REGIONS, ORDERS_DATABASE_URL_NEW_YORK: 'sqlite:elsewhere.db' };
    expect(knownRegions(environment)).toEqual([]);
    expect(() => refuseRegionsOff(environment)).toThrow(
      'REGIONS is empty, which switches regions off. Name them there, or unset it for boston,seattle,denver.',
    );
    expect(() => knownRegion('oslo', [])).toThrow(/^There is no region "oslo"\. REGIONS is empty, which switches/);
  });

  test('are those that are configured, then those that have a URL or a file, each once', () => {
    inFolder(
      'databases/orders.oslo.db',
      'databases/orders.bergen.db',
      'databases/orders.db',
      'databases/users.oslo.db',
    );
    const environment = {
      REGIONS: 'tromso, bergen',
      ORDERS_DATABASE_URL: 'sqlite:orders.db',
      ORDERS_DATABASE_URL_NEW_YORK: 'sqlite:elsewhere.db',
      ORDERS_DATABASE_URL_EMPTY: '',
    };
    expect(knownRegions(environment)).toEqual(['tromso', 'bergen', 'new-york', 'oslo']);
  });

  test('leave out files and variables that no region can be named after', () => {
    inFolder(
      'databases/orders.-a.db',
      'databases/orders.A.db',
      'databases/orders.a.db-wal',
      'databases/orders.a.db.lock',
    );
    expect(knownRegions({ REGIONS: 'b', ORDERS_DATABASE_URL_A__B: 'sqlite:a.db' })).toEqual(['b']);
  });

  test.each(['boston,', 'Boston', 'boston;denver'])('REGIONS=%s is refused', (REGIONS) => {
    inFolder();
    expect(() => knownRegions({ REGIONS })).toThrow(/^REGIONS names ".*"\. The name of a region has up to 40 /);
  });
});

test('the one that REGION names', () => {
  expect(regionInEnvironment({})).toBeUndefined();
  expect(regionInEnvironment({ REGION: ' ' })).toBeUndefined();
  expect(regionInEnvironment({ REGION: ' boston ' })).toBe('boston');
  expect(() => regionInEnvironment({ REGION: 'Boston' })).toThrow(/^REGION names "Boston"\./);
});

test('their databases', () => {
  inFolder('databases/orders.oslo.db');
  expect(regionDatabases(['oslo', 'boston', 'oslo']).map(({ name }) => name)).toEqual(['orders.oslo', 'orders.boston']);
  const all = ['users', 'products', 'orders', 'orders.boston', 'orders.denver', 'orders.oslo', 'orders.seattle'];
  expect(populatedDatabases(project).map(({ name }) => name)).toEqual(all);
  expect(allDatabases(project).map(({ name }) => name)).toEqual([...all, 'central', 'documents']);
});

test('declarations by their names', () => {
  for (const declaration of [...catalog, central, documents, ordersOf('oslo')]) {
    expect(declarationOf(declaration.name)).toBe(declaration);
  }
  expect(declarationOf('orders.boston')).toMatchObject({
    entities: [{ entity: Order, references: { userId: { database: users.name, entity: 'user' } } }],
  });
  expect(declarationOf('orders.boston')?.entities[0]?.outboxMapping).toBeDefined();
  expect(orders.entities[0]?.outboxMapping).toBeUndefined();
  for (const name of ['people', 'orders.', 'orders.A', 'users.boston', 'orders.boston.oslo']) {
    expect(declarationOf(name)).toBeUndefined();
  }
});
