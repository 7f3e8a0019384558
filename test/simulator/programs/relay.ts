/** The relay of one region: all of `meridian relay run`, or the relay in it. */
import { openMigrated } from '../../../src/database/open-migrated.ts';
import { Relay } from '../../../src/replication/relay/relay.ts';
import { type RelayRunOptions, runRelay } from '../../../src/replication/relay/run-relay.ts';
import { regionDatabase } from '../../../src/shop/regions/databases.ts';
import { regionSnapshots } from '../../../src/shop/trading/snapshot.ts';
import { directTransport, storingTransport } from '../parts/transports.ts';
import type { Program } from '../world.ts';
import { relaySettings } from './relay-settings.ts';
import { showPublished } from './shown.ts';

export function relayProgram(region: string): Program {
  return async (world, process) => {
    const { name } = process;
    const { plan } = world;
    const declaration = regionDatabase(region);
    const databaseOptions = world.databaseOptions(declaration.name);
    const connection = {
      ...world.connectionOf(process),
      publishing: (batch: Parameters<typeof showPublished>[2]) => showPublished(world, process, batch),
    };
    const options = {
      snapshots: regionSnapshots,
      signal: new AbortController().signal,
      settings: relaySettings(plan),
      listener: {
        failed: (error) => world.show(name, 'failed', error.message),
        info: (sentence) => world.show(name, 'info', sentence),
        confirmed: ({ headSeq, ackedSeq }) =>
          world.trace.note(world.kernel.time, name, `confirmed ${ackedSeq} of ${headSeq}`),
      },
    } satisfies Omit<RelayRunOptions, 'declaration'>;
    const isDirect = plan.transport === 'direct';
    if (plan.wholePrograms && !isDirect) {
      const openTransport = async () => storingTransport(connection, world.broker);
      await runRelay({ ...options, declaration, databaseOptions, openTransport });
      return;
    }
    const database = await openMigrated(declaration, undefined, databaseOptions);
    const transport = isDirect ? directTransport(connection) : storingTransport(connection, world.broker);
    await new Relay({ ...options, database, transport }).run();
  };
}
