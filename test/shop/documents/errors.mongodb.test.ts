/** What is said when MongoDB cannot be used: one sentence, and no password. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MeridianError } from '../../../src/shared/errors.ts';
import { explainMongodbError } from '../../../src/shop/documents/mongodb/errors.ts';
import {
  ensureMongodbIndexes,
  openMongodbStore,
  pendingMongodbIndexes,
} from '../../../src/shop/documents/mongodb/store.ts';
import { displayMongodb } from '../../../src/shop/documents/mongodb/url.ts';
import { describeWithMongodb } from '../../support/mongodb/available.ts';
import { type MongodbServer, startMongodb } from '../../support/mongodb/server.ts';

const open = (url: string) => openMongodbStore(url, { readOnly: false });

test.each([
  [
    'mongodb://ann:s3cret@127.0.0.1:1/shop?serverSelectionTimeoutMS=300',
    'database',
    /^documents: no MongoDB server answers at 127\.0\.0\.1:1 \(.*Start it, or correct host and port in DOCUMENTS_DATABASE_URL/,
  ],
  [
    'mongodb://ann:s3cret@nowhere.invalid/shop?serverSelectionTimeoutMS=300',
    'database',
    /^documents: no MongoDB server answers at nowhere\.invalid \(/,
  ],
  ['mongodb://ann:s3/cret@127.0.0.1/shop', 'usage', /^DOCUMENTS_DATABASE_URL cannot be understood\./],
  [
    'mongodb://ann:s3cret@127.0.0.1/shop?colour=red',
    'usage',
    /cannot be used\. Check the option colour: it does not exist/,
  ],
  ['mongodb://', 'usage', /^DOCUMENTS_DATABASE_URL cannot be understood\./],
  ['mongodb://ann:s3cret/x@127.0.0.1:1/shop', 'usage', /^DOCUMENTS_DATABASE_URL cannot be understood\./],
  ['mongodb://ann:s3cret@x@127.0.0.1:1/shop', 'usage', /^DOCUMENTS_DATABASE_URL cannot be understood\./],
  ['mongodb://ann:s3cret?x@127.0.0.1:1/shop', 'usage', /^DOCUMENTS_DATABASE_URL cannot be understood\./],
  ['mongodb://ann:s3cret#x@127.0.0.1:1/shop', 'usage', /URL/],
  ['mongodb://127.0.0.1:1/a%zz', 'usage', /^DOCUMENTS_DATABASE_URL cannot be understood\./],
])('%p', async (url, code, message) => {
  const failure = await open(url).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
  expect((failure as Error).message).not.toMatch(/s3\/?cret/);
});

test.each([
  ['mongodb://ann:s3cret@db.example.com:27018/shop?tls=true', 'MongoDB database shop at db.example.com:27018'],
  ['mongodb://a,b,c:1/?replicaSet=r', 'MongoDB database meridian at a,b,c:1'],
  ['mongodb+srv://db.example.com', 'MongoDB database meridian at db.example.com'],
])('%p is shown as %p', (url, shown) => {
  expect(displayMongodb(url)).toBe(shown);
});

const failure = (name: string, code: unknown, message = 'so it is') =>
  Object.assign(new Error(message), { name, code });

test.each<[unknown, string, RegExp]>([
  [failure('MongoServerError', 18), 'database', /refuses the user or the password/],
  [
    failure('MongoServerError', 13),
    'database',
    /the user lacks a permission in MongoDB database shop at h \(so it is\)/,
  ],
  [failure('MongoServerError', 2), 'document', /^documents: MongoDB database shop at h refused: so it is\.$/],
  [
    failure('MongoServerError', 59),
    'database',
    /failed \(so it is\)\. Fix that and run the same command again: it continues from there\./,
  ],
  [failure('BSONError', undefined), 'document', /refused/],
  [failure('BSONVersionError', undefined), 'database', /failed \(so it is\)/],
  [failure('MongoRuntimeError', undefined), 'database', /failed \(so it is\)/],
  [failure('MongoNetworkError', undefined), 'database', /the connection to MongoDB database shop at h was lost/],
  [failure('Error', 'ECONNRESET'), 'database', /the connection to MongoDB database shop at h was lost/],
])('%p', (error, code, message) => {
  expect(explainMongodbError('mongodb://h/shop', error)).toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});

test('an error that is not of MongoDB is returned unchanged', () => {
  const [own, other] = [new MeridianError('usage', 'No.'), new TypeError('x is not a function')];
  expect(explainMongodbError('mongodb://h', own)).toBe(own);
  expect(explainMongodbError('mongodb://h', other)).toBe(other);
});

describeWithMongodb('MongoDB', () => {
  let server: MongodbServer;
  beforeAll(async () => {
    server = await startMongodb();
  });
  afterAll(() => server?.remove());

  test('a server that refuses the password', async () => {
    const failed = await open(`${server.url.replace('//', '//ann:s3cret@')}/shop`).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 'database',
      message: expect.stringContaining('refuses the user or the password'),
    });
  });

  test('indexes are made once', async () => {
    const url = `${server.url}/indexed`;
    const all = [
      'order_documents.user',
      'order_documents.placed_at',
      'order_documents.region_epoch',
      'component_lists.component',
    ];
    expect(await pendingMongodbIndexes(url)).toEqual(all);
    expect(await ensureMongodbIndexes(url)).toEqual(all);
    expect(await ensureMongodbIndexes(url)).toEqual([]);
    expect(await pendingMongodbIndexes(url)).toEqual([]);
    await (await open(url)).close();
    expect(await pendingMongodbIndexes(url)).toEqual([]);
  });

  test('a read-only store creates none', async () => {
    const url = `${server.url}/looked-at`;
    const store = await openMongodbStore(url, { readOnly: true });
    expect(await store.count()).toEqual({ documents: 0, componentLists: 0 });
    await store.close();
    expect(await pendingMongodbIndexes(url)).toHaveLength(4);
  });
});
