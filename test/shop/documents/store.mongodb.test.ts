/** The document store on MongoDB keeps the contract, over the real protocol. */
import { afterAll, beforeAll } from '@jest/globals';
import { openMongodbStore } from '../../../src/shop/documents/mongodb/store.ts';
import { describeDocumentStore } from '../../support/document-store-contract.ts';
import { describeWithMongodb, mongodbProgram } from '../../support/mongodb/available.ts';
import { type MongodbServer, startMongodb } from '../../support/mongodb/server.ts';

describeWithMongodb('MongoDB', () => {
  let server: MongodbServer;
  beforeAll(async () => {
    server = await startMongodb();
  });
  afterAll(() => server?.remove());

  describeDocumentStore('the document store', () => openMongodbStore(`${server.url}/shop`, { readOnly: false }), {
    isAtomic: mongodbProgram()?.name === 'mongod',
  });
});
