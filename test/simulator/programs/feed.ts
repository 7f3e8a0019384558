/** The document store and the products database, as the feed of a simulated central opens them. */
import { Database } from '../../../src/database/database.ts';
import { openMigrated } from '../../../src/database/open-migrated.ts';
import { documents, products } from '../../../src/shop/catalog.ts';
import type { FeedOptions } from '../../../src/shop/documents/feed.ts';
import { sqlDocumentStore } from '../../../src/shop/documents/sql/store.ts';
import type { World } from '../world.ts';

export function feedOptions(world: World): Pick<FeedOptions, 'settings' | 'openStore' | 'openProducts'> {
  const optionsOf = ({ name }: { readonly name: string }) => world.databaseOptions(name);
  return {
    settings: { pollMilliseconds: 250, maxBackOffMilliseconds: 4000 },
    openStore: async () => sqlDocumentStore(await openMigrated(documents, undefined, optionsOf(documents))),
    openProducts: async () =>
      world.plan.lists && Database.open(products, { ...optionsOf(products), keepsThreadFree: true }),
  };
}

export function feedListener(world: World, process: string): NonNullable<FeedOptions['listener']> {
  return {
    fed: (fed) => world.show(process, 'fed', `${fed.documents} documents brought to the store`),
    failed: (error) => world.show(process, 'failed', error.message),
  };
}
