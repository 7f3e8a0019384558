/**
 * Central: takes what regions ship, answers how far it is, and feeds the document store. It is all of `meridian central run`, or the inbox and
 * the feed in it.
 */
import type { Database } from '../../../src/database/database.ts';
import { openMigrated } from '../../../src/database/open-migrated.ts';
import { runCentral } from '../../../src/replication/inbox/run-central.ts';
import { serveCentral } from '../../../src/replication/inbox/serve-central.ts';
import { central as declaration } from '../../../src/shop/catalog.ts';
import { inboxOf } from '../../../src/shop/central/inbox.ts';
import { centralProjection } from '../../../src/shop/central/projection.ts';
import { feedOn } from '../../../src/shop/documents/feed.ts';
import { serveDirectly, storingTransport } from '../parts/transports.ts';
import type { Program } from '../world.ts';
import { feedListener, feedOptions } from './feed.ts';
import { showBatch, showDeadLetters } from './shown.ts';

export const centralProgram: Program = async (world, process) => {
  const { name } = process;
  const { signal } = new AbortController();
  const connection = world.connectionOf(process);
  const databaseOptions = world.databaseOptions(declaration.name);
  const deadLettered = (batch: Parameters<typeof showDeadLetters>[2]) => showDeadLetters(world, name, batch);
  const feed = (central: Database) =>
    feedOn(central, { ...feedOptions(world), signal, listener: feedListener(world, name) });
  const { transport, wholePrograms } = world.plan;
  if (wholePrograms && transport === 'stored') {
    await runCentral({
      declaration,
      projection: centralProjection,
      signal,
      databaseOptions,
      openTransport: async () => storingTransport(connection, world.broker),
      companions: [feed],
      listener: {
        waiting: () => world.show(name, 'waiting', 'another central is running'),
        taken: (_region, _events, batch) => showBatch(world, name, batch),
        deadLettered,
      },
    });
    return;
  }
  const central = await openMigrated(declaration, undefined, databaseOptions);
  const inbox = inboxOf(central);
  if (transport === 'direct') {
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
  await feed(central);
};
