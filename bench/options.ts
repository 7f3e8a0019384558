/** The options of the benchmark. */
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { HTTP_PARTS, type HttpPart } from './http/findings.ts';
import { bench } from './places.ts';
import { PARTS, type Part } from './regions/findings.ts';

/** Name all parts together. */
const REGIONS = 'regions';
const HTTP = 'http';

export const HELP = `npm run bench -- [options]

Loads the same three files (users, products, orders) with Meridian and with other tools, as whole processes, in turn.
Then measures regions that place orders and ship them to central, and the HTTP API.

  --rounds <n>       counted rounds, after one that is not (default: 5)
  --seed <n>         makes the files, the orders and the order within a round (default: 1)
  --only <names>     with commas in between (default: all); of what loads files
                       meridian, sqlite3, sqlite-utils (one run), duckdb, better-sqlite3, typeorm, drizzle, mikro-orm
                     and of regions, all of which are named by "regions"
                       placing   orders a second on SQLite, relative to the same by hand
                       draining  events a second to central, of a small and of a large backlog
                       lag       how soon central has an order of an idle region
                       nats      events a second to central through a nats-server, and how soon one is there
                       clients   orders a second of 16 clients on PostgreSQL, relative to pgbench (--postgres)
                     and of the HTTP API, all of which are named by "http"
                       checkouts orders a second of 64 connections, relative to a server by hand
                       reads     reads of one row a second, relative to a server by hand
                       uploads   time of an upload, relative to populate
                       page      first paint and frames of a list of 10,000 rows, in Chromium
  --against <folder> compare this checkout with another one of Meridian instead, by turns, and print the ratios
  --postgres <url>   also compare with psql \\copy and with pgbench, on a server where databases may be created
  --out <file>       the report of loading; the picture, the raw figures, and the reports of regions (REGIONS.md) and
                     of the HTTP API (HTTP.md) go beside it (default: bench/RESULTS.md)
  --help             print this

Loading files:
  --records <n>      records in each of the three files, and of an upload (default: 1000000)
  --scale <n>        also load this many records with Meridian alone, and compare cost and memory

Regions:
  --orders <n>       orders of a turn on SQLite (default: 2000)
  --events <n>       events of the large backlog (default: 1000000)
  --seconds <n>      of a turn on PostgreSQL, and of one of the HTTP API (default: 10)
`;

export interface Options {
  readonly records: number;
  readonly rounds: number;
  /** Who loads files; undefined for all of them, and none where only regions are to be measured. */
  readonly only: readonly string[] | undefined;
  /** What is measured of regions. */
  readonly parts: readonly Part[];
  /** What is measured of the HTTP API. */
  readonly httpParts: readonly HttpPart[];
  readonly orders: number;
  readonly events: number;
  readonly seconds: number;
  readonly seed: number;
  readonly scale: number | undefined;
  readonly postgres: string | undefined;
  /** Another checkout of Meridian. */
  readonly against: string | undefined;
  readonly report: string;
  readonly picture: string;
  readonly raw: string;
  readonly regionsReport: string;
  readonly regionsRaw: string;
  readonly httpReport: string;
  readonly httpRaw: string;
  readonly help: boolean;
}

/** @throws Error for an option that there is not, or a number that is none */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string' },
      seed: { type: 'string', default: '1' },
      scale: { type: 'string' },
      postgres: { type: 'string' },
      against: { type: 'string' },
      orders: { type: 'string', default: '2000' },
      events: { type: 'string', default: '1000000' },
      seconds: { type: 'string', default: '10' },
      out: { type: 'string', default: join(bench, 'RESULTS.md') },
      help: { type: 'boolean', default: false },
    },
  });
  const folder = dirname(values.out);
  return {
    records: natural('records', values.records),
    rounds: natural('rounds', values.rounds),
    ...chosen(values.only?.split(',').map((name) => name.trim())),
    orders: natural('orders', values.orders),
    events: natural('events', values.events),
    seconds: natural('seconds', values.seconds),
    seed: natural('seed', values.seed),
    scale: values.scale === undefined ? undefined : natural('scale', values.scale),
    postgres: values.postgres,
    against: values.against,
    report: values.out,
    picture: join(folder, 'results.svg'),
    raw: join(folder, 'results.json'),
    regionsReport: join(folder, 'REGIONS.md'),
    regionsRaw: join(folder, 'regions.json'),
    httpReport: join(folder, 'HTTP.md'),
    httpRaw: join(folder, 'http.json'),
    help: values.help,
  };
}

/** Names that are not of regions are checked by the part that knows the contestants that load. */
function chosen(names: readonly string[] | undefined): Pick<Options, 'only' | 'parts' | 'httpParts'> {
  if (names === undefined) {
    return { only: undefined, parts: PARTS, httpParts: HTTP_PARTS };
  }
  return {
    only: names.filter((name) => name !== REGIONS && name !== HTTP && !isPart(name)),
    parts: PARTS.filter((part) => names.includes(part) || names.includes(REGIONS)),
    httpParts: HTTP_PARTS.filter((part) => names.includes(part) || names.includes(HTTP)),
  };
}

function isPart(name: string): boolean {
  return [...PARTS, ...HTTP_PARTS].some((part) => part === name);
}

function natural(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new Error(`--${option} takes a whole number from 1 to 999999999, not "${text}".`);
  }
  return Number(text);
}

/** A URL without its credentials, for the report. */
export function withoutPassword(argument: string): string {
  return argument.replace(/(postgres(?:ql)?:\/\/)[^/\s]*@/, '$1');
}
