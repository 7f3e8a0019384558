/** The health check options of long-running commands. */
import type { Command } from 'commander';
import { MeridianError } from '../../shared/errors.ts';
import { type Health, serveHealth } from '../../shared/health/serve.ts';
import type { Output } from '../output/terminal.ts';
import { hostOf, portOf } from './address.ts';

/** The default address, which only this machine can reach. */
const DEFAULT_HOST = '127.0.0.1';

/** The parsed options of {@link withHealthOptions}. */
export interface HealthOptions {
  readonly health?: number;
  readonly healthHost?: string;
}

/** Adds `--health <port>` and `--health-host <address>` to a command that {@link serve} runs. */
export function withHealthOptions(command: Command): Command {
  return command
    .option('--health <port>', 'answer GET /health on this port with 200 or 503 and a JSON status', portOf)
    .option('--health-host <address>', `with --health: on this address (default: ${DEFAULT_HOST})`, hostOf);
}

/** Serves the health check while the work runs, if a port is given. */
export async function withHealth<T>(
  { health: port, healthHost }: HealthOptions,
  output: Output,
  health: () => Promise<Health>,
  work: () => Promise<T>,
): Promise<T> {
  if (port === undefined) {
    if (healthHost !== undefined) {
      throw new MeridianError('usage', '--health-host needs --health <port>. Name the port as well.');
    }
    return work();
  }
  const server = await serveHealth({ port, host: healthHost ?? DEFAULT_HOST, health });
  output.note(`health: ${server.url}`);
  try {
    return await work();
  } finally {
    await server.close();
  }
}
