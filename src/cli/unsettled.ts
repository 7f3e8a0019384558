/** The end of a process whose work waits for something that can no longer come. */
import process from 'node:process';

/**
 * Awaits `work`. When nothing is left that could settle it, Node would end the process with exit code 13 and without a word.
 *
 * @param conclude is given the error in that case, and returns the exit code
 */
export async function untilSettled(work: Promise<number>, conclude: (error: Error) => number): Promise<number> {
  const end = () => {
    process.exitCode = conclude(
      new Error('The command stopped before its end: it was waiting for something that could no longer happen.'),
    );
  };
  process.once('beforeExit', end);
  try {
    return await work;
  } finally {
    process.off('beforeExit', end);
  }
}
