/** `meridian transport check` */
import process from 'node:process';
import type { Command } from 'commander';
import {
  FAILED,
  idCell,
  Output,
  type OutputOptions,
  printable,
  printableLines,
  renderTable,
  withOutputOptions,
} from '../../module.ts';
import { checkRemote, isRemote } from '../../replication/index.ts';
import { readEpochs } from '../regions/read-regions.ts';

type CheckedStream = Awaited<ReturnType<typeof checkRemote>>['streams'][number];

export function defineTransportCommand(transport: Command): void {
  transport.description('The transport between regions and central: NATS, where NATS_URL names a server.');
  withOutputOptions(
    transport
      .command('check')
      .summary('check streams and consumers')
      .description(
        'Shows the streams and consumers in NATS, the events in transit, and how they differ from the configuration that relays and central ' +
          'expect; exits 1 if anything differs. Changes nothing: npx meridian relay run and npx meridian central run create and repair them when they start.',
      ),
  ).action(async (options: OutputOptions) => {
    process.exitCode = await check(options);
  });
}

async function check(options: OutputOptions): Promise<number> {
  const output = new Output(options);
  if (!isRemote()) {
    output.say('Regions and central run in one process, because NATS_URL is not set. There is no transport to check.');
    output.json({ transport: 'in process' });
    return 0;
  }
  const result = await checkRemote(await currentEpochs(output));
  const { streams, server, version, isCentralThere, isAsWanted } = result;
  output.say(`NATS ${version} at ${server}; ${isCentralThere ? 'central is running' : 'no central answers'}`);
  if (streams.length > 0) {
    output.say(
      renderTable(
        ['region', 'epoch', 'events', 'bytes', 'in flight', 'stream', 'state'],
        streams.map((one) => [
          one.region,
          idCell(one.epoch),
          one.events,
          one.bytes,
          one.inFlight,
          printable(one.stream ?? '–'),
          stateOf(one),
        ]),
      ),
    );
  } else {
    output.say('There are no streams, and no region here needs one.');
  }
  output.json({ transport: 'nats', ...result });
  return isAsWanted ? 0 : FAILED;
}

/** The current epochs of the regions whose databases can be opened here. */
async function currentEpochs(output: Output): Promise<{ region: string; epoch: number }[]> {
  return (await readEpochs()).flatMap((result) => {
    if ('error' in result) {
      output.complain(printableLines(`${result.region} is left out: ${result.error.message}`));
      return [];
    }
    return result.value === undefined ? [] : [{ region: result.region, epoch: result.value }];
  });
}

function stateOf({ differences, isCurrent }: CheckedStream): string {
  if (differences.length === 0) {
    return isCurrent ? 'ok' : 'of an earlier epoch';
  }
  return differences
    .map(({ what, is, wanted }) =>
      is === 'missing' ? `no ${what}, ${wanted}` : `${what} ${valueText(what, is)}, not ${valueText(what, wanted)}`,
    )
    .join('; ');
}

/** Formats a setting; JetStream has durations in nanoseconds. */
function valueText(what: string, value: unknown): string {
  if (/_(wait|window|age)$/.test(what) && typeof value === 'number') {
    return `${value / 1e9} s`;
  }
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));
}
