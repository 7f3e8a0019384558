/** The options of the benchmark. */
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { bench } from './places.ts';

export const HELP = `npm run bench -- [options]

Loads the same three files (users, products, orders) with Meridian and with other tools, as whole processes, in turn.

  --records <n>      records in each of the three files (default: 1000000)
  --rounds <n>       counted rounds, after one that is not (default: 5)
  --only <names>     contestants, with commas in between (default: all)
                     meridian, sqlite3, better-sqlite3, typeorm, drizzle, mikro-orm
  --seed <n>         makes the files and the order within a round (default: 1)
  --scale <n>        also load this many records with Meridian alone, and compare cost and memory
  --postgres <url>   also compare with psql \\copy, on a server where databases may be created
  --out <file>       the report; the picture and the raw figures go beside it (default: bench/RESULTS.md)
  --help             print this
`;

export interface Options {
  readonly records: number;
  readonly rounds: number;
  /** Undefined for all of them. */
  readonly only: readonly string[] | undefined;
  readonly seed: number;
  readonly scale: number | undefined;
  readonly postgres: string | undefined;
  readonly report: string;
  readonly picture: string;
  readonly raw: string;
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
      out: { type: 'string', default: join(bench, 'RESULTS.md') },
      help: { type: 'boolean', default: false },
    },
  });
  const folder = dirname(values.out);
  return {
    records: natural('records', values.records),
    rounds: natural('rounds', values.rounds),
    only: values.only?.split(',').map((name) => name.trim()),
    seed: natural('seed', values.seed),
    scale: values.scale === undefined ? undefined : natural('scale', values.scale),
    postgres: values.postgres,
    report: values.out,
    picture: join(folder, 'results.svg'),
    raw: join(folder, 'results.json'),
    help: values.help,
  };
}

function natural(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new Error(`--${option} takes a whole number from 1 to 999999999, not "${text}".`);
  }
  return Number(text);
}

/** A URL without who logs in, for whoever reads the report. */
export function withoutPassword(argument: string): string {
  return argument.replace(/(postgres(?:ql)?:\/\/)[^/\s]*@/, '$1');
}
