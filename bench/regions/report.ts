/** The report for people: REGIONS.md. */
import { type Summary, summarize } from '../figures.ts';
import { megabytes, percent, table, whole } from '../markdown.ts';
import { aimsTable, machineTables } from '../report.ts';
import { aims, productsOf } from './aims.ts';
import type { Clients } from './clients.ts';
import type { Backlog, Draining } from './draining.ts';
import type { Findings } from './findings.ts';
import type { Lag } from './lag.ts';
import type { Nats } from './nats.ts';
import type { Placing, Side } from './placing.ts';
import type { Share } from './profile.ts';

/** Smaller shares are added up in one row. */
const LEAST_SHARE = 0.02;

const NOTES = `- Two sides of a ratio take turns on the same machine, in an order that differs from round to round, and a ratio is the
  median of the ratios of turns of one round. No other contestant runs during a turn.
- There are 1,000 users, 1,000 products and a stock of each, loaded and received by Meridian itself. Every order is of a
  user and of products that are drawn again.
- Spread is (most − least) / median.`;

const PLACING_NOTES = `Both sides are one process that places one order after the other into a file with a write-ahead log and
\`synchronous = full\`, and sees in two other files whether the user and the products are there. Both run the same
statements and write the same rows: the key, the stock, an order a product, an event an order, an event a product and one with the document. By
hand they are prepared once and the values handed over as they are. Meridian also checks the request by the rules of the
entities, builds on MikroORM and Kysely, so that the same code runs on PostgreSQL, and tries again what another
process was in the way of. A transaction waits for the disk once in either case: the faster the disk, the more of the
time is the processor's, and the lower the ratio.`;

const DRAINING_NOTES = `Half of the events are of orders, half of the stock that they took; they were written by the functions that
orders are placed with. One process ships them as \`meridian sync\` does, and commits each batch in the region and
in central. The first 10,000 are not counted. Memory is the high-water mark of that whole process.`;

const LAG_NOTES = `A region and a sync that runs on, in one process. An order is placed when central has the one before and after a pause of
up to 100 ms. The time is that from the commit of the order to the commit of its three events in central.`;

const NATS_NOTES = `A relay, a nats-server that stores in a file, and central are a process each, on the same machine, with SQLite files. The relay begins
with the whole backlog; the clock runs from the 10,000th event that central has committed to the last. Central's processor time is that of
the same span, the relay's that of all its life. For the lag, a fourth process places an order every 50 to 150 ms; the time is that from the commit of the
order to the commit in central, which the relay finds by looking every 40 ms.`;

const CLIENTS_NOTES = `\`pgbench\` runs the statements of \`regions/place.pgbench.sql\`, prepared (\`--protocol=prepared\`), with as many clients and for as long.
All databases are on one server, on this machine; what the clients use of its processors, the server does not have.`;

