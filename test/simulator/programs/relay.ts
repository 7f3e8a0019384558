/** The relay of one region. */
import { openMigrated } from '../../../src/database/open-migrated.ts';
import { Relay } from '../../../src/replication/relay/relay.ts';
import type { Batch } from '../../../src/replication/transport/transport.ts';
import { regionDatabase } from '../../../src/shop/regions/databases.ts';
import { regionSnapshots } from '../../../src/shop/trading/snapshot.ts';
import { directTransport, storingTransport } from '../parts/transports.ts';
import type { Program } from '../world.ts';
import { showPublished } from './shown.ts';

export function relayProgram(region: string): Program {
  return async (world, process) => {
    const { name } = process;
    const { plan } = world;
    const { batchEvents, pollMilliseconds, leaseSeconds, reconcileSeconds, confirmSeconds, keepDays } = plan.settings;
    const declaration = regionDatabase(region);
    const database = await openMigrated(declaration, undefined, world.databaseOptions(declaration.name));
    const connection = world.connectionOf(process);
    const transport =
      plan.transport === 'direct' ? directTransport(connection) : storingTransport(connection, world.broker);
    const shown = {
      ...transport,
      publish: (batch: Batch) => {
        showPublished(world, name, batch);
        return transport.publish(batch);
      },
    };
    const relay = new Relay({
      database,
      transport: shown,
      snapshots: regionSnapshots,
      signal: new AbortController().signal,
      settings: {
        batchEvents,
        pollMilliseconds,
        leaseSeconds,
        reconcileSeconds,
        confirmSeconds,
        keepDays,
        maxBackOffMilliseconds: 4000,
      },
      listener: {
        failed: (error) => world.show(name, 'failed', error.message),
        info: (sentence) => world.show(name, 'info', sentence),
        confirmed: ({ headSeq, ackedSeq }) =>
          world.trace.note(world.kernel.time, name, `confirmed ${ackedSeq} of ${headSeq}`),
      },
    });
    await relay.run();
  };
}
