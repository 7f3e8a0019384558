/** The document store in tables keeps the contract, on every engine. */
import { documents } from '../../src/databases/catalog.ts';
import { openMigrated } from '../../src/databases/open-migrated.ts';
import { sqlDocumentStore } from '../../src/documents/sql/store.ts';
import { describeDocumentStore } from '../support/document-store-contract.ts';
import { forEachEngine } from '../support/engines.ts';

forEachEngine((makePlace) => {
  describeDocumentStore('the document store', async () => {
    const place = await makePlace();
    return sqlDocumentStore(await openMigrated(documents, undefined, place.options('documents')));
  });
});