export function report(findings: Findings): string {
  const { placing = [], draining, lag, nats, clients, command, date, rounds, seed } = findings;
  const parts = [
    '# Benchmark of regions and central',
    `Made by \`npm run bench\` on ${date}. Do not edit.`,
    `\`\`\`sh\n${command}\n\`\`\``,
    ...machineTables(findings),
    `${whole(rounds)} rounds, seed ${seed}.`,
    ...(placing.length > 0 ? ofPlacing(placing) : []),
    ...(draining ? ofDraining(draining) : []),
    ...(lag ? ofLag(lag) : []),
    ...(nats ? ofNats(nats) : []),
    ...(clients ? ofClients(clients) : []),
    ...aimsTable(aims(findings)),
    '## How it is measured',
    NOTES,
    'The raw figures are in `regions.json`.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function ofPlacing(placing: readonly Placing[]): string[] {
  const row = (who: string, { items, orders }: Placing, side: Side, ratio: number) => [
    productsOf(items),
    who,
    whole(orders),
    ...ratesOf(side.ordersPerSecond),
    side.cpuMillisecondsPerOrder.toFixed(2),
    side.waitMillisecondsPerOrder.toFixed(2),
    ratio.toFixed(2),
  ];
  return [
    '## Orders placed in one region, on SQLite',
    table(
      [
        'an order of',
        '',
        'orders a turn',
        ...RATES('orders'),
        'CPU ms / order',
        'waiting ms / order',
        'speed / by hand',
      ],
      placing.flatMap((one) => [
        row('better-sqlite3 by hand', one, one.byHand, 1),
        row('Meridian', one, one.meridian, one.ratio),
      ]),
      [false, false, true, true, true, true, true, true, true, true],
    ),
    PLACING_NOTES,
    'Where Meridian’s time goes:',
    sharesTable(placing.map(({ items, profile }) => ({ title: productsOf(items), profile }))),
  ];
}

function ofDraining({ small, large, ratio, profile }: Draining): string[] {
  const row = ({ events, drains, eventsPerSecond, cpuMicrosecondsPerEvent, peakBytes }: Backlog, relative: number) => [
    whole(events),
    whole(drains.length),
    ...ratesOf(eventsPerSecond),
    cpuMicrosecondsPerEvent.toFixed(1),
    megabytes(peakBytes),
    relative.toFixed(2),
  ];
  return [
    '## Events to central, on SQLite',
    table(
      ['backlog', 'drains', ...RATES('events'), 'CPU µs / event', 'peak MB', 'rate / that of the small one'],
      [row(small, 1), row(large, ratio)],
      [true, true, true, true, true, true, true, true, true],
    ),
    DRAINING_NOTES,
    'Where the time goes:',
    sharesTable([{ title: `${whole(large.events)} events`, profile }]),
  ];
}

function ofNats(nats: Nats | { readonly reason: string }): string[] {
  const title = '## Events to central through NATS JetStream';
  if ('reason' in nats) {
    return [title, `Not measured: ${nats.reason}.`];
  }
  const { drains, eventsPerSecond, lag, version } = nats;
  const each = (seconds: (drain: (typeof drains)[number]) => number) =>
    summarize(drains.map((drain) => (1e6 * seconds(drain)) / drain.events)).median.toFixed(1);
  return [
    title,
    `nats-server ${version}, one replica.`,
    table(
      ['events', 'drains', ...RATES('events'), 'CPU µs / event, central', 'CPU µs / event, relay'],
      [
        [
          whole(drains[0]?.events ?? 0),
          whole(drains.length),
          ...ratesOf(eventsPerSecond),
          each(({ centralCpuSeconds }) => centralCpuSeconds),
          each(({ relayCpuSeconds }) => relayCpuSeconds),
        ],
      ],
      [true, true, true, true, true, true, true, true],
    ),
    lagTable(lag),
    NATS_NOTES,
  ];
}

function ofLag(lag: Lag): string[] {
  return ['## From the commit in an idle region to the commit in central', lagTable(lag), LAG_NOTES];
}

function lagTable({ orders, milliseconds }: Lag): string {
  return table(
    ['orders', 'p50 ms', 'p90 ms', 'p99 ms', 'most ms'],
    [[whole(orders), ...Object.values(milliseconds).map((value) => value.toFixed(1))]],
    [true, true, true, true, true],
  );
}

function ofClients(clients: Clients | { readonly reason: string }): string[] {
  const title = '## Orders of many clients at once, on PostgreSQL';
  if ('reason' in clients) {
    return [title, `Not measured: ${clients.reason}.`];
  }
  const { versions, lines, seconds, profile } = clients;
  return [
    title,
    `${clients.clients} clients in all, ${seconds} s a turn; a server of version ${versions.server}, pgbench ${versions.pgbench}.`,
    table(
      ['', ...RATES('orders'), 'processors busy with Node.js', 'speed / pgbench'],
      lines.map((line) => [
        line.title,
        ...ratesOf(line.ordersPerSecond),
        line.cpus === undefined ? '–' : line.cpus.toFixed(2),
        line.ratio.toFixed(2),
      ]),
      [false, true, true, true, true, true, true],
    ),
    CLIENTS_NOTES,
    'Where the time of the one process goes; sending a statement to the server, and receiving what it answers, is Node.js:',
    sharesTable([{ title: `${clients.clients} clients`, profile }]),
  ];
}

const RATES = (what: string) => [`median ${what}/s`, 'least', 'most', 'spread'];

function ratesOf({ median, least, most, spread }: Summary): string[] {
  return [whole(median), whole(least), whole(most), percent(spread)];
}

/** A column a profile, in the order of the first. */
export function sharesTable(
  profiles: readonly { readonly title: string; readonly profile: readonly Share[] }[],
): string {
  const groups = [...new Set(profiles.flatMap(({ profile }) => profile.map(({ group }) => group)))];
  const shareOf = (profile: readonly Share[], group: string) => profile.find((one) => one.group === group)?.share ?? 0;
  const shown = groups.filter((group) => profiles.some(({ profile }) => shareOf(profile, group) >= LEAST_SHARE));
  const rest = (profile: readonly Share[]) => 1 - shown.reduce((sum, group) => sum + shareOf(profile, group), 0);
  return table(
    ['code', ...profiles.map(({ title }) => title)],
    [
      ...shown.map((group) => [group, ...profiles.map(({ profile }) => percent(shareOf(profile, group)))]),
      ['all else', ...profiles.map(({ profile }) => percent(Math.max(0, rest(profile))))],
    ],
    [false, ...profiles.map(() => true)],
  );
}
