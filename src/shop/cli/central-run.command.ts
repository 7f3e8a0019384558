/** `meridian central run` */
import process from 'node:process';
import type { Command } from 'commander';
import {
  type HealthOptions,
  Output,
  type OutputOptions,
  printableLines,
  serve,
  withHealthOptions,
  withOutputOptions,
} from '../../module.ts';
import { CentralHealth, runCentral } from '../../replication/index.ts';
import { central as declaration } from '../catalog.ts';
import { centralProjection } from '../central/projection.ts';
import { feedOn } from '../documents/feed.ts';
import { feedListener } from './documents.wording.ts';
import { reportNewDeadLetters } from './sync.command.ts';

type Options = OutputOptions & HealthOptions;

export function addCentralRun(central: Command): void {
  const command = central
    .command('run')
    .summary('apply the events of all regions from NATS until stopped')
    .description(
      'Applies the published events of all regions from NATS to the central database, which is created if it does not exist, until it is ' +
        'stopped; SIGTERM or Ctrl-C finishes the current batches. New regions are found. While another central is running, ' +
        'it waits to take over. NATS_URL names the server.',
    );
  withHealthOptions(command);
  withOutputOptions(command, 'value a line').action(async (options: Options) => {
    process.exitCode = await run(options);
  });
}

function run(options: Options): Promise<number> {
  const output = new Output(options);
  const health = new CentralHealth();
  const note = (sentence: string) => output.note(printableLines(sentence));
  return serve(options, output, {
    health: () => health.health(),
    done: 'taken',
    stopping: 'Stopping after the current batches.',
    run: (signal, tally) =>
      runCentral({
        declaration,
        projection: centralProjection,
        signal,
        // the same process feeds the document store
        companions: [(opened, ended) => feedOn(opened, { signal: ended, listener: feedListener(output) })],
        listener: {
          ...health.listener,
          migrated: (database, migrations) => output.note(`${database}: applied ${migrations.join(', ')}`),
          waiting() {
            health.listener.waiting?.();
            note('Another central is running. This one takes over when the other ends.');
          },
          started() {
            health.listener.started?.();
            note('central: receives events');
          },
          taken(region, events, batch) {
            health.listener.taken?.(region, events, batch);
            tally.add(region, events);
          },
          deadLettered: (batch, failures) => reportNewDeadLetters(output, batch, failures),
          failed(region, error, milliseconds) {
            health.listener.failed?.(region, error, milliseconds);
            output.retrying(`${region}: ${error.message}`, milliseconds);
          },
          discarded: (subject) => note(`A message of ${subject} was not an event and has been discarded.`),
          disconnected: (server) => output.complain(`The connection to ${server} is lost; reconnecting.`),
          permissionDenied: (sentence) => output.complain(printableLines(sentence)),
          unexpectedStream: (sentence) => output.complain(printableLines(sentence)),
          reconnected: (server) => note(`Connected to ${server} again.`),
        },
      }),
  });
}
