/** `meridian transport check` */
import process from 'node:process';
import type { Command } from 'commander';
import { withOutputOptions } from '../../cli/options/common-options.ts';
import { FAILED } from '../../cli/output/exit-code.ts';
import { printable, printableLines } from '../../cli/output/printable.ts';
import { idCell, renderTable } from '../../cli/output/table.ts';
import { Output, type OutputOptions } from '../../cli/output/terminal.ts';
import { checkRemote, isRemote, type TransportCheck } from '../../replication/transport/configured.ts';
import { readEpochs } from '../regions/read-regions.ts';

type CheckedStream = TransportCheck['streams'][number];

export function addTransportCommand(program: Command): void {
  const transport = program
    .command('transport')
    .summary('look at what is between regions and central')
    .description('Looks after what is between regions and central: NATS, where NATS_URL names a server.');
  withOutputOptions(
    transport
      .command('check')
      .summary('say which streams there are and what differs')
      .description(
        'Says which streams and consumers there are in NATS, what is on its way in them, and what differs from what relays and central ' +
          'would make; exits 1 if anything does. Changes nothing: npx meridian relay run and npx meridian central run make and mend them when they start.',
      ),
  ).action(async (options: OutputOptions) => {
    process.exitCode = await check(options);
  });
}

async function check(options: OutputOptions): Promise<number> {
  const output = new Output(options);
  if (!isRemote()) {
    output.say(
      'Regions and central are in one process, for NATS_URL is not set. There is nothing in between to check.',
    );
    output.json({ transport: 'in process' });
    return 0;
  }
  const result = await checkRemote(await currentEpochs(output));
  const { streams, server, version, isCentralThere, isAsWanted } = result;
  output.say(`NATS ${version} at ${server}; ${isCentralThere ? 'central is at work' : 'no central answers'}`);
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
    output.say('There are no streams, and no region has a database here that would need one.');
  }
  output.json({ transport: 'nats', ...result });
  return isAsWanted ? 0 : FAILED;
}

/** Of the regions whose databases can be opened here. */
async function currentEpochs(output: Output): Promise<{ region: string; epoch: number }[]> {
  return (await readEpochs()).flatMap((result) => {
    if ('error' in result) {
      output.complain(printableLines(`${result.name} is left out: ${result.error.message}`));
      return [];
    }
    return result.value === undefined ? [] : [{ region: result.name, epoch: result.value }];
  });
}

function stateOf({ differences, isCurrent }: CheckedStream): string {
  if (differences.length === 0) {
    return isCurrent ? 'as it should be' : 'of an earlier epoch';
  }
  return differences
    .map(({ what, is, wanted }) =>
      is === 'missing' ? `no ${what}, ${wanted}` : `${what} ${valueText(what, is)}, not ${valueText(what, wanted)}`,
    )
    .join('; ');
}

/** JetStream has times in nanoseconds. */
function valueText(what: string, value: unknown): string {
  if (/_(wait|window|age)$/.test(what) && typeof value === 'number') {
    return `${value / 1e9} s`;
  }
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));
}
