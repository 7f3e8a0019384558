/** All of `meridian sync --watch`: it ships all regions in one process, to a central in there or, behind a message server, to one that answers. */
import { syncOn } from '../../../src/shop/sync/sync.ts';
import { storingTransport } from '../parts/transports.ts';
import type { Program } from '../world.ts';
import { feedListener, feedOptions } from './feed.ts';
import { relaySettings } from './relay-settings.ts';
import { showDeadLetters } from './shown.ts';

export const syncProgram: Program = async (world, process) => {
  const { name } = process;
  const { plan } = world;
  await syncOn({
    regions: () => plan.regions,
    signal: new AbortController().signal,
    settings: relaySettings(plan),
    databaseOptions: (database) => world.databaseOptions(database),
    ...(plan.transport === 'direct'
      ? {}
      : { openTransport: async () => storingTransport(world.connectionOf(process), world.broker) }),
    feed: feedOptions(world),
    listener: {
      watched: (region) => world.show(name, 'watched', region),
      shipped: (region, events) => world.show(name, 'shipped', `${events} events of ${region}`),
      failed: (region, error) => world.show(name, 'failed', `${region}: ${error.message}`),
      info: (sentence) => world.show(name, 'info', sentence),
      deadLettered: (batch) => showDeadLetters(world, name, batch),
      documents: feedListener(world, name),
    },
  });
};
