/** The document store in tables keeps the contract, on every engine. */
import { openMigrated } from '../../../src/database/open-migrated.ts';
import { documents } from '../../../src/shop/catalog.ts';
import { sqlDocumentStore } from '../../../src/shop/documents/sql/store.ts';
import { describeDocumentStore } from '../../support/document-store-contract.ts';
import { forEachEngine } from '../../support/engines.ts';

forEachEngine((makePlace) => {
  describeDocumentStore('the document store', async () => {
    const place = await makePlace();
    return sqlDocumentStore(await openMigrated(documents, undefined, place.options('documents')));
  });
});
