/** Runs long-running commands. */
import type { Health } from '../shared/health/serve.ts';
import { untilInterrupted } from './interruption.ts';
import { type HealthOptions, withHealth } from './options/health.options.ts';
import { startTally, type Tally } from './output/tally.ts';
import type { Output } from './output/terminal.ts';

export interface Service {
  readonly health: () => Promise<Health>;
  /** A verb for the counted events, such as `shipped`. */
  readonly done: string;
  /** The message when the command is asked to stop. */
  readonly stopping: string;
  /** Runs until the signal is aborted. */
  readonly run: (signal: AbortSignal, tally: Tally) => Promise<void>;
}

/** Serves the health check, if a port is given, and prints the counts about once a second. @returns the exit code */
export async function serve(
  options: HealthOptions,
  output: Output,
  { health, done, stopping, run }: Service,
): Promise<number> {
  const tally = startTally(output, done);
  const work = () =>
    untilInterrupted(
      () => output.note(stopping),
      (signal) => run(signal, tally),
    );
  try {
    await withHealth(options, output, health, work);
  } finally {
    tally.end();
  }
  return 0;
}
