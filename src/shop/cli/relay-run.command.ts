/** `meridian relay run` */
import process from 'node:process';
import type { Command } from 'commander';
import { MeridianError } from '../../index.ts';
import {
  type HealthOptions,
  Output,
  printableLines,
  serve,
  withHealthOptions,
  withOutputOptions,
} from '../../module.ts';
import { RelayHealth, runRelay } from '../../replication/index.ts';
import { regionDatabase } from '../regions/databases.ts';
import { regionSnapshots } from '../trading/snapshot.ts';
import { namedRegions, type RegionOptions, withRegionOption } from './region.options.ts';

type Options = RegionOptions & HealthOptions;

export function addRelayRun(relay: Command): void {
  const command = relay
    .command('run')
    .summary('publish the events of one region to NATS until stopped')
    .description(
      'Publishes the events of a region to NATS, as a process of its own, until it is stopped; SIGTERM or Ctrl-C finishes the current ' +
        'batch. Central need not be running meanwhile: npx meridian central run applies the events later. NATS_URL names the server.',
    );
  withHealthOptions(withRegionOption(command, 'which region'));
  withOutputOptions(command, 'value a line').action(async (options: Options) => {
    process.exitCode = await run(options);
  });
}

async function run(options: Options): Promise<number> {
  const output = new Output(options);
  const [region = '', ...others] = namedRegions(options);
  if (others.length > 0) {
    throw new MeridianError('usage', 'A relay serves one region. Start one process for each region.');
  }
  const health = new RelayHealth(region, regionSnapshots);
  const note = (sentence: string) => output.note(printableLines(sentence));
  return serve(options, output, {
    health: () => health.health(),
    done: 'shipped',
    stopping: 'Stopping after the current batch.',
    run: (signal, tally) =>
      runRelay({
        declaration: regionDatabase(region),
        snapshots: regionSnapshots,
        signal,
        listener: {
          ...health.listener,
          migrated: (database, migrations) => output.note(`${database}: applied ${migrations.join(', ')}`),
          opened(remote, database) {
            health.listener.opened?.(remote, database);
            note(`${region}: ships to ${remote.server}`);
          },
          shipped(events) {
            health.listener.shipped?.(events);
            tally.add(region, events);
          },
          failed(error, milliseconds) {
            health.listener.failed?.(error, milliseconds);
            output.retrying(`${region}: ${error.message}`, milliseconds);
          },
          info: note,
          prepared: (sentence) => note(`${sentence}.`),
          disconnected: (server) => output.complain(`${region}: the connection to ${server} is lost; reconnecting.`),
          permissionDenied: (sentence) => output.complain(printableLines(`${region}: ${sentence}`)),
          reconnected: (server) => note(`${region}: connected to ${server} again.`),
        },
      }),
  });
}
