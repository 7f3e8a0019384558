/** What commands have in common that run until they are stopped. */
import type { Health } from '../shared/health/serve.ts';
import { untilInterrupted } from './interruption.ts';
import { type HealthOptions, withHealth } from './options/health.options.ts';
import { startTally, type Tally } from './output/tally.ts';
import type { Output } from './output/terminal.ts';

export interface Service {
  readonly health: () => Promise<Health>;
  /** What becomes of the events that it counts, such as `shipped`. */
  readonly done: string;
  /** Said when it is told to stop. */
  readonly stopping: string;
  /** Goes on until the signal is aborted. */
  readonly run: (signal: AbortSignal, tally: Tally) => Promise<void>;
}

/** Tells health, if that is asked for, and about once a second what has been counted. @returns the exit code */
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
