/** What the commands that run on have in common: where they tell how they are. */
import { type Command, InvalidArgumentError } from 'commander';
import { MeridianError } from '../../shared/errors.ts';
import { type Health, serveHealth } from '../../shared/health/serve.ts';
import type { Output } from '../output/terminal.ts';

/** Of this machine only. */
const DEFAULT_HOST = '127.0.0.1';

export interface HealthOptions {
  readonly health?: number;
  readonly healthHost?: string;
}

export function withHealthOptions(command: Command): Command {
  return command
    .option('--health <port>', 'answer GET /health on this port, 200 or 503, with JSON that says how it is', portOf)
    .option('--health-host <address>', `with --health: on this address (default: ${DEFAULT_HOST})`, hostOf);
}

/** Tells health while the work lasts, if that is asked for. */
export async function withHealth<T>(
  { health: port, healthHost }: HealthOptions,
  output: Output,
  health: () => Promise<Health>,
  work: () => Promise<T>,
): Promise<T> {
  if (port === undefined) {
    if (healthHost !== undefined) {
      throw new MeridianError(
        'usage',
        '--health-host says where health is told, and --health <port> that it is. Name the port as well.',
      );
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

function hostOf(text: string): string {
  // an empty one, such as of a variable that is not set, would be every address that there is
  if (text.trim() === '') {
    throw new InvalidArgumentError('It has to be an address, such as 127.0.0.1 or, for all that there are, 0.0.0.0.');
  }
  return text;
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) {
    throw new InvalidArgumentError('It has to be a port from 1 to 65535, or 0 for one that is free.');
  }
  return port;
}
