/** What the commands that run on have in common: where they tell how they are. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Health, serveHealth } from '../health/serve.ts';
import type { Output } from './terminal.ts';

export interface HealthOptions {
  readonly health?: number;
  readonly healthHost: string;
}

export function withHealthOptions(command: Command): Command {
  return command
    .option('--health <port>', 'answer GET /health on this port, 200 or 503, with JSON that says how it is', portOf)
    .option('--health-host <address>', 'on this address', '127.0.0.1');
}

/** Tells health while the work lasts, if that is asked for. */
export async function withHealth<T>(
  { health: port, healthHost }: HealthOptions,
  output: Output,
  health: () => Promise<Health>,
  work: () => Promise<T>,
): Promise<T> {
  if (port === undefined) {
    return work();
  }
  const server = await serveHealth({ port, host: healthHost, health });
  output.note(`health: ${server.url}`);
  try {
    return await work();
  } finally {
    await server.close();
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) {
    throw new InvalidArgumentError('It has to be a port from 1 to 65535, or 0 for one that is free.');
  }
  return port;
}
