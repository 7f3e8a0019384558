/** pgbench: PostgreSQL's own program for measuring what a server can do with given statements. */
import { join } from 'node:path';
import { commandVersion } from '../machine.ts';
import { data } from '../places.ts';
import { run } from '../process.ts';

const script = join(import.meta.dirname, 'place.pgbench.sql');

/** It works in a thread for each of so many clients. */
const CLIENTS_PER_THREAD = 8;

/** @returns what it says of itself; undefined when there is none on the PATH */
export function pgbenchVersion(): string | undefined {
  return commandVersion('pgbench')?.replace(/^\D+/, '');
}

/** @returns orders a second */
export async function runPgbench(url: string, clients: number, seconds: number): Promise<number> {
  const threads = Math.ceil(clients / CLIENTS_PER_THREAD);
  const { output } = await run(
    {
      command: 'pgbench',
      args: [
        '--no-vacuum',
        `--file=${script}`,
        `--client=${clients}`,
        `--jobs=${threads}`,
        `--time=${seconds}`,
        '--protocol=prepared',
        url,
      ],
    },
    data,
  );
  return transactionsPerSecond(output);
}

/** Without the time that connecting took. @throws Error for output that is no report of pgbench, or reports failures */
export function transactionsPerSecond(output: string): number {
  const failed = /number of failed transactions: (\d+)/.exec(output)?.[1] ?? '0';
  const rate = /^tps = ([\d.]+) \(without initial connection time\)$/m.exec(output)?.[1];
  if (rate === undefined || failed !== '0') {
    throw new Error(`pgbench did not do what it was to do:\n${output.slice(-2000)}`);
  }
  return Number(rate);
}
