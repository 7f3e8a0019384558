/** The document store, and the products database that it is fed from, where the environment says they are. */
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { allDatabases } from '../../../src/cli/project.ts';
import { Database } from '../../../src/database/database.ts';
import { migrateDown, migrateUp } from '../../../src/database/migrate.ts';
import { documents, products } from '../../../src/shop/catalog.ts';
import {
  documentStoreIfThere,
  openDocumentStore,
  openDocumentStoreToRead,
  storePlace,
} from '../../../src/shop/documents/open.ts';
import { openProducts } from '../../../src/shop/documents/products.ts';
import { ProductComponents } from '../../../src/shop/products/product-components.entity.ts';
import { documentOf } from '../../support/documents.ts';
import { forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { replaceEnvironment } from '../../support/environment.ts';
import { project } from '../../support/project.ts';
import { migrationsOf, ownMigrationsOf } from '../../support/schema.ts';

let restore = () => {};

afterEach(() => restore());

forEachEngineThoroughly((makePlace, engine) => {
  let place: Place;

  beforeEach(async () => {
    place = await makePlace();
    restore = replaceEnvironment({ ...process.env, ...place.environment('documents', 'products') });
  });

  test('is created when it is opened for writing, and not when it is opened read-only', async () => {
    expect(await documentStoreIfThere()).toBeUndefined();
    await expect(openDocumentStoreToRead()).rejects.toMatchObject({
      code: 'database',
      message: expect.stringMatching(/^There is no document store yet\. .* DOCUMENTS_DATABASE_URL\.$/),
    });
    const applied: unknown[] = [];
    const store = await openDocumentStore((database, names) => applied.push(database, names));
    expect(applied).toEqual(['documents', [...migrationsOf('documents', engine), ...ownMigrationsOf('documents')]]);
    expect(store.place).toBe(await storePlace());
    await store.putDocuments([documentOf()]);
    await store.close();
    const looked = await openDocumentStoreToRead();
    expect(await looked.count()).toEqual({ documents: 1, componentLists: 0 });
    await looked.close();
  });

  test('is not read at an older schema', async () => {
    const database = await Database.open(documents, place.options('documents'));
    await migrateUp(database);
    await migrateDown(database);
    await database.close();
    await expect(openDocumentStoreToRead()).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringMatching(/^documents: a migration is pending/),
    });
  });

  test('a refused value is distinguished from a failure of the store', async () => {
    const store = await openDocumentStore();
    await place.execute(
      'documents',
      engine === 'sqlite'
        ? "create trigger refusal before insert on order_documents when new.user_id = 1 begin select raise(abort, 'no'); end"
        : 'alter table order_documents add constraint refusal check (user_id <> 1)',
    );
    await expect(store.putDocuments([documentOf()])).rejects.toMatchObject({
      code: 'document',
      message: expect.stringMatching(/^documents: the database refused: /),
    });
    await place.execute('documents', 'drop table order_documents');
    await expect(store.findDocuments({ limit: 1 })).rejects.toThrow(/order_documents/);
    await store.close();
  });

  test('a products database without a components table brings none, and is not changed', async () => {
    expect(await openProducts()).toBeUndefined();
    const database = await Database.open(products, place.options('products'));
    await migrateUp(database);
    while (await database.hasTable(database.fork(), ProductComponents)) {
      await migrateDown(database);
    }
    const before = await place.schemaOf('products');
    expect(await openProducts()).toBeUndefined();
    expect(await place.schemaOf('products')).toEqual(before);
    await migrateUp(database);
    await database.close();
    const opened = await openProducts();
    expect(opened?.name).toBe('products');
    await opened?.close();
  });
});

test('on MongoDB, it is shown without the password, and has no tables', async () => {
  process.env['DOCUMENTS_DATABASE_URL'] = ' mongodb://ann:s3cret@127.0.0.1:1/shop?serverSelectionTimeoutMS=200 ';
  expect(await storePlace()).toBe('MongoDB database shop at 127.0.0.1:1');
  expect(allDatabases(project).map(({ name }) => name)).not.toContain('documents');
  for (const open of [openDocumentStore, openDocumentStoreToRead, documentStoreIfThere]) {
    await expect(open()).rejects.toMatchObject({
      code: 'database',
      message: expect.stringMatching(/^documents: no MongoDB server answers at 127\.0\.0\.1:1 /),
    });
  }
});
