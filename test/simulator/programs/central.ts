/** Central: takes what regions ship, answers how far it is, and feeds the document store. */
import { Database } from '../../../src/database/database.ts';
import { openMigrated } from '../../../src/database/open-migrated.ts';
import { serveCentral } from '../../../src/replication/inbox/serve-central.ts';
import { central as declaration, documents, products } from '../../../src/shop/catalog.ts';
import { inboxOf } from '../../../src/shop/central/inbox.ts';
import { feedOn } from '../../../src/shop/documents/feed.ts';
import { sqlDocumentStore } from '../../../src/shop/documents/sql/store.ts';
import { serveDirectly, storingTransport } from '../parts/transports.ts';
import type { Program } from '../world.ts';
import { showBatch, showDeadLetters } from './shown.ts';

const FEED_SETTINGS = { pollMilliseconds: 250, maxBackOffMilliseconds: 4000 };

export const centralProgram: Program = async (world, process) => {
  const { name } = process;
  const central = await openMigrated(declaration, undefined, world.databaseOptions(declaration.name));
  const inbox = inboxOf(central);
  const connection = world.connectionOf(process);
  const deadLettered = (batch: Parameters<typeof showDeadLetters>[2]) => showDeadLetters(world, name, batch);
  if (world.plan.transport === 'direct') {
    serveDirectly(
      connection,
      async (batch) => {
        await inbox.receive(batch, deadLettered);
        showBatch(world, name, batch);
      },
      (region) => inbox.position(region),
    );
  } else {
    await serveCentral(storingTransport(connection, world.broker), inbox, {
      taken: (batch) => showBatch(world, name, batch),
      deadLettered,
    });
  }
  await feedOn(central, {
    signal: new AbortController().signal,
    settings: FEED_SETTINGS,
    openStore: async () =>
      sqlDocumentStore(await openMigrated(documents, undefined, world.databaseOptions(documents.name))),
    openProducts: async () =>
      world.plan.lists && Database.open(products, { ...world.databaseOptions(products.name), keepsThreadFree: true }),
    listener: {
      fed: (fed) => world.show(name, 'fed', `${fed.documents} documents brought to the store`),
      failed: (error) => world.show(name, 'failed', error.message),
    },
  });
};
