/** Detects work that can never settle. */
import process from 'node:process';

/**
 * Awaits `work`. If nothing in the event loop can settle it, Node.js would end the process with exit code 13 and no message.
 *
 * @param conclude reports the error in that case, and returns the exit code
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
